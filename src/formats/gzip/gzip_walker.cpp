// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// gzip. Specification: RFC 1952; BGZF: SAM/BAM format specification, section 4.1.
//
//   file    = member+ zero*                                    zeros: tape padding
//   member  = 1F 8B 08 flags(1) mtime(4) xfl(1) os(1) [extra] [name NUL] [comment NUL] [header-crc(2)]
//             deflate-stream crc32(4) isize(4)                 little endian
//   extra   = length(2) field*; BGZF's field "BC" holds the member's size less one, so its members can be skipped
//
// A deflate stream can only be read from its beginning: what is not decoded is `compressed`, its end unknown.
#include "formats/gzip/gzip_walker.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/checksum.h"
#include "formats/codec/inflate_in_memory.h"
#include "formats/dump_end.h"
#include "formats/zero_run.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::Depth;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {
    NameClaim{"gz", Promise::firm},   NameClaim{"tgz", Promise::firm}, NameClaim{"gzip", Promise::firm},
    NameClaim{"svgz", Promise::firm}, NameClaim{"bgz", Promise::firm}, NameClaim{"cpgz", Promise::firm},
    NameClaim{"taz", Promise::loose}, NameClaim{"z", Promise::loose},  NameClaim{"bam", Promise::firm},
    NameClaim{"emz", Promise::firm},  NameClaim{"rds", Promise::loose}};
constexpr std::uint64_t k_trailer_bytes = 8;
constexpr std::uint64_t k_header_bytes_max = 256 * 1024;  // extra is at most 64 KiB; names this long nobody writes
constexpr std::uint64_t k_break_before_bytes = 4 * 1024;
constexpr std::uint64_t k_break_after_bytes = 64 * 1024;

constexpr std::size_t k_quick_in_memory_bytes = 16 * 1024;

enum Flag : std::uint8_t { header_crc = 2, extra = 4, name = 8, comment = 16, reserved = 0xE0 };

bool begins_member(ByteView head) {
  return head.matches(0, "\x1f\x8b\x08"sv) && (head.u8(3) & Flag::reserved) == 0 && head.size() > 10;
}

Likeness recognise(const Edges& edges) { return begins_member(edges.head) ? Likeness::strong : Likeness::none; }

struct Header {
  std::uint64_t length_bytes = 0;
  std::uint64_t member_bytes = 0;  // of a BGZF member, else 0
};

/// BGZF's own extra field, or 0.
std::uint64_t find_bgzf_size(ByteView fields) {
  std::uint64_t at = 0;
  while (fields.has(at, 4)) {
    if (fields.matches(at, "BC\x02\0"sv) && fields.has(at, 6)) return std::uint64_t{fields.le16(at + 4)} + 1;
    at += 4 + std::uint64_t{fields.le16(at + 2)};
  }
  return 0;
}

std::optional<Header> parse_header(ByteView bytes) {
  if (!begins_member(bytes)) return std::nullopt;
  const std::uint8_t flags = bytes.u8(3);
  Header header{.length_bytes = 10};
  if ((flags & Flag::extra) != 0) {
    const std::uint64_t extra_bytes = bytes.le16(10);
    header.member_bytes = find_bgzf_size(bytes.part(12, extra_bytes));
    header.length_bytes = 12 + extra_bytes;
  }
  for (const Flag text : {Flag::name, Flag::comment}) {
    if ((flags & text) == 0) continue;
    const std::size_t end = bytes.find("\0"sv, static_cast<std::size_t>(header.length_bytes));
    if (end == ByteView::npos) return std::nullopt;
    header.length_bytes = end + 1;
  }
  if ((flags & Flag::header_crc) != 0) {
    const std::uint32_t crc = base::crc32(bytes.part(0, header.length_bytes)) & 0xFFFF;
    if (bytes.le16(header.length_bytes) != crc) return std::nullopt;
    header.length_bytes += 2;
  }
  if (!bytes.has(0, header.length_bytes)) return std::nullopt;
  return header;
}

/// Nearly every header is short: the long read is for the rest.
std::optional<Header> read_header(WalkInput& input, std::uint64_t at) {
  std::optional<Header> header = parse_header(input.at(at, 512));
  if (!header) header = parse_header(input.at(at, k_header_bytes_max));
  return header;
}

struct Walk {
  WalkInput& input;
  WalkReport& report;
  std::uint64_t budget_bytes;  // how much may still be produced
  std::uint64_t at = 0;
  std::uint64_t members = 0;
  std::uint64_t produced_bytes = 0;
  DumpEndWatch dump = {};
};

enum class Next { member, end, unknown };

