// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// POSIX ACLs from borg's text to the bytes that setxattr(2) takes as "system.posix_acl_access" and "..._default".
//
// Text (acl_to_text(3) with one field more): lines or commas, "user:NAME:rw-[:ID]", "group:...", "mask::r--",
// "other::r--", comments after '#'. Bytes (linux/posix_acl_xattr.h): version 2 as u32, then per entry tag u16,
// permissions u16, id u32, little endian, sorted by tag and id.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lastgood::sources::borg {

/// Names without a number beside them count when they are a number themselves; no account database is asked. Nothing
/// when an entry is none, when users or groups are named that have no number, or when parts that every ACL has (user,
/// group and others; a mask where users or groups are named) are missing or there twice.
[[nodiscard]] std::optional<std::string> parse_acl_text(std::string_view text);

}  // namespace lastgood::sources::borg
