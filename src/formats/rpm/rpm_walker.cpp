// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// RPM packages, version 3 and 4 of the file format. Specification: rpm.org "Package Format"; LSB 5.0, chapter 22.
//
//   package   = lead(96) signature-header pad-to-8 header payload
//   header    = 8E AD E8 01 reserved(4) entries(4) data-bytes(4) entry(16)* data                 big endian
//   entry     = tag(4) type(4) offset(4) count(4)
//   payload   = a cpio archive, compressed
//
// The signature holds the length of header and payload, digests of the header and MD5 of both; the header may hold the
// payload's SHA-256. So the end is known, and every byte is covered.
#include "formats/rpm/rpm_walker.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "base/checksum.h"
#include "base/digest.h"
#include "formats/zero_run.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::ByteRange;
using model::Depth;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"rpm", Promise::firm}, NameClaim{"srpm", Promise::firm}};
constexpr std::uint64_t k_lead_bytes = 96;
constexpr std::uint64_t k_preamble_bytes = 16;
constexpr std::uint32_t k_entries_max = 65'536;
constexpr std::uint32_t k_data_bytes_max = 256 * 1024 * 1024;

// Tags: of the signature, then of the header.
constexpr std::uint32_t k_long_size = 270;
constexpr std::uint32_t k_header_sha1 = 269;
constexpr std::uint32_t k_header_sha256 = 273;
constexpr std::uint32_t k_size = 1000;
constexpr std::uint32_t k_md5 = 1004;
constexpr std::uint32_t k_reserved_space = 1008;
constexpr std::uint32_t k_payload_digest = 5092;
constexpr std::uint32_t k_payload_digest_kind = 5093;
constexpr std::uint32_t k_sha256_kind = 8;

Likeness recognise(const Edges& edges) {
  const bool magic = edges.head.matches(0, "\xed\xab\xee\xdb"sv);
  return magic && edges.head.has(0, k_lead_bytes) ? Likeness::strong : Likeness::none;
}

struct Header {
  std::uint64_t from = 0;
  std::uint64_t data_from = 0;
  std::uint64_t to = 0;
  std::uint32_t entries = 0;
};

/// Preamble and every entry: types exist, offsets lie in the data.
std::optional<Header> parse_header(WalkInput& input, std::uint64_t from) {
  const ByteView preamble = input.at(from, k_preamble_bytes);
  const std::uint32_t entries = preamble.be32(8);
  const std::uint32_t data_bytes = preamble.be32(12);
  if (!preamble.matches(0, "\x8e\xad\xe8\x01"sv) || entries > k_entries_max || data_bytes > k_data_bytes_max)
    return std::nullopt;
  Header header{.from = from, .data_from = from + k_preamble_bytes + 16ULL * entries, .entries = entries};
  header.to = header.data_from + data_bytes;
  if (header.to > input.size_bytes()) return std::nullopt;
  for (std::uint32_t i = 0; i < entries; ++i) {
    if (!input.may_continue()) return std::nullopt;
    const ByteView entry = input.at(from + k_preamble_bytes + 16ULL * i, 16);
    if (entry.be32(4) > 9 || entry.be32(8) > data_bytes || entry.be32(12) == 0) return std::nullopt;
  }
  return header;
}

struct TagData {
  std::uint64_t from = 0;
  std::uint32_t count = 0;
};

std::optional<TagData> find_entry(WalkInput& input, const Header& header, std::uint32_t tag) {
  for (std::uint32_t i = 0; i < header.entries; ++i) {
    const ByteView entry = input.at(header.from + k_preamble_bytes + 16ULL * i, 16);
    if (entry.be32(0) == tag) return TagData{.from = header.data_from + entry.be32(8), .count = entry.be32(12)};
  }
  return std::nullopt;
}

/// The data of `tag` as raw bytes (at most 80), empty when the header has none.
std::string find_tag(WalkInput& input, const Header& header, std::uint32_t tag) {
  const std::optional<TagData> data = find_entry(input, header, tag);
  if (!data || data->from >= header.to) return {};
  return std::string(
      input.at(data->from, static_cast<std::size_t>(std::min<std::uint64_t>(80, header.to - data->from))).text());
}

/// Room for signatures that were not made: zeros, which no digest covers.
void check_reserved(WalkInput& input, WalkReport& report, const Header& signature) {
  const std::optional<TagData> data = find_entry(input, signature, k_reserved_space);
  if (!data || data->from > signature.to || data->count > signature.to - data->from) return;
  if (zero_run_bytes(input, data->from, data->count) == data->count || input.stopped()) return;
  report.breaks("rpm.reserved",
                fmt::format("the {} bytes reserved for signatures at byte {} are not zero", data->count, data->from),
                {.from = data->from, .to = data->from + data->count});
}

enum class DigestState : std::uint8_t { fits, wrong, absent };

