// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What rules read out of the facts, and the words in which they answer. Pure.
#pragma once

#include <string>
#include <vector>

#include "verdict/decide_verdict.h"

namespace lastgood::verdict {

/// A content is "encrypted" rather than "partly" when at least this share of the tested bytes is random.
inline constexpr double k_whole_share = 0.95;
/// Families put up to these many bytes of their own in front and behind; they are not random where they name a contact.
inline constexpr std::uint64_t k_own_header_bytes = 1024;
inline constexpr std::uint64_t k_own_footer_bytes = 2048;
/// A random run of so many bytes is no chance.
inline constexpr std::uint64_t k_run_bytes = 4096;

[[nodiscard]] Judgement judgement(model::Verdict verdict, model::Certainty certainty, std::string format,
                                  std::vector<model::Reason> reasons, std::vector<model::ByteRange> ranges = {});

/// The structure that holds, its owner's encryption included; null: none. Lives as long as `facts`.
[[nodiscard]] const StructureFact* find_whole(const Facts& facts);
/// The broken structure that says most: one the content itself named, else one the name did.
[[nodiscard]] const StructureFact* find_broken(const Facts& facts);

/// Of the tested bytes, 0 to 1.
[[nodiscard]] double random_share(const TextureFact& texture);
/// All is random, or all but a header and a footer of the attack's own.
[[nodiscard]] bool covers_nearly_all(const Facts& facts);
/// encrypted over everything, or partly_encrypted with the ranges that could be told.
[[nodiscard]] Judgement replaced(const Facts& facts, model::Certainty certainty, std::string format,
                                 std::vector<model::Reason> reasons);

}  // namespace lastgood::verdict