/// The quick way for contents in memory. Empty: it could not tell, decode piece by piece.
std::optional<Next> check_in_memory(Walk& walk) {
  const ByteView whole = walk.input.whole();
  const bool too_long = walk.input.depth() == Depth::quick && whole.size() > k_quick_in_memory_bytes;
  if (whole.empty() || too_long) return std::nullopt;
  const std::uint64_t stored_size = whole.le32(whole.size() - 4);
  const std::uint64_t guess = std::max<std::uint64_t>(stored_size, 4 * (whole.size() - walk.at)) + 1;
  const Inflated inflated = inflate_in_memory(whole.part(walk.at), DeflateFrame::gzip, guess);
  if (inflated.end != DecodeEnd::complete || !walk.input.may_continue(1 + inflated.made.size() / 1024)) {
    return std::nullopt;
  }
  walk.produced_bytes += inflated.made.size();
  walk.dump.see(inflated.made);
  walk.report.region(walk.at, walk.at + inflated.consumed_bytes, RegionKind::verified);
  walk.at += inflated.consumed_bytes;
  return Next::member;
}

/// Where a BGZF member says the next one begins, if it does.
Next skip_broken(Walk& walk, const Header& header) {
  const bool fits = header.member_bytes > header.length_bytes + k_trailer_bytes &&
                    header.member_bytes <= walk.input.size_bytes() - walk.at;
  if (!fits) return Next::unknown;
  walk.at += header.member_bytes;
  return Next::member;
}

Next name_break(Walk& walk, const Header& header, const Decoded& decoded) {
  const std::uint64_t from = walk.at + header.length_bytes;
  const std::uint64_t size = walk.input.size_bytes();
  const std::uint64_t broke_at = from + decoded.consumed_bytes;
  // A decoder notices foreign bytes a little late.
  const std::uint64_t near = std::max(from, broke_at - std::min(broke_at, k_break_before_bytes));
  walk.report.region(walk.at, near, RegionKind::compressed);
  if (decoded.end == DecodeEnd::cut) {
    walk.report.breaks("gzip.cut",
                       fmt::format("the content ends inside the deflate stream of the member at byte {}", walk.at),
                       {.from = near, .to = size});
    return Next::unknown;
  }
  walk.report.breaks(
      "gzip.deflate",
      fmt::format("the deflate stream of the member at byte {} breaks at byte {}, after {} decoded bytes", walk.at,
                  broke_at, decoded.produced_bytes),
      {.from = near, .to = std::min(size, broke_at + k_break_after_bytes)});
  return skip_broken(walk, header);
}

Next check_member(Walk& walk, const Header& header) {
  if (const std::optional<Next> next = check_in_memory(walk)) return *next;
  const std::uint64_t from = walk.at + header.length_bytes;
  const Decoded decoded = decode_deflate(walk.input, from, walk.input.size_bytes(), DeflateFrame::raw,
                                         walk.budget_bytes, [&walk](base::ByteView piece) {
                                           walk.dump.see(piece);
                                           return true;
                                         });
  walk.produced_bytes += decoded.produced_bytes;
  walk.budget_bytes -= std::min(walk.budget_bytes, decoded.produced_bytes);
  const std::uint64_t end = from + decoded.consumed_bytes;
  if (decoded.end == DecodeEnd::stopped) {
    walk.report.region(walk.at, end, RegionKind::verified);
    walk.report.region(end, walk.input.size_bytes(), RegionKind::compressed);
    return Next::unknown;
  }
  if (decoded.end != DecodeEnd::complete) return name_break(walk, header, decoded);
  const ByteView trailer = walk.input.at(end, k_trailer_bytes);
  const bool sum_fits = trailer.size() == k_trailer_bytes && trailer.le32(0) == decoded.crc32;
  if (!sum_fits || trailer.le32(4) != (decoded.produced_bytes & 0xFFFFFFFF)) {
    walk.report.breaks(
        "gzip.checksum",
        fmt::format("the member at byte {} decodes to {} bytes; its stored checksum or size at byte {} does not fit",
                    walk.at, decoded.produced_bytes, end),
        {.from = end, .to = std::min(end + k_trailer_bytes, walk.input.size_bytes())});
    return skip_broken(walk, header);
  }
  walk.report.region(walk.at, end + k_trailer_bytes, RegionKind::verified);
  walk.at = end + k_trailer_bytes;
  return Next::member;
}

/// Whether the first member unpacks to a dump of a database.
bool opens_dump(WalkInput& input) {
  const std::optional<Header> header = read_header(input, 0);
  if (!header) return false;
  constexpr std::uint64_t k_opening_bytes = 64 * 1024;
  DumpEndWatch watch;
  decode_deflate(input, header->length_bytes, input.size_bytes(), DeflateFrame::raw, k_opening_bytes,
                 [&watch](base::ByteView piece) {
                   watch.see(piece);
                   return true;
                 });
  return watch.is_dump();
}

