// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "verdict/weigh_facts.h"

#include <algorithm>

#include <fmt/format.h>

namespace lastgood::verdict {

using model::ByteRange;
using model::Certainty;
using model::Reason;
using model::Shape;
using model::Verdict;

namespace {

/// Everything between a header and a footer of the attack is random.
bool covers_inside(const TextureFact& texture, std::uint64_t size_bytes) {
  if (texture.random_ranges.empty() || texture.tested_bytes < size_bytes) return false;
  const std::uint64_t from = std::min(texture.random_ranges.front().from, k_own_header_bytes);
  const std::uint64_t to =
      std::max(texture.random_ranges.back().to, size_bytes - std::min(size_bytes, k_own_footer_bytes));
  std::uint64_t covered = 0;
  for (const ByteRange& range : texture.random_ranges)
    covered += std::min(range.to, to) - std::min(std::max(range.from, from), to);
  return to > from && static_cast<double>(covered) >= k_whole_share * static_cast<double>(to - from) &&
         covered * 2 >= size_bytes;
}

/// Some families move a few parts to the end, encrypt them there and leave zeros in their place: as many as there.
std::vector<ByteRange> left_by_moving(const TextureFact& texture, std::uint64_t size_bytes) {
  constexpr std::size_t k_parts_max = 8;
  if (texture.zero_ranges.empty() || texture.zero_ranges.size() > k_parts_max || texture.random_ranges.empty())
    return {};
  std::uint64_t zero_bytes = 0;
  for (const ByteRange& range : texture.zero_ranges) zero_bytes += range.length();
  const ByteRange& last = texture.random_ranges.back();
  // Blocks at the edges of each part hold other bytes too and were not counted.
  const std::uint64_t edge_bytes = 2 * k_block_bytes * texture.zero_ranges.size();
  const bool fits = last.to + k_own_footer_bytes >= size_bytes && last.length() >= zero_bytes &&
                    last.length() <= zero_bytes + edge_bytes + k_own_footer_bytes;
  return fits ? texture.zero_ranges : std::vector<ByteRange>();
}

}  // namespace

Judgement judgement(Verdict verdict, Certainty certainty, std::string format, std::vector<Reason> reasons,
                    std::vector<ByteRange> ranges) {
  return {.verdict = verdict,
          .certainty = certainty,
          .format = std::move(format),
          .ranges = std::move(ranges),
          .reasons = std::move(reasons)};
}

const StructureFact* find_whole(const Facts& facts) {
  for (const StructureFact& fact : facts.structures) {
    if (fact.shape == Shape::whole || fact.shape == Shape::sealed) return &fact;
  }
  return nullptr;
}

const StructureFact* find_broken(const Facts& facts) {
  const StructureFact* best = nullptr;
  for (const StructureFact& fact : facts.structures) {
    if (fact.shape != Shape::broken) continue;
    if (best == nullptr || fact.cause < best->cause) best = &fact;
  }
  return best;
}

double random_share(const TextureFact& texture) {
  return texture.tested_bytes == 0
             ? 0
             : static_cast<double>(texture.random_bytes) / static_cast<double>(texture.tested_bytes);
}

bool covers_nearly_all(const Facts& facts) {
  return facts.texture &&
         (random_share(*facts.texture) >= k_whole_share || covers_inside(*facts.texture, facts.size_bytes));
}

Judgement replaced(const Facts& facts, Certainty certainty, std::string format, std::vector<Reason> reasons) {
  if (facts.texture) {
    const TextureFact& texture = *facts.texture;
    reasons.push_back({.rule = "texture",
                       .sentence = fmt::format("{:.0f} % of the tested bytes pass as random ({})",
                                               100 * random_share(texture), texture.method)});
  }
  if (covers_nearly_all(facts))
    return judgement(Verdict::encrypted, certainty, std::move(format), std::move(reasons),
                     {{.from = 0, .to = facts.size_bytes}});
  std::vector<ByteRange> ranges;
  if (facts.phase) {
    constexpr std::size_t k_judged_ranges_max = 4096;
    ranges = ranges_of(*facts.phase, facts.size_bytes, k_judged_ranges_max);
  } else if (facts.texture) {
    ranges = facts.texture->random_ranges;
    if (ranges.empty() && facts.texture->opening == Texture::random) ranges.push_back({.from = 0, .to = k_cell_bytes});
    const std::vector<ByteRange> zeros = left_by_moving(*facts.texture, facts.size_bytes);
    ranges.insert(ranges.end(), zeros.begin(), zeros.end());
    std::sort(ranges.begin(), ranges.end(), [](const ByteRange& a, const ByteRange& b) { return a.from < b.from; });
  }
  return judgement(Verdict::partly_encrypted, certainty, std::move(format), std::move(reasons), std::move(ranges));
}

}  // namespace lastgood::verdict
