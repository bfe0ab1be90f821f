// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// lzip. Specification: draft-diaz-lzip-09; lzip manual, "File format".
//
//   file   = member+
//   member = "LZIP" version(1: 1) dictionary(1)  LZMA stream with end mark  crc32(4) decoded-size(8) member-size(8)
//
// The last field makes the skeleton: members are found from the last byte backwards.
#include "formats/lzip/lzip_walker.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "formats/codec/decode_stream.h"
#include "formats/decoded_unit.h"
#include "formats/zero_run.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"lz", Promise::firm}, NameClaim{"tlz", Promise::loose}};
constexpr std::uint64_t k_header_bytes = 6;
constexpr std::uint64_t k_trailer_bytes = 20;
constexpr std::uint64_t k_member_bytes_min = 36;
constexpr std::size_t k_members_max = 1'000'000;

struct Member {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  std::uint64_t decoded_bytes = 0;
};

bool is_header(ByteView head) {
  const unsigned bits = head.u8(5) & 0x1FU;
  return head.matches(0, "LZIP\x01"sv) && bits >= 12 && bits <= 29;
}

Likeness recognise(const Edges& edges) { return is_header(edges.head) ? Likeness::strong : Likeness::none; }

std::optional<Member> find_member(WalkInput& input, std::uint64_t to) {
  if (to < k_member_bytes_min) return std::nullopt;
  const ByteView trailer = input.at(to - k_trailer_bytes, k_trailer_bytes);
  const std::uint64_t member_bytes = trailer.le64(12);
  if (member_bytes < k_member_bytes_min || member_bytes > to) return std::nullopt;
  const Member member{.from = to - member_bytes, .to = to, .decoded_bytes = trailer.le64(4)};
  if (!is_header(input.at(member.from, k_header_bytes))) return std::nullopt;
  return member;
}

/// All members, the last one first; ends at the first that does not hold.
std::vector<Member> find_members(WalkInput& input, std::uint64_t to) {
  std::vector<Member> members;
  while (to > 0 && members.size() < k_members_max && input.may_continue()) {
    const std::optional<Member> member = find_member(input, to);
    if (!member) break;
    members.push_back(*member);
    to = member->from;
  }
  return members;
}

struct Walk {
  WalkInput& input;
  WalkReport& report;
  std::uint64_t budget_bytes = 0;
  std::uint64_t proven = 0;
  std::uint64_t decoded_bytes = 0;
};

void check_member(Walk& walk, const Member& member) {
  if (walk.budget_bytes == 0) {
    walk.report.region(member.from, member.to, RegionKind::compressed);
    return;
  }
  Decoded decoded = decode_stream(walk.input, member.from, member.to, Codec::lzip, walk.budget_bytes);
  walk.budget_bytes -= std::min(walk.budget_bytes, decoded.produced_bytes);
  walk.decoded_bytes += decoded.produced_bytes;
  const bool agrees =
      member.from + decoded.consumed_bytes == member.to && decoded.produced_bytes == member.decoded_bytes;
  if (decoded.end == DecodeEnd::complete && !agrees) decoded.end = DecodeEnd::malformed;
  const UnitState state = report_decoding_in_frame(walk.report, decoded, {.from = member.from, .to = member.to},
                                                   "lzip.member", "the member");
  if (state == UnitState::proven) ++walk.proven;
  if (state == UnitState::not_decoded) walk.budget_bytes = 0;
}

/// The sizes do not lead back to the beginning: decodes from there, which also finds bytes that were appended.
void walk_forwards(Walk& walk) {
  const std::uint64_t size = walk.input.size_bytes();
  std::uint64_t at = 0;
  while (at < size && is_header(walk.input.at(at, k_header_bytes)) && walk.input.may_continue()) {
    const Decoded decoded = decode_stream(walk.input, at, size, Codec::lzip, walk.budget_bytes);
    walk.budget_bytes -= std::min(walk.budget_bytes, decoded.produced_bytes);
    const UnitState state =
        report_decoding_to_end(walk.report, decoded, {.from = at, .to = size}, "lzip.member", "the member");
    if (state == UnitState::broken || walk.input.stopped()) return;
    if (state == UnitState::not_decoded) {
      walk.report.breaks("lzip.trailer", "no member trailer that leads to a header stands at the end of the content",
                         {.from = size - std::min(size, k_trailer_bytes), .to = size});
      return;
    }
    at += decoded.consumed_bytes;
    ++walk.proven;
  }
  walk.report.end_bytes = at;
  walk.report.reach = Reach::content;
  const std::uint64_t zeros = zero_run_bytes(walk.input, at);
  if (at + zeros == size) walk.report.allowed_trailing_bytes = zeros;
  walk.report.holds("lzip.members",
                    fmt::format("{} members decode with fitting checksum, to byte {}", walk.proven, at));
}

WalkReport walk_members(WalkInput& input) {
  WalkReport report;
  if (!is_header(input.head())) return report;
  report.shape = Shape::whole;
  Walk walk{.input = input, .report = report, .budget_bytes = decode_budget_bytes(input, DecodeSpeed::slow)};
  const std::vector<Member> members = find_members(input, input.size_bytes());
  if (members.empty() || members.back().from != 0) {
    if (!input.stopped()) walk_forwards(walk);
    return report;
  }
  for (auto member = members.rbegin(); member != members.rend(); ++member) check_member(walk, *member);
  report.end_bytes = input.size_bytes();
  const bool all = walk.proven == members.size();
  report.reach = all ? Reach::content : walk.decoded_bytes > 0 ? Reach::sampled : Reach::frame;
  if (report.shape != Shape::whole) return report;
  report.holds("lzip.members", fmt::format("{} members tile the content, {} decode with fitting checksum",
                                           members.size(), walk.proven));
  return report;
}

}  // namespace

const Format k_lzip_format = {.id = "lzip",
                              .title = "lzip compressed data",
                              .family = Family::archive,
                              .claims = k_claims,
                              .recognise = recognise,
                              .walk = walk_members};

}  // namespace lastgood::formats
