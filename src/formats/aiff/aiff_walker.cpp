// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// AIFF and the other IFF files. Specifications: Electronic Arts EA IFF 85, Apple AIFF 1.3 and AIFF-C.
//
//   file  = "FORM" length(4, big endian) form(4) chunk*
//   chunk = id(4) length(4, big endian) payload(length) padding to an even length
//   AIFF: COMM says how the sound is coded, SSND holds it.
#include "formats/aiff/aiff_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "formats/zero_run.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"aif", Promise::firm},  NameClaim{"aiff", Promise::firm},
                                 NameClaim{"aifc", Promise::firm}, NameClaim{"8svx", Promise::firm},
                                 NameClaim{"ilbm", Promise::firm}, NameClaim{"iff", Promise::loose}};
constexpr std::uint64_t k_filling_bytes_max = 64 * 1024;
constexpr std::uint64_t k_bad_bytes = 64 * 1024;
constexpr std::uint64_t k_appended_bytes_max = 4096;

bool is_chunk_id(ByteView id) {
  return id.size() == 4 && std::all_of(id.begin(), id.end(), [](std::uint8_t byte) {
           return (byte >= 0x20 && byte <= 0x7E) || byte == 0xA9;
         });
}

bool begins_form(ByteView head) {
  return head.matches(0, "FORM"sv) && head.size() >= 12 && is_chunk_id(head.part(8, 4));
}

Likeness recognise(const Edges& edges) { return begins_form(edges.head) ? Likeness::strong : Likeness::none; }

/// AIFF-C names how the sound is coded; these are pulses as they come.
bool is_compressed(ByteView compression) {
  constexpr std::array k_plain = {"NONE"sv, "sowt"sv, "twos"sv, "fl32"sv, "fl64"sv,
                                  "ulaw"sv, "alaw"sv, "in24"sv, "in32"sv, "raw "sv};
  return std::none_of(k_plain.begin(), k_plain.end(),
                      [&](std::string_view name) { return compression.matches(0, name); });
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (!begins_form(head)) return report;
  report.shape = Shape::whole;
  const bool is_sound = head.matches(8, "AIFF"sv) || head.matches(8, "AIFC"sv);
  report.format = is_sound ? "aiff" : "iff";
  const std::uint64_t size = input.size_bytes();
  const std::uint64_t announced = 8 + std::uint64_t{head.be32(4)};
  bool is_packed = !is_sound;
  std::uint64_t at = 12;
  std::uint64_t chunks = 0;
  report.region(0, 12, RegionKind::structured);
  // A wrong total is harmless as long as the chunks fit; the chunks decide.
  const std::uint64_t limit = std::min(std::max<std::uint64_t>(announced, 12), size);
  while (at + 8 <= limit && input.may_continue()) {
    const ByteView header = input.at(at, 8);
    const std::uint64_t length = header.be32(4);
    const std::uint64_t payload = at + 8;
    const bool has_id = is_chunk_id(header.part(0, 4));
    if (!has_id || length > size - payload) {
      const std::uint64_t rest = limit - at;
      const bool is_filling = rest <= k_filling_bytes_max && zero_run_bytes(input, at, rest) == rest;
      const bool is_appended = !has_id && chunks > 1 && announced > size && rest <= k_appended_bytes_max;
      if (input.stopped() || is_filling || is_appended) break;
      const std::uint64_t bad_from = has_id ? size : at;
      report.breaks(
          "aiff.chunk",
          fmt::format("no chunk fits at byte {}, behind {} whole ones; the content has {} bytes", at, chunks, size),
          {.from = bad_from, .to = has_id ? size : std::min(size, at + k_bad_bytes)});
      return report;
    }
    if (header.matches(0, "COMM"sv) && head.matches(8, "AIFC"sv)) is_packed = is_compressed(input.at(payload + 18, 4));
    report.region(at, payload, RegionKind::structured);
    const bool is_data = input.at(at, 4).matches(0, "SSND"sv);
    if (length <= 4096 || (is_data && !is_packed)) {
      report.region(payload, payload + length, RegionKind::plain);
    } else if (is_packed) {
      report.region(payload, payload + length, RegionKind::compressed);
    }
    ++chunks;
    at = payload + length;
    // Some writers leave the padding behind an odd chunk out.
    const ByteView next = input.at(at, 5);
    const bool is_missing = next.u8(0) != 0 && is_chunk_id(next.part(0, 4)) && !is_chunk_id(next.part(1, 4));
    if ((length & 1U) != 0 && !is_missing) ++at;
  }
  if (input.stopped() || input.read_error()) {
    report.remarks("aiff.limit", fmt::format("stopped by a limit after {} chunks, at byte {}", chunks, at));
    return report;
  }
  std::uint64_t end = std::min(at, size);
  if (announced > end && announced <= size && announced - end <= k_filling_bytes_max) end = announced;
  report.end_bytes = end;
  const std::uint64_t rest = size - end;
  if (rest <= 3 || (rest <= k_filling_bytes_max && zero_run_bytes(input, end, rest) == rest))
    report.allowed_trailing_bytes = rest;
  report.reach = Reach::frame;
  if (announced > size)
    report.remarks("aiff.length", fmt::format("the header announces {} bytes, the content has {}", announced, size));
  if (chunks == 0) {
    report.breaks("aiff.chunk", "no chunk follows the header", {.from = 0, .to = end});
    return report;
  }
  report.holds("aiff.chunks", fmt::format("{} chunks tile the content to byte {}", chunks, end));
  return report;
}

}  // namespace

const Format k_aiff_format = {.id = "aiff",
                              .title = "AIFF sound",
                              .family = Family::audio_video,
                              .claims = k_claims,
                              .recognise = recognise,
                              .walk = walk};

}  // namespace lastgood::formats
