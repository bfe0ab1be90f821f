// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// ar: static libraries and Debian packages. Specification: System V ABI, "Archive File"; BSD ar(5); GNU binutils for
// thin archives; deb(5).
//
//   archive = "!<arch>\n" member*            thin: "!<thin>\n", only tables carry data
//   member  = name(16) mtime(12) owner(6) group(6) mode(8) size(10) "`\n" data ["\n" to an even offset]
//   BSD's long names stand in front of the data: name "#1/LENGTH"
//   deb     = "debian-binary" ("2.0\n"), control.tar[.gz|.xz|.zst], data.tar[.gz|.xz|.zst|.bz2|.lzma], signatures
#include "formats/ar/ar_walker.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "formats/codec/decode_stream.h"
#include "formats/decoded_unit.h"
#include "formats/payload_nature.h"
#include "formats/zero_run.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::ByteRange;
using model::Depth;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"deb", Promise::firm},  NameClaim{"udeb", Promise::firm},
                                 NameClaim{"ipk", Promise::loose}, NameClaim{"a", Promise::loose},
                                 NameClaim{"rlib", Promise::firm}, NameClaim{"lib", Promise::loose}};
constexpr std::uint64_t k_magic_bytes = 8;
constexpr std::uint64_t k_header_bytes = 60;
constexpr std::uint64_t k_appended_bytes_max = 4096;
constexpr std::uint64_t k_named_after_break_bytes = 64 * 1024;

bool is_thin(ByteView head) { return head.matches(0, "!<thin>\n"sv); }
bool is_archive(ByteView head) { return head.matches(0, "!<arch>\n"sv) || is_thin(head); }

Likeness recognise(const Edges& edges) { return is_archive(edges.head) ? Likeness::strong : Likeness::none; }

/// A decimal number padded with spaces, or nothing but spaces.
std::optional<std::uint64_t> parse_number(ByteView field, int radix) {
  std::string_view text = field.text();
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  std::uint64_t value = 0;
  if (text.empty() || text == "-1" || text == "-2") return value;  // owners beyond six digits, tables of some tools
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, radix);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct Member {
  std::string name;
  std::uint64_t size_bytes = 0;
};

std::optional<Member> parse_member(ByteView header) {
  if (header.size() < k_header_bytes || !header.matches(58, "`\n"sv)) return std::nullopt;
  const std::optional<std::uint64_t> size = parse_number(header.part(48, 10), 10);
  const bool numbers = parse_number(header.part(16, 12), 10) && parse_number(header.part(28, 6), 10) &&
                       parse_number(header.part(34, 6), 10) && parse_number(header.part(40, 8), 8);
  if (!size || !numbers || header.u8(0) == ' ') return std::nullopt;
  std::string name(header.part(0, 16).text());
  while (!name.empty() && name.back() == ' ') name.pop_back();
  return Member{.name = std::move(name), .size_bytes = *size};
}

/// Tables ("/", "//", "/SYM64/") stand in thin archives too; members ("name/", "/123") do not.
bool is_table(std::string_view name) {
  return name == "/" || name == "//" || name == "/SYM64/" || name == "/<ECSYMBOLS>/";
}

struct Walk {
  WalkInput& input;
  WalkReport& report;
  std::uint64_t at = k_magic_bytes;
  std::uint64_t members = 0;
  std::uint64_t proven_bytes = 0;
  bool thin = false;
  bool debian = false;
};

struct DebSuffix {
  std::string_view suffix;
  Codec codec;
};
constexpr std::array k_deb_suffixes = {DebSuffix{".gz", Codec::gzip}, DebSuffix{".xz", Codec::xz},
                                       DebSuffix{".zst", Codec::zstd}, DebSuffix{".bz2", Codec::bzip2},
                                       DebSuffix{".lzma", Codec::lzma}};

/// control.tar.X and data.tar.X must begin as X says, and are decoded when every byte is wanted.
void check_deb_member(Walk& walk, const Member& member, ByteRange data) {
  const auto* suffix = std::find_if(k_deb_suffixes.begin(), k_deb_suffixes.end(),
                                    [&](const DebSuffix& entry) { return member.name.ends_with(entry.suffix); });
  if (suffix == k_deb_suffixes.end()) return;
  if (find_codec(walk.input.at(data.from, 64)) != suffix->codec) {
    walk.report.breaks("ar.deb-member",
                       fmt::format("'{}' at byte {} does not begin as {}", base::printable(member.name), data.from,
                                   name_of(suffix->codec)),
                       {.from = data.from, .to = std::min(data.to, data.from + k_named_after_break_bytes)});
    return;
  }
  const bool small = !walk.input.whole().empty() && data.length() <= 16 * 1024;
  if (walk.input.depth() != Depth::full && !(small && walk.input.depth() == Depth::standard)) {
    walk.report.region(data.from, data.to, RegionKind::compressed);
    return;
  }
  Decoded decoded = decode_stream(walk.input, data.from, data.to, suffix->codec, UINT64_MAX);
  const std::uint64_t left = data.length() - decoded.consumed_bytes;
  if (decoded.end == DecodeEnd::complete &&
      zero_run_bytes(walk.input, data.from + decoded.consumed_bytes, left) < left) {
    decoded.end = DecodeEnd::malformed;
  }
  if (report_decoding(walk.report, decoded, data, "ar.deb-data", base::printable(member.name)) == UnitState::proven) {
    walk.proven_bytes += data.length();
  }
}

