// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "exposure/shown_access.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/human.h"
#include "os/evidence.h"

namespace lastgood::exposure {

namespace {

constexpr std::uint64_t k_looked_through_max = std::uint64_t{4} << 30;
constexpr std::size_t k_piece_bytes = std::size_t{1} << 20;

}  // namespace

std::string_view name_of(Reach reach) {
  switch (reach) {
    case Reach::files: return "files";
    case Reach::share: return "share";
    case Reach::host: return "host";
    case Reach::database: return "database";
    case Reach::flow: break;
  }
  return "flow";
}

std::string place_words(const ShownStatement& statement) {
  const std::string where =
      statement.line ? fmt::format("line {}", *statement.line) : fmt::format("byte {}", statement.offset_bytes);
  const std::string& path = statement.log.path;
  const bool is_taken = !statement.log.evidence_id.empty();
  // Evidence may be a folder of logs: the file is named too.
  return fmt::format("the timeline: {} of '{}' ({}), {}", where,
                     base::printable(is_taken ? path.substr(path.rfind('/') + 1) : path),
                     base::printable(statement.log.parser),
                     is_taken ? "evidence " + statement.log.evidence_id : "which is not taken as evidence");
}

std::optional<std::uint64_t> find_line(const std::string& path, std::uint64_t offset_bytes) {
  if (offset_bytes > k_looked_through_max) return std::nullopt;
  const std::size_t name_at = path.rfind('/');
  if (name_at == std::string::npos) return std::nullopt;
  const auto folder = os::open_evidence_root(name_at == 0 ? "/" : path.substr(0, name_at));
  if (!folder.ok()) return std::nullopt;
  auto file = os::open_evidence_file(folder.value(), path.substr(name_at + 1), path);
  if (!file.ok() || file.value().size_bytes() <= offset_bytes) return std::nullopt;
  std::uint64_t lines = 1;
  std::uint8_t before = '\n';
  std::vector<std::uint8_t> piece(k_piece_bytes);
  for (std::uint64_t at = 0; at < offset_bytes;) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), offset_bytes - at));
    const auto got = file.value().read(at, std::span(piece).first(count));
    if (!got.ok() || got.value() == 0) return std::nullopt;
    // A packed log's offsets are those of what it unpacks to.
    if (at == 0 && got.value() >= 2 && piece[0] == 0x1f && piece[1] == 0x8b) return std::nullopt;
    const auto end = piece.begin() + static_cast<std::ptrdiff_t>(got.value());
    lines += static_cast<std::uint64_t>(std::count(piece.begin(), end, static_cast<std::uint8_t>('\n')));
    before = piece[got.value() - 1];
    at += got.value();
  }
  if (before != '\n') return std::nullopt;
  return lines;
}

}  // namespace lastgood::exposure
