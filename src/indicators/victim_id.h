// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The number by which an attacker knows whom he attacked: police and decryptor projects ask for it first. It has no
// checksum, so the words before it decide. Pure.
#pragma once

#include <cstddef>
#include <string_view>

namespace lastgood::indicators {

struct RunOfLetters {
  std::size_t from = 0;
  std::size_t to = 0;
};

/// Shorter runs begin an ID only where '-' joins others to them: "7F3A-92BC-11D0".
inline constexpr std::size_t k_id_bytes_min = 8;
inline constexpr std::size_t k_id_group_bytes_min = 3;

/// The run of letters and digits with all groups that '-' joins to it, on either side.
[[nodiscard]] RunOfLetters with_joined_groups(std::string_view text, RunOfLetters run);

/// It has the length of an ID and a digit, and the text before it says that it is the victim's.
[[nodiscard]] bool is_victim_id(std::string_view text, RunOfLetters run);

/// "id" as a word of its own, then at most three of " :=-[", then `at`.
[[nodiscard]] bool follows_bare_id(std::string_view text, std::size_t at);

}  // namespace lastgood::indicators
