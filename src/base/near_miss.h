// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which word was probably meant.
#pragma once

#include <span>
#include <string_view>

namespace lastgood::base {

/// The known word that takes the fewest letters added, left out, changed or swapped with a neighbour; empty when that
/// is more than a third of the word (two at most). Small and large letters are the same. Words longer than 64 letters
/// are like nothing.
std::string_view find_near_miss(std::string_view word, std::span<const std::string_view> known);

}  // namespace lastgood::base