void check_data(Walk& walk, const Member& member, ByteRange data) {
  if (walk.members == 0 && member.name.starts_with("debian-binary")) {
    walk.debian = walk.input.at(data.from, 2).matches(0, "2."sv);
    walk.report.region(data.from, data.to, RegionKind::structured);
    return;
  }
  std::string name = member.name;
  if (name.ends_with("/")) name.pop_back();
  if (walk.debian) {
    check_deb_member(walk, {.name = name, .size_bytes = member.size_bytes}, data);
    return;
  }
  if (walk.input.depth() == Depth::quick) return;
  if (find_payload_nature(walk.input.at(data.from, 300)) == PayloadNature::compressed) {
    walk.report.region(data.from, data.to, RegionKind::compressed);
  }
}

enum class Next : std::uint8_t { member, no_member, cut };

Next check_member(Walk& walk) {
  const std::uint64_t size = walk.input.size_bytes();
  const std::optional<Member> member = parse_member(walk.input.at(walk.at, k_header_bytes));
  if (!member) return Next::no_member;
  const std::uint64_t from = walk.at + k_header_bytes;
  const bool stored = !walk.thin || is_table(member->name);
  const std::uint64_t data_bytes = stored ? member->size_bytes : 0;
  if (data_bytes > size - from) {
    walk.report.breaks("ar.length",
                       fmt::format("member '{}' at byte {} has {} bytes, the content ends at byte {}",
                                   base::printable(member->name), walk.at, data_bytes, size),
                       {.from = walk.at, .to = size});
    return Next::cut;
  }
  walk.report.region(walk.at, from, RegionKind::structured);
  check_data(walk, *member, {.from = from, .to = from + data_bytes});
  ++walk.members;
  // The last member's pad byte is left out by some tools.
  walk.at = std::min(size, from + data_bytes + data_bytes % 2);
  return Next::member;
}

void conclude(Walk& walk) {
  WalkReport& report = walk.report;
  const std::uint64_t size = walk.input.size_bytes();
  // Behind the last member nothing follows. What does is either appended or a member whose header was replaced.
  if (walk.at < size) {
    const std::uint64_t zeros = zero_run_bytes(walk.input, walk.at);
    report.end_bytes = walk.at;
    if (walk.at + zeros == size) {
      report.allowed_trailing_bytes = zeros;
    } else if (size - walk.at > k_appended_bytes_max || walk.members < 2) {
      report.end_bytes.reset();
      report.breaks("ar.header", fmt::format("no member header at byte {}, after {} members", walk.at, walk.members),
                    {.from = walk.at, .to = std::min(size, walk.at + k_named_after_break_bytes)});
      report.misses_fields({.from = walk.at, .to = std::min(size, walk.at + 2 * k_header_bytes)});
    }
  } else {
    report.end_bytes = size;
  }
  const bool whole_deb = walk.debian && walk.input.depth() == Depth::full && walk.proven_bytes > 0;
  report.reach = whole_deb ? Reach::content : Reach::frame;
  if (report.shape != Shape::whole) return;
  report.holds("ar.members", fmt::format("{} members tile the content to byte {}{}", walk.members, walk.at,
                                         walk.proven_bytes > 0 ? ", the compressed ones decode" : ""));
}

WalkReport walk_members(WalkInput& input) {
  WalkReport report;
  if (!is_archive(input.head())) return report;
  report.shape = Shape::whole;
  Walk walk{.input = input, .report = report, .thin = is_thin(input.head())};
  report.region(0, k_magic_bytes, RegionKind::structured);
  while (walk.at < input.size_bytes()) {
    if (!input.may_continue()) {
      report.remarks("ar.limit", fmt::format("stopped by a limit after {} members", walk.members));
      return report;
    }
    const Next next = check_member(walk);
    if (next == Next::cut) return report;
    if (next == Next::no_member) break;
  }
  if (walk.debian) report.format = "deb";
  conclude(walk);
  return report;
}

}  // namespace

const Format k_ar_format = {.id = "ar",
                            .title = "ar archive",
                            .family = Family::archive,
                            .claims = k_claims,
                            .recognise = recognise,
                            .walk = walk_members};

}  // namespace lastgood::formats
