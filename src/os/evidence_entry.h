// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// All that a file system keeps about a name of evidence beside its bytes, for bringing it back as it was. Nothing is
// opened but directories; links are described, never followed; access times stay.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "os/evidence.h"

namespace lastgood::os {

enum class EntryType : std::uint8_t { regular, directory, link, fifo, socket, character_device, block_device };

/// As statx(2) tells it. Times are held at the ends of what 64 bits of nanoseconds can say.
struct EntryStatus {
  EntryType type = EntryType::regular;
  std::uint32_t mode = 0;  // 07777
  std::uint32_t user_id = 0;
  std::uint32_t group_id = 0;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t links = 0;
  std::uint64_t size_bytes = 0;
  std::uint64_t device_number = 0;  // of a device node, as makedev(3)
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  std::int64_t birth_ns = 0;  // 0: not kept
  std::uint32_t flags = 0;    // FS_IOC_GETFLAGS bits: append, immutable, nodump
};

/// Of the entry `name` of `directory`; "" is the directory itself. Any thread.
[[nodiscard]] base::Result<EntryStatus> entry_status_at(const Descriptor& directory, const std::string& name,
                                                        std::string_view path_for_messages);

/// The bytes of a link. Reading one sets its access time, which no open flag prevents: ErrorCode::denied unless the
/// directory comes from hold_access_times or its mount keeps none.
[[nodiscard]] base::Result<std::string> read_link_at(const Descriptor& directory, const std::string& name,
                                                     std::string_view path_for_messages);

struct NamedValue {
  std::string name;
  std::string value;
};

/// Extended attributes sorted by name, ACLs among them in the kernel's binary form; none where the file system has
/// none. Needs /proc.
[[nodiscard]] base::Result<std::vector<NamedValue>> read_attributes_at(const Descriptor& directory,
                                                                       const std::string& name,
                                                                       std::string_view path_for_messages);

/// The same directory through a private, detached view of its mount (and those below) that is read-only and keeps no
/// access times: open_tree(2) and mount_setattr(2), Linux 5.12, needs CAP_SYS_ADMIN. Where that is not given, the
/// directory as it is. The view ends with the descriptors that were opened through it.
[[nodiscard]] Descriptor hold_access_times(Descriptor directory);

}  // namespace lastgood::os