/// How much is decoded. A last member whose stored size a single stream of this length hardly has is a doubt: then all.
/// So is a dump: whether it was cut before it was packed, only its end says.
std::uint64_t decide_budget(WalkInput& input) {
  const bool all = input.depth() == Depth::full;
  if (all) return UINT64_MAX;
  if (input.depth() == Depth::quick) return std::uint64_t{64} * 1024;
  if (!input.whole().empty()) return std::uint64_t{64} * 1024 * 1024;
  const ByteView tail = input.tail();
  const std::uint64_t stored_size = tail.le32(tail.size() - 4);
  // Deflate makes nothing longer than by 5 bytes in 16 KiB, and hardly anything two hundred times shorter. Several
  // members, of which the last is small, are a doubt, too; those of BGZF say where they end.
  constexpr std::uint64_t k_usual_expansion_max = 200;
  const std::optional<Header> header = read_header(input, 0);
  const bool is_bgzf = header && header->member_bytes != 0;
  const bool is_too_small = stored_size + stored_size / 1000 + k_header_bytes_max < input.size_bytes();
  const bool is_too_large = stored_size / k_usual_expansion_max > input.size_bytes();
  const bool may_wrap = input.size_bytes() >= std::uint64_t{1} << 32;
  if (!may_wrap && !is_bgzf && (is_too_small || is_too_large)) return UINT64_MAX;
  if (opens_dump(input)) return UINT64_MAX;
  return std::uint64_t{1024} * 1024;
}

/// Follows the sizes BGZF stores, without decoding, from where decoding stopped.
void follow_bgzf(Walk& walk) {
  WalkReport& report = walk.report;
  const std::uint64_t size = walk.input.size_bytes();
  while (walk.at < size && walk.input.may_continue()) {
    const std::optional<Header> header = parse_header(walk.input.at(walk.at, 64));
    if (!header || header->member_bytes <= header->length_bytes + k_trailer_bytes ||
        header->member_bytes > size - walk.at) {
      report.breaks("gzip.bgzf", fmt::format("no BGZF block at byte {} after {} whole ones", walk.at, walk.members),
                    {.from = walk.at, .to = std::min(size, walk.at + k_break_after_bytes)});
      return;
    }
    walk.at += header->member_bytes;
    ++walk.members;
  }
  if (walk.at != size) return;
  report.end_bytes = walk.at;
  report.reach = Reach::sampled;
}

void finish(Walk& walk) {
  WalkReport& report = walk.report;
  report.end_bytes = walk.at;
  report.reach = Reach::content;
  const std::uint64_t zeros = zero_run_bytes(walk.input, walk.at);
  if (walk.at + zeros == walk.input.size_bytes()) report.allowed_trailing_bytes = zeros;
  if (report.shape == Shape::whole) walk.dump.tell("gzip", walk.input.size_bytes(), report);
  if (report.shape != Shape::whole) return;
  report.holds("gzip.members", fmt::format("members: {}, {} decoded bytes, every checksum fits, to byte {}",
                                           walk.members, walk.produced_bytes, walk.at));
}

WalkReport walk_members(WalkInput& input) {
  WalkReport report;
  if (!begins_member(input.head())) return report;
  report.shape = Shape::whole;
  Walk walk{.input = input, .report = report, .budget_bytes = decide_budget(input)};
  while (walk.at < input.size_bytes() && input.may_continue()) {
    if (walk.at > 0 && !begins_member(input.at(walk.at, 512))) break;
    const std::optional<Header> header = read_header(input, walk.at);
    if (!header) {
      report.breaks("gzip.header", fmt::format("the member header at byte {} does not hold", walk.at),
                    {.from = walk.at, .to = std::min<std::uint64_t>(input.size_bytes(), walk.at + 512)});
      return report;
    }
    if (check_member(walk, *header) == Next::unknown) {
      if (report.shape != Shape::whole) return report;
      report.reach = Reach::sampled;
      if (header->member_bytes != 0 && input.depth() != Depth::quick) follow_bgzf(walk);
      if (report.shape == Shape::whole) {
        report.holds("gzip.sample", fmt::format("{} bytes decode; the rest was not decoded", walk.produced_bytes));
      }
      return report;
    }
    ++walk.members;
  }
  if (!input.stopped())
    finish(walk);
  else
    report.remarks("gzip.limit", fmt::format("stopped by a limit after {} members", walk.members));
  return report;
}

/// The last four bytes are the size of what was packed: four bytes of ciphertext are hardly ever so near to it.
std::optional<SurvivingRest> find_rest(WalkInput& input) {
  constexpr std::uint64_t k_usual_expansion_max = 100;
  constexpr std::uint64_t k_chance_bytes_max = 40'000'000;  // about 1 % of what four bytes can say
  const std::uint64_t size = input.size_bytes();
  const ByteView tail = input.tail();
  const std::uint64_t told = tail.le32(tail.size() - std::min<std::size_t>(4, tail.size()));
  const std::uint64_t told_max = std::min(size * k_usual_expansion_max, size + k_chance_bytes_max);
  if (size <= k_trailer_bytes || told < size - k_trailer_bytes || told > told_max) return std::nullopt;
  return SurvivingRest{.sentence =
                           fmt::format("the content ends with a size that fits its own: {} bytes unpacked", told)};
}

}  // namespace

const Format k_gzip_format = {.id = "gzip",
                              .title = "gzip compressed data",
                              .family = Family::archive,
                              .claims = k_claims,
                              .recognise = recognise,
                              .walk = walk_members,
                              .find_rest = find_rest};

}  // namespace lastgood::formats