/// `stored`: hexadecimal text with a NUL behind it, or raw bytes for MD5.
DigestState check_digest(WalkInput& input, ByteRange range, base::DigestKind kind, const std::string& stored) {
  if (stored.empty()) return DigestState::absent;
  base::Digest digest(kind);
  std::uint64_t at = range.from;
  while (at < range.to) {
    if (!input.may_continue(64)) return DigestState::absent;
    const ByteView piece = input.at(at, static_cast<std::size_t>(std::min<std::uint64_t>(range.to - at, 256 * 1024)));
    if (piece.empty()) return DigestState::absent;
    digest.update(piece);
    at += piece.size();
  }
  const std::vector<std::uint8_t> computed = digest.finish();
  const ByteView bytes{std::span<const std::uint8_t>(computed)};
  const std::string expected = kind == base::DigestKind::md5 ? std::string(bytes.text()) : base::hex(bytes);
  return stored.starts_with(expected) ? DigestState::fits : DigestState::wrong;
}

std::uint64_t stored_length(WalkInput& input, const Header& signature) {
  const std::string long_size = find_tag(input, signature, k_long_size);
  if (!long_size.empty()) return ByteView(std::string_view(long_size)).be64(0);
  return ByteView(std::string_view(find_tag(input, signature, k_size))).be32(0);
}

/// Digests over the header; true when one stands and fits.
void check_header_digest(WalkInput& input, WalkReport& report, const Header& signature, const Header& header) {
  const ByteRange range{.from = header.from, .to = header.to};
  DigestState state = check_digest(input, range, base::DigestKind::sha256, find_tag(input, signature, k_header_sha256));
  if (state == DigestState::absent) {
    state = check_digest(input, range, base::DigestKind::sha1, find_tag(input, signature, k_header_sha1));
  }
  if (state == DigestState::wrong) {
    report.breaks("rpm.header-digest", fmt::format("the digest of the header at byte {} does not fit", header.from),
                  range);
    return;
  }
  report.region(header.from, header.to, state == DigestState::fits ? RegionKind::verified : RegionKind::structured);
}

void check_payload(WalkInput& input, WalkReport& report, const Header& signature, const Header& header,
                   std::uint64_t end) {
  const ByteRange payload{.from = header.to, .to = end};
  const bool affordable = input.depth() == Depth::full || (input.depth() == Depth::standard && !input.whole().empty());
  report.reach = Reach::frame;
  DigestState state = DigestState::absent;
  if (affordable) {
    const std::string kind = find_tag(input, header, k_payload_digest_kind);
    const bool sha256 = ByteView(std::string_view(kind)).be32(0) == k_sha256_kind;
    if (sha256)
      state = check_digest(input, payload, base::DigestKind::sha256, find_tag(input, header, k_payload_digest));
    if (state == DigestState::absent) {
      state = check_digest(input, {.from = header.from, .to = end}, base::DigestKind::md5,
                           find_tag(input, signature, k_md5));
    }
  }
  if (state == DigestState::wrong) {
    report.breaks("rpm.payload-digest",
                  fmt::format("the digest of the payload of {} bytes does not fit", payload.length()), payload);
    return;
  }
  report.region(payload.from, payload.to, state == DigestState::fits ? RegionKind::verified : RegionKind::compressed);
  if (state == DigestState::fits) report.reach = Reach::content;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const std::uint64_t size = input.size_bytes();
  if (recognise({.head = input.head(), .size_bytes = size}) == Likeness::none) return report;
  report.shape = Shape::whole;
  report.region(0, k_lead_bytes, RegionKind::structured);
  const std::optional<Header> signature = parse_header(input, k_lead_bytes);
  const std::uint64_t header_from = signature ? (signature->to + 7) & ~std::uint64_t{7} : k_lead_bytes;
  const std::optional<Header> header = signature ? parse_header(input, header_from) : std::nullopt;
  if (!header) {
    if (input.stopped()) return report;
    report.breaks("rpm.header", fmt::format("no header that holds stands at byte {}", header_from),
                  {.from = std::min(size, header_from), .to = std::min(size, header_from + 64 * 1024)});
    return report;
  }
  report.region(k_lead_bytes, signature->data_from, RegionKind::structured);
  check_reserved(input, report, *signature);
  const std::uint64_t length_bytes = stored_length(input, *signature);
  if (length_bytes > size - header_from || (length_bytes > 0 && length_bytes < header->to - header_from)) {
    report.breaks("rpm.length",
                  fmt::format("header and payload have {} bytes, the content has {} behind byte {}", length_bytes,
                              size - header_from, header_from),
                  {.from = header->to, .to = size});
    return report;
  }
  if (length_bytes > 0) report.end_bytes = header_from + length_bytes;
  check_header_digest(input, report, *signature, *header);
  check_payload(input, report, *signature, *header, report.end_bytes.value_or(size));
  if (report.shape != Shape::whole) return report;
  report.holds("rpm.headers", fmt::format("{} and {} header entries hold{}", signature->entries, header->entries,
                                          report.reach == Reach::content ? ", the payload's digest fits" : ""));
  return report;
}

}  // namespace

const Format k_rpm_format = {.id = "rpm",
                             .title = "RPM package",
                             .family = Family::archive,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk};

}  // namespace lastgood::formats
