// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A loose object is named by its content: the folder's two digits and the file's 38 (62) are the digest of what it
// decodes to. 38 digits that agree prove every byte.
#include "formats/git/git_object.h"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "base/checksum.h"
#include "base/digest.h"
#include "formats/codec/deflate.h"
#include "formats/decoded_unit.h"

namespace lastgood::formats {

namespace {

using base::ByteView;

constexpr std::size_t k_sha1_name_digits = 38;
constexpr std::size_t k_sha256_name_digits = 62;
constexpr std::array<std::string_view, 4> k_types = {"blob ", "tree ", "commit ", "tag "};

bool is_zlib(ByteView head) {
  return (head.u8(0) & 0x8FU) == 0x08 && head.be16(0) % 31 == 0 && (head.u8(1) & 0x20U) == 0;
}

/// Length of "TYPE SIZE\0" with a decimal size, 0 when `start` is none. `size_bytes` as stored.
std::size_t parse_object_header(std::string_view start, std::uint64_t* size_bytes) {
  const auto* type =
      std::find_if(k_types.begin(), k_types.end(), [&](std::string_view t) { return start.starts_with(t); });
  if (type == k_types.end()) return 0;
  std::uint64_t size = 0;
  for (std::size_t at = type->size(); at < start.size() && at < type->size() + 19; ++at) {
    if (start[at] == '\0' && at > type->size()) {
      *size_bytes = size;
      return at + 1;
    }
    if (start[at] < '0' || start[at] > '9') return 0;
    size = size * 10 + static_cast<std::uint64_t>(start[at] - '0');
  }
  return 0;
}

}  // namespace

bool is_named_git_object(ByteView head, std::string_view name) {
  const bool length = name.size() == k_sha1_name_digits || name.size() == k_sha256_name_digits;
  if (!length || !is_zlib(head)) return false;
  return std::all_of(name.begin(), name.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

WalkReport walk_git_object(WalkInput& input) {
  WalkReport report;
  report.format = "git-object";
  const std::uint64_t size = input.size_bytes();
  base::Digest digest(input.name().size() == k_sha256_name_digits ? base::DigestKind::sha256 : base::DigestKind::sha1);
  std::string start;
  const auto sink = [&](ByteView piece) {
    if (start.size() < 32) start.append(piece.part(0, 32).text());
    digest.update(piece);
    return true;
  };
  const std::uint64_t budget_bytes = decode_budget_bytes(input, DecodeSpeed::fast);
  const Decoded decoded = decode_deflate(input, 0, size, DeflateFrame::zlib, budget_bytes, sink);
  std::uint64_t stored_bytes = 0;
  const std::size_t header_bytes = parse_object_header(start, &stored_bytes);
  if (header_bytes == 0) return report;
  report.shape = Shape::whole;
  const UnitState state = report_decoding_to_end(report, decoded, {.from = 0, .to = size}, "git.object", "the object");
  if (state == UnitState::broken) return report;
  if (state == UnitState::not_decoded) {
    report.reach = Reach::sampled;
    report.holds("git.object",
                 fmt::format("an object of {} bytes, of which {} decode", stored_bytes, decoded.produced_bytes));
    return report;
  }
  const std::string name = base::hex(ByteView(std::span<const std::uint8_t>(digest.finish()))).substr(2);
  if (decoded.produced_bytes != stored_bytes + header_bytes || name != input.name()) {
    report.breaks("git.object-name",
                  fmt::format("the object decodes to {} bytes whose digest is not its name", decoded.produced_bytes),
                  {.from = 0, .to = size});
    return report;
  }
  report.end_bytes = decoded.consumed_bytes;
  report.reach = Reach::content;
  report.holds("git.object-name",
               fmt::format("the object decodes to {} bytes whose digest is its name", decoded.produced_bytes));
  return report;
}

}  // namespace lastgood::formats
