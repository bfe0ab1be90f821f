// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/unfilled_segment.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace lastgood::engines::postgresql {

namespace {

constexpr std::size_t k_header_bytes = 24;  // XLogPageHeaderData, access/xlog_internal.h

bool is_left_by_server(base::ByteView header, Lsn page) {
  const std::uint16_t magic = header.le16(0);
  const bool is_older = magic >= 0xD100 && magic <= 0xD17F && header.le64(8) < page;
  return is_older || std::all_of(header.begin(), header.end(), [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

bool is_unfilled_behind(base::ByteSource& segment, Lsn end, const ControlFile& control) {
  const std::uint64_t page_bytes = control.wal_block_bytes;
  const Lsn segment_at = end / control.wal_segment_bytes * control.wal_segment_bytes;
  const Lsn segment_end = segment_at + control.wal_segment_bytes;
  std::array<std::uint8_t, k_header_bytes> header{};
  for (Lsn page = (end + page_bytes - 1) / page_bytes * page_bytes; page < segment_end; page += page_bytes) {
    const auto got = segment.read(page - segment_at, header);
    if (!got.ok() || got.value() < header.size()) return false;
    if (!is_left_by_server(base::ByteView(std::span<const std::uint8_t>(header)), page)) return false;
  }
  return true;
}

bool is_struck_behind(base::ByteSource& segment, Lsn end, const ControlFile& control) {
  const std::uint64_t in_page = end % control.wal_block_bytes;
  std::vector<std::uint8_t> rest(in_page == 0 ? 0 : control.wal_block_bytes - in_page);
  const auto got = segment.read(end % control.wal_segment_bytes, rest);
  if (!got.ok() || got.value() < rest.size()) return true;
  const bool is_empty = std::all_of(rest.begin(), rest.end(), [](std::uint8_t byte) { return byte == 0; });
  return !is_empty || !is_unfilled_behind(segment, end, control);
}

}  // namespace lastgood::engines::postgresql
