// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The bytes of one inode, as long as it stays what it was when it was listed.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "model/tree_entry.h"
#include "os/evidence.h"
#include "sources/source.h"

namespace lastgood::sources::folder {

struct InodeIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size_bytes = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  bool operator==(const InodeIdentity&) const = default;
};

/// SHA-256 over "inode" and the numbers, 8 bytes each, little endian. No content key: the bytes are not read for it.
[[nodiscard]] model::ContentKey inode_key(const InodeIdentity& identity);

/// Opens `name` in `directory`. ErrorCode::damaged_source when it is no longer what `listed` names.
[[nodiscard]] base::Result<std::unique_ptr<Content>> open_inode(const os::Descriptor& directory,
                                                                const std::string& name, std::string path_for_messages,
                                                                const model::ContentRef& listed);

}  // namespace lastgood::sources::folder
