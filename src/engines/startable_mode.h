// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which rights on its folder a database's own server refuses.
#pragma once

#include <cstdint>
#include <string_view>

namespace lastgood::engines {

/// `mode` where a server of this kind ("postgresql") starts on a folder that has it; else one with which it does. Only
/// PostgreSQL asks: it takes no folder into which the group may write or others get (0700 and 0750 are the usual ones).
[[nodiscard]] constexpr std::uint32_t startable_mode(std::string_view kind, std::uint32_t mode) {
  constexpr std::uint32_t k_refused = 0027;
  constexpr std::uint32_t k_owner_alone = 0700;
  return kind == "postgresql" && (mode & k_refused) != 0 ? k_owner_alone : mode;
}

}  // namespace lastgood::engines
