// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// POSIX ACLs from the text in borg's and tar's archives to the bytes that setxattr(2) takes as
// "system.posix_acl_access" and "..._default".
//
// Text (acl_to_text(3), with a fourth field from borg and star): lines or commas, "user:NAME:rw-[:ID]", "group:...",
// "mask::r--" or "mask:r--", "other::r--", comments after '#'. Bytes (linux/posix_acl_xattr.h): version 2 as u32, then
// per entry tag u16, permissions u16, id u32, little endian, sorted by tag and id.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace lastgood::sources {

enum class NameKind : std::uint8_t { user, group };
/// The number of a name, where the archive has it elsewhere.
using FindId = std::function<std::optional<std::uint32_t>(NameKind kind, std::string_view name)>;

/// The number beside a name counts, then a name that is a number itself, then what `find_id` says; no account database
/// is asked. Nothing when an entry is none, when somebody is named whose number nobody knows (half an ACL may open a
/// file to those it kept out), or when parts that every ACL has (user, group and others; a mask where users or groups
/// are named) are missing or there twice.
[[nodiscard]] std::optional<std::string> parse_acl_text(std::string_view text, const FindId& find_id = {});

}  // namespace lastgood::sources
