// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// POSIX ACLs as tar writes them, "user::rw-,user:anita:r--:1000,mask::r--", to the kernel's binary form (version 2 of
// linux/posix_acl_xattr.h). Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace lastgood::sources::tar {

enum class NameKind : std::uint8_t { user, group };
/// The number of a name, where somebody knows it.
using FindId = std::function<std::optional<std::uint32_t>(NameKind kind, std::string_view name)>;

/// Nothing when an entry has another shape, or names somebody whose number nobody knows: half an ACL may open a file
/// to those it kept out.
[[nodiscard]] std::optional<std::string> parse_acl_text(std::string_view text, const FindId& find_id);

}  // namespace lastgood::sources::tar
