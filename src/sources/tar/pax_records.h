// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The records of a pax extended header, "LENGTH KEY=VALUE\n" each (POSIX.1-2001, pax, "pax Extended Header"), and what
// star, GNU tar and libarchive add to them. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_view.h"
#include "model/tree_entry.h"
#include "sources/tar/sparse_map.h"

namespace lastgood::sources::tar {

/// What records say about the member that follows; what is not there stands in its own header.
struct PaxFields {
  std::optional<std::string> path;
  std::optional<std::string> link_path;
  std::optional<std::string> user;
  std::optional<std::string> group;
  std::optional<std::uint64_t> size_bytes;
  std::optional<std::uint64_t> user_id;
  std::optional<std::uint64_t> group_id;
  std::optional<std::int64_t> mtime_ns;
  std::optional<std::int64_t> ctime_ns;
  std::vector<model::Attribute> attributes;  // unsorted, last of a name counts
  std::string acl_access;                    // text, as star writes it
  std::string acl_default;
  std::uint32_t flags = 0;  // FS_IOC_GETFLAGS bits
  // GNU.sparse.*:
  std::optional<std::uint64_t> sparse_major;
  std::optional<std::string> sparse_name;
  std::optional<std::uint64_t> sparse_real_size;
  std::vector<SparsePart> sparse_parts;      // forms 0.0 and 0.1
  std::optional<std::uint64_t> part_offset;  // form 0.0: its length follows
};

/// Puts the records of `bytes` over `fields`. The first record that breaks the form ends it: the sentence says where.
[[nodiscard]] std::optional<std::string> parse_pax_records(base::ByteView bytes, PaxFields& fields);

/// "1669086245.123456789", "-1.5": as nanoseconds; digits beyond nine are dropped. Nothing for other text.
[[nodiscard]] std::optional<std::int64_t> parse_pax_time(std::string_view text);

}  // namespace lastgood::sources::tar
