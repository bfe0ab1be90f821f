// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One name in one folder of one snapshot, with everything a restore has to put back. Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/finding.h"

namespace lastgood::model {

enum class EntryKind : std::uint8_t { regular, folder, link, fifo, socket, character_device, block_device };

/// An extended attribute as setxattr(2) takes it. POSIX ACLs are "system.posix_acl_access" and "..._default" in the
/// kernel's binary form, whatever form the source keeps them in.
struct Attribute {
  std::string name;
  std::string value;
  bool operator==(const Attribute&) const = default;
};

/// Names the bytes of a regular file within one source: the same key is the same bytes. 32 bytes, for lookups; where
/// the source knows it, the SHA-256 of the content itself (then it also holds across sources).
using ContentKey = std::string;

/// What a source needs to find a content again. `handle` is understood by the source that gave it only.
struct ContentRef {
  ContentKey key;
  std::uint64_t size_bytes = 0;
  std::string handle;
};

/// Permission bits of `mode` that a restore may set: 07777.
inline constexpr std::uint32_t k_mode_bits = 07777;

struct TreeEntry {
  std::string name;  // bytes; never empty, ".", "..", and without '/' and NUL: sources refuse others as findings
  EntryKind kind = EntryKind::regular;
  std::uint32_t mode = 0;  // permission bits with setuid, setgid, sticky
  std::uint32_t user_id = 0;
  std::uint32_t group_id = 0;
  std::string user;  // as the source says; may be empty
  std::string group;
  std::int64_t mtime_ns = 0;          // since 1970, UTC
  std::int64_t ctime_ns = 0;          // 0: the source does not keep it
  std::uint64_t device_number = 0;    // of devices, as makedev(3) gives it
  std::string link_target;            // of links; bytes, as readlink(2) gives them
  std::uint64_t link_group = 0;       // regular files with the same number, not 0, in one snapshot are one file
  std::uint32_t flags = 0;            // FS_IOC_GETFLAGS bits that a restore may set: append, immutable, nodump
  std::vector<Attribute> attributes;  // sorted by name
  ContentRef content;                 // of regular files
  std::string subtree;                // of folders: id for Source::read_folder
  std::vector<Finding> findings;  // oddities of this entry: parts that borg replaced by zeros, an error restic noted
};

}  // namespace lastgood::model
