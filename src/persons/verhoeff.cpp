// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "persons/verhoeff.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace lastgood::persons {

namespace {

using Row = std::array<std::uint8_t, 10>;

// Products of the dihedral group of ten.
constexpr std::array<Row, 10> k_product = {{{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
                                            {1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
                                            {2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
                                            {3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
                                            {4, 0, 1, 2, 3, 9, 5, 6, 7, 8},
                                            {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
                                            {6, 5, 9, 8, 7, 1, 0, 4, 3, 2},
                                            {7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
                                            {8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
                                            {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}}};
constexpr Row k_first_permutation = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
constexpr Row k_inverse = {0, 4, 3, 2, 1, 5, 6, 7, 8, 9};

/// The permutation to the powers 0 to 7.
constexpr std::array<Row, 8> k_permutations = [] {
  std::array<Row, 8> out{};
  for (std::uint8_t i = 0; i < 10; ++i) out[0][i] = i;
  for (std::size_t power = 1; power < 8; ++power)
    for (std::size_t i = 0; i < 10; ++i) out[power][i] = k_first_permutation[out[power - 1][i]];
  return out;
}();

std::uint8_t checksum(std::string_view digits, std::size_t first_power) {
  std::uint8_t sum = 0;
  std::size_t power = first_power;
  for (std::size_t i = digits.size(); i-- > 0; ++power)
    sum = k_product[sum][k_permutations[power & 7U][static_cast<std::size_t>(digits[i] - '0') % 10]];
  return sum;
}

}  // namespace

bool passes_verhoeff(std::string_view digits) { return !digits.empty() && checksum(digits, 0) == 0; }

char verhoeff_digit(std::string_view digits) { return static_cast<char>('0' + k_inverse[checksum(digits, 1)]); }

}  // namespace lastgood::persons
