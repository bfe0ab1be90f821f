// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// UUIDs made from names (RFC 9562 section 5.5, version 5: SHA-1), and the namespaces that exports use
// (docs/decisions/stix-ids.md). Pure.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace lastgood::exports {

using Uuid = std::array<std::uint8_t, 16>;

/// 36 lower-case characters.
std::string text_of(const Uuid& uuid);
[[nodiscard]] std::optional<Uuid> parse_uuid(std::string_view text);

[[nodiscard]] Uuid uuid_of(const Uuid& space, std::string_view name);
/// A name of several parts: their JSON array, so that no two lists of parts make one name.
[[nodiscard]] Uuid uuid_of(const Uuid& space, std::initializer_list<std::string_view> parts);

/// The namespace that STIX 2.1 section 2.9 fixes for cyber-observable objects, and for nothing else.
inline constexpr Uuid k_observable_space = {0x00, 0xab, 0xed, 0xb4, 0xaa, 0x42, 0x46, 0x6c,
                                            0x9c, 0x01, 0xfe, 0xd2, 0x33, 0x15, 0xa9, 0xb7};
/// Ours: the namespaces of cases are made in it.
inline constexpr Uuid k_lastgood_space = {0xd3, 0x4d, 0x7a, 0x10, 0x1c, 0x88, 0x54, 0x72,
                                          0x83, 0x90, 0x3d, 0xbc, 0x50, 0x87, 0xbf, 0x12};

}  // namespace lastgood::exports
