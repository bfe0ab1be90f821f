// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "ledger/read_ledger.h"

#include <fmt/format.h>

#include <algorithm>

#include "os/append_file.h"

namespace lastgood::ledger {

namespace {

constexpr std::size_t k_read_bytes = 1024U * 1024U;

base::Error too_short(const std::string& path, std::uint64_t has, std::uint64_t wanted) {
  return base::Error{
      .code = base::ErrorCode::damaged_container,
      .what = fmt::format("'{}' has {} bytes and once had {} or more", base::printable(path), has, wanted),
      .path = path,
      .offset_bytes = has,
      .system_errno = 0,
      .hint = {}};
}

}  // namespace

base::Result<ReadLedger> read_ledger(const std::string& path, std::span<const Anchor> anchors,
                                     const EntryVisitor& visitor) {
  LG_ASSIGN(const auto source, os::open_own_file(path));
  ReadLedger out;
  Chain chain(std::vector<Anchor>(anchors.begin(), anchors.end()),
              [&](const Entry& entry, std::string_view line, std::uint64_t offset_bytes) {
                out.tree.add(hash_leaf(base::ByteView(line)));
                out.lines.push_back({.offset_bytes = offset_bytes, .size_bytes = line.size()});
                if (visitor) visitor(entry, line, offset_bytes);
              });
  LG_TRY(chain.read_on(*source));
  chain.check_anchors_reached();
  out.state = chain.state();
  LG_ASSIGN(out.extent, find_break_extent(*source, out.state));
  return out;
}

base::Result<std::string> read_line(const std::string& path, const LineSpan& span) {
  LG_ASSIGN(const auto source, os::open_own_file(path));
  std::vector<std::uint8_t> bytes(span.size_bytes);
  LG_ASSIGN(const std::size_t count, source->read(span.offset_bytes, bytes));
  if (count < bytes.size()) return too_short(path, span.offset_bytes + count, span.offset_bytes + span.size_bytes);
  return std::string(bytes.begin(), bytes.end());
}

base::Result<base::Sha256Digest> hash_beginning(const std::string& path, std::uint64_t size_bytes) {
  LG_ASSIGN(const auto source, os::open_own_file(path));
  base::Sha256 digest;
  std::vector<std::uint8_t> chunk(k_read_bytes);
  std::uint64_t offset = 0;
  while (offset < size_bytes) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(chunk.size(), size_bytes - offset));
    LG_ASSIGN(const std::size_t count, source->read(offset, std::span<std::uint8_t>(chunk).first(wanted)));
    if (count == 0) return too_short(path, offset, size_bytes);
    digest.update(base::ByteView(std::span<const std::uint8_t>(chunk).first(count)));
    offset += count;
  }
  return digest.finish();
}

}  // namespace lastgood::ledger
