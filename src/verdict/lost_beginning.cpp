// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "verdict/lost_beginning.h"

#include <algorithm>

#include <fmt/format.h>

#include "verdict/weigh_facts.h"

namespace lastgood::verdict {

namespace {

using model::Reason;
using model::Verdict;

bool begins_as_something(const Facts& facts) {
  return std::any_of(facts.structures.begin(), facts.structures.end(),
                     [](const StructureFact& fact) { return fact.shape == model::Shape::broken; });
}

/// From its first random byte on nothing in it is anything else, and all of that together passes as ciphertext.
bool is_uniform_to_the_end(const Facts& facts) {
  const TextureFact& texture = *facts.texture;
  if (!texture.random_is_uniform || texture.random_ranges.empty()) return false;
  if (static_cast<double>(texture.random_bytes) >= k_whole_share * static_cast<double>(texture.tested_bytes))
    return true;
  if (texture.tested_bytes < facts.size_bytes) return false;
  const std::uint64_t from = texture.random_ranges.front().from;
  const std::uint64_t footer_from = facts.size_bytes - std::min(facts.size_bytes, k_own_footer_bytes);
  const std::uint64_t to = std::max(texture.random_ranges.back().to, footer_from);
  std::uint64_t covered = 0;
  for (const model::ByteRange& range : texture.random_ranges) covered += range.length();
  return covered * 2 >= facts.size_bytes &&
         static_cast<double>(covered) >= k_whole_share * static_cast<double>(to - from);
}

constexpr std::uint64_t k_short_bytes = 2048;
/// Compressed data hardly ever pass as ciphertext over so many bytes.
constexpr std::uint64_t k_uniform_opening_bytes_min = 128 * 1024;

}  // namespace

std::optional<Judgement> lost_beginning(const Facts& facts) {
  if (facts.name.firm_format.empty() || facts.name.firm_nature != Nature::compressed || !facts.name.appended.empty())
    return std::nullopt;
  if (!facts.texture || begins_as_something(facts)) return std::nullopt;
  const TextureFact& texture = *facts.texture;
  const bool is_shifted = facts.rest && facts.rest->is_shifted;
  const bool is_random = texture.head == Texture::random || texture.opening == Texture::random ||
                         (!texture.random_ranges.empty() && texture.random_ranges.front().from <= k_cell_bytes);
  const bool is_uniform = is_uniform_to_the_end(facts);
  if (is_random && !is_shifted) {
    if (texture.opening_stands_out || texture.uniform_opening_bytes >= k_uniform_opening_bytes_min) return std::nullopt;
    // What is left of short pieces of compressed data is uniform as well.
    if (is_uniform && !facts.rest && facts.size_bytes >= k_short_bytes) return std::nullopt;
  }
  std::vector<Reason> reasons;
  if (facts.rest) reasons.push_back({.rule = "rest", .sentence = facts.rest->sentence});
  const bool is_open = !is_shifted && (is_random || is_uniform);
  reasons.push_back(
      {.rule = "beginning",
       .sentence = fmt::format("the name says {}, the content does not begin as one; the rest is as compressed data "
                               "are, {}",
                               facts.name.firm_title,
                               is_open ? "so whether anything was encrypted or the beginning is lost cannot be told"
                                       : "nothing in it looks encrypted")});
  return Judgement{.verdict = is_open ? Verdict::undecided : Verdict::damaged,
                   .certainty = model::Certainty::weak,
                   .format = facts.name.firm_format,
                   .ranges = {},
                   .reasons = std::move(reasons)};
}

}  // namespace lastgood::verdict
