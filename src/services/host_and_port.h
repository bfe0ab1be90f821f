// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Where a service listens.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lastgood::services {

/// "127.0.0.1:5432", "[::1]:5432", "db1:5432".
struct HostAndPort {
  std::string host;  // without brackets
  std::uint16_t port = 0;
};
[[nodiscard]] std::optional<HostAndPort> parse_host_and_port(std::string_view text);

}  // namespace lastgood::services
