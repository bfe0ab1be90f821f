// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "model/verdict.h"

#include <array>

#include "model/region.h"

namespace lastgood::model {

namespace {
constexpr std::array<std::string_view, k_verdict_count> k_verdict_names = {
    "intact", "encrypted", "partly_encrypted", "damaged", "protected", "note", "undecided", "unreadable"};
constexpr std::array<std::string_view, 3> k_certainty_names = {"weak", "strong", "proven"};
constexpr std::array<std::string_view, 3> k_depth_names = {"quick", "standard", "full"};
constexpr std::array<std::string_view, 7> k_region_names = {"structured", "verified", "plain",   "compressed",
                                                            "random",     "zero",     "repeated"};
}  // namespace

std::string_view name_of(Verdict verdict) { return k_verdict_names.at(static_cast<std::size_t>(verdict)); }
std::string_view name_of(Certainty certainty) { return k_certainty_names.at(static_cast<std::size_t>(certainty)); }
std::string_view name_of(Depth depth) { return k_depth_names.at(static_cast<std::size_t>(depth)); }
std::string_view name_of(RegionKind kind) { return k_region_names.at(static_cast<std::size_t>(kind)); }

std::optional<Verdict> find_verdict(std::string_view name) {
  for (std::size_t i = 0; i < k_verdict_names.size(); ++i) {
    if (k_verdict_names.at(i) == name) return static_cast<Verdict>(i);
  }
  return std::nullopt;
}

std::optional<Depth> find_depth(std::string_view name) {
  for (std::size_t i = 0; i < k_depth_names.size(); ++i) {
    if (k_depth_names.at(i) == name) return static_cast<Depth>(i);
  }
  return std::nullopt;
}

}  // namespace lastgood::model
