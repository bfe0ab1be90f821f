// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Numbers of accounts by name, from /etc/passwd and /etc/group alone: a directory server may be among what was hit, and
// asking it could hang.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace lastgood::os {

[[nodiscard]] std::optional<std::uint32_t> find_user_id(const std::string& name);
[[nodiscard]] std::optional<std::uint32_t> find_group_id(const std::string& name);

}  // namespace lastgood::os
