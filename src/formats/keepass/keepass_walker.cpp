// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// KeePass databases, KDB and KDBX 3.1 and 4. Source: keepass.info, "KDBX file format specification" and its sources.
//
//   kdb    = 03 D9 A2 9A 65 FB 4B B5 flags(4) version(4) seed(16) iv(16) groups(4) entries(4) digest(32) seed(32)
//   rounds(4)
//            ciphertext in whole blocks of 16
//   kdbx   = 03 D9 A2 9A 67 FB 4B B5 minor(2) major(2) field* payload;  field = id(1) length(2, in version 4: 4) value
//   3.1    : payload is ciphertext in whole blocks of 16
//   4      : sha256 of all before(32) hmac(32) block*; block = hmac(32) length(4) ciphertext; the last one is empty
#include "formats/keepass/keepass_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/checksum.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"kdbx", Promise::firm}, NameClaim{"kdb", Promise::loose}};
constexpr std::string_view k_kdb_magic = "\x03\xD9\xA2\x9A\x65\xFB\x4B\xB5"sv;
constexpr std::string_view k_kdbx_magic = "\x03\xD9\xA2\x9A\x67\xFB\x4B\xB5"sv;
constexpr std::string_view k_beta_magic = "\x03\xD9\xA2\x9A\x66\xFB\x4B\xB5"sv;
constexpr std::uint64_t k_kdb_header_bytes = 124;
constexpr std::uint64_t k_digest_bytes = 32;
constexpr std::uint64_t k_cipher_block_bytes = 16;
constexpr std::uint64_t k_fields_max = 256;
constexpr std::uint64_t k_field_bytes_believed_max = 1024;
constexpr std::uint64_t k_block_bytes_max = std::uint64_t{1} << 20;  // KDBX 4, as its writers have it

Likeness recognise(const Edges& edges) {
  const bool known =
      edges.head.matches(0, k_kdbx_magic) || edges.head.matches(0, k_kdb_magic) || edges.head.matches(0, k_beta_magic);
  return known ? Likeness::strong : Likeness::none;
}

WalkReport tell_blocks(const WalkInput& input, std::uint64_t from, std::string_view kind, WalkReport report) {
  const std::uint64_t payload = input.size_bytes() - from;
  report.region(0, from, RegionKind::structured);
  report.region(from, input.size_bytes(), RegionKind::compressed);
  if (payload == 0 || payload % k_cipher_block_bytes != 0) {
    report.breaks("keepass.length", fmt::format("{} bytes from byte {} on are no whole cipher blocks", payload, from),
                  {.from = from, .to = input.size_bytes()});
    return report;
  }
  report.shape = Shape::sealed;
  report.reach = Reach::frame;
  report.holds("keepass.blocks", fmt::format("{} header and {} cipher blocks", kind, payload / k_cipher_block_bytes));
  return report;
}

WalkReport walk_kdb(WalkInput& input) {
  WalkReport report;
  if (input.size_bytes() < k_kdb_header_bytes) {
    report.breaks("keepass.header", fmt::format("{} bytes, the header has {}", input.size_bytes(), k_kdb_header_bytes));
    return report;
  }
  return tell_blocks(input, k_kdb_header_bytes, "KDB", std::move(report));
}

struct HeaderFields {
  std::uint64_t end = 0;     // first byte behind them; 0 when they do not fit
  bool ends_inside = false;  // they do up to the end of the content
};

HeaderFields read_header_fields(WalkInput& input, std::uint16_t major) {
  const std::uint64_t length_bytes = major >= 4 ? 4 : 2;
  std::uint64_t at = 12;
  for (std::uint64_t fields = 0; fields < k_fields_max && input.may_continue(); ++fields) {
    const ByteView field = input.at(at, 5);
    const std::uint64_t length = major >= 4 ? field.le32(1) : field.le16(1);
    if (field.size() < 1 + length_bytes) return {.ends_inside = true};
    if (field.u8(0) > 13) return {};
    if (length > input.size_bytes() - at - 1 - length_bytes)
      return {.ends_inside = length <= k_field_bytes_believed_max};
    at += 1 + length_bytes + length;
    if (field.u8(0) == 0) return {.end = at};
  }
  return {};
}

/// Header digest and HMAC blocks up to the empty one.
WalkReport walk_version_4(WalkInput& input, std::uint64_t header_end, WalkReport report) {
  const std::uint64_t size = input.size_bytes();
  base::Sha256 digest;
  for (std::uint64_t at = 0; at < header_end;) {
    const ByteView piece = input.at(at, static_cast<std::size_t>(std::min<std::uint64_t>(header_end - at, 64 * 1024)));
    if (piece.empty() || !input.may_continue()) break;
    digest.update(piece);
    at += piece.size();
  }
  const base::Sha256Digest expected = digest.finish();
  if (input.at(header_end, k_digest_bytes).text() != ByteView(std::span<const std::uint8_t>(expected)).text()) {
    report.breaks("keepass.header-digest", "the digest does not fit the header",
                  {.from = 0, .to = std::min(size, header_end + k_digest_bytes)});
    return report;
  }
  std::uint64_t at = header_end + 2 * k_digest_bytes;
  std::uint64_t blocks = 0;
  report.region(0, header_end, RegionKind::verified);
  while (input.may_continue()) {
    const ByteView header = input.at(at, k_digest_bytes + 4);
    const std::uint64_t length = header.le32(k_digest_bytes);
    if (header.size() < k_digest_bytes + 4 || length > size - at - header.size()) {
      const bool ends_inside = header.size() < k_digest_bytes + 4 || length <= k_block_bytes_max;
      report.breaks(ends_inside ? "keepass.cut" : "keepass.blocks",
                    fmt::format("no block that fits at byte {} behind {} whole ones", at, blocks),
                    {.from = std::min(at, size), .to = size});
      return report;
    }
    report.region(at, at + header.size() + length, RegionKind::compressed);
    at += header.size() + length;
    ++blocks;
    if (length == 0) {
      report.end_bytes = at;
      break;
    }
  }
  report.shape = Shape::sealed;
  report.reach = report.end_bytes ? Reach::frame : Reach::opening;
  report.holds("keepass.blocks", fmt::format("the header's digest fits, {} blocks end at byte {}", blocks, at));
  return report;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (head.matches(0, k_kdb_magic)) return walk_kdb(input);
  if (!head.matches(0, k_kdbx_magic) && !head.matches(0, k_beta_magic)) return report;
  const std::uint16_t major = head.le16(10);
  const HeaderFields fields = major >= 1 && major <= 4 ? read_header_fields(input, major) : HeaderFields();
  if (input.stopped()) return report;
  if (fields.end == 0) {
    report.breaks(fields.ends_inside ? "keepass.cut" : "keepass.header",
                  fmt::format("the fields of a version {} header do not fit", major),
                  {.from = 0, .to = std::min<std::uint64_t>(input.size_bytes(), 512)});
    return report;
  }
  if (major < 4) return tell_blocks(input, fields.end, "KDBX 3", std::move(report));
  return walk_version_4(input, fields.end, std::move(report));
}

}  // namespace

const Format k_keepass_format = {.id = "keepass",
                                 .title = "KeePass database",
                                 .family = Family::owner_encrypted,
                                 .claims = k_claims,
                                 .recognise = recognise,
                                 .walk = walk};

}  // namespace lastgood::formats
