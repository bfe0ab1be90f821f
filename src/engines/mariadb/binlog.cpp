// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
//
//   file  = 0xFE "bin" event*        0xFD "bin" when encrypted
//   event = time(4) type(1) server(4) length(4) end(4) flags(2) ...
#include "engines/mariadb/binlog.h"

#include <algorithm>
#include <vector>

namespace lastgood::engines::mariadb {

base::Result<Binlog> read_binlog(base::ByteSource& source) {
  constexpr std::uint64_t k_header_bytes = 19;
  constexpr std::uint8_t k_query = 2;
  constexpr std::uint8_t k_commit = 16;
  constexpr std::uint64_t k_events_max = 50'000'000;
  Binlog log;
  std::vector<std::uint8_t> buffer(1U << 20);
  std::uint64_t buffer_from = 0;
  LG_ASSIGN(std::size_t got, source.read(0, buffer));
  base::ByteView view(std::span<const std::uint8_t>(buffer.data(), got));
  log.is_sealed = view.be32(0) == 0xFD62696E;
  log.is_binlog = view.be32(0) == 0xFE62696E || log.is_sealed;
  if (!log.is_binlog || log.is_sealed) return log;
  for (std::uint64_t at = 4; log.events < k_events_max; ++log.events) {
    if (at < buffer_from || at + k_header_bytes > buffer_from + got) {
      buffer_from = at;
      LG_ASSIGN(got, source.read(at, buffer));
      view = base::ByteView(std::span<const std::uint8_t>(buffer.data(), got));
    }
    const base::ByteView event = view.part(at - buffer_from, k_header_bytes);
    const std::uint64_t length = event.le32(9);
    if (event.size() < k_header_bytes || length < k_header_bytes || length > source.size_bytes() - at) return log;
    const std::uint8_t type = event.u8(4);
    if (type == k_query || type == k_commit)
      log.last_commit_s = std::max<std::int64_t>(log.last_commit_s, event.le32(0));
    at += length;
  }
  return log;
}

}  // namespace lastgood::engines::mariadb
