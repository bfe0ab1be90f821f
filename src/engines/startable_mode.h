// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which rights on its folder a database's own server refuses, and whose it has to be.
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

/// The account that its server runs as on Debian; empty: of this kind nobody says.
[[nodiscard]] constexpr const char* server_account(std::string_view kind) {
  return kind == "postgresql" ? "postgres" : kind == "mariadb" ? "mysql" : "";
}

}  // namespace lastgood::engines
