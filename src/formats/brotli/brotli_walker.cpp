// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Brotli. Specification: RFC 7932. No magic number, no length, no checksum: only decoding to the exact end tells, so
// nothing is recognised, and the walk answers `foreign` for what does not decode.
//
// Measured with random contents, two million each of 16, 64 and 256 bytes: 12 in a million decode to their exact end
// and some per cent end early or go on for long, all of them by stored blocks; none of them makes more bytes than it
// takes. So without that only a name and an exact end are believed.
#include "formats/brotli/brotli_walker.h"

#include <array>

#include <fmt/format.h>

#include "formats/codec/decode_stream.h"
#include "formats/decoded_unit.h"

namespace lastgood::formats {

namespace {

using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"br", Promise::firm}, NameClaim{"brotli", Promise::firm}};
// Shorter streams say too little: only a name makes them Brotli.
constexpr std::uint64_t k_proof_bytes_min = 16;
constexpr std::uint64_t k_opening_bytes_min = 64;

Likeness recognise(const Edges& /*edges*/) { return Likeness::none; }

bool is_named_brotli(std::string_view name) { return name.ends_with(".br") || name.ends_with(".BR"); }

/// Stored blocks in random bytes make as much as they take.
bool compresses(const Decoded& decoded) {
  return decoded.produced_bytes > decoded.consumed_bytes + decoded.consumed_bytes / 16;
}

/// Too little evidence to call the content Brotli at all.
bool is_chance(const WalkInput& input, const Decoded& decoded) {
  const std::uint64_t size = input.size_bytes();
  const bool exact = decoded.end == DecodeEnd::complete && decoded.consumed_bytes == size;
  const bool named = is_named_brotli(input.name());
  if (exact) return !named && (size < k_proof_bytes_min || !compresses(decoded));
  return decoded.consumed_bytes < k_opening_bytes_min || !compresses(decoded);
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const std::uint64_t size = input.size_bytes();
  const Decoded decoded = decode_stream(input, 0, size, Codec::brotli, decode_budget_bytes(input, DecodeSpeed::fast));
  if (is_chance(input, decoded)) return report;
  report.shape = Shape::whole;
  if (decoded.end == DecodeEnd::complete) {
    report.reach = Reach::content;
    report.end_bytes = decoded.consumed_bytes;
    report.region(0, decoded.consumed_bytes, RegionKind::verified);
    report.holds("brotli.stream", fmt::format("the stream decodes to its end at byte {}, {} bytes",
                                              decoded.consumed_bytes, decoded.produced_bytes));
    return report;
  }
  report.reach = Reach::sampled;
  if (report_decoding_to_end(report, decoded, {.from = 0, .to = size}, "brotli.stream", "the stream") ==
      UnitState::not_decoded) {
    report.holds("brotli.sample", fmt::format("{} bytes decode; the rest was not decoded", decoded.produced_bytes));
  }
  return report;
}

}  // namespace

const Format k_brotli_format = {.id = "brotli",
                                .title = "Brotli compressed data",
                                .family = Family::archive,
                                .claims = k_claims,
                                .recognise = recognise,
                                .walk = walk};

}  // namespace lastgood::formats
