// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/directory_list.h"

#include <dirent.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "base/byte_view.h"

namespace lastgood::os {

namespace {

constexpr std::size_t k_buffer_bytes = 128 * 1024;
// struct linux_dirent64: inode 8, offset 8, record length 2, type 1, then the name with its NUL.
constexpr std::size_t k_length_offset = 16;
constexpr std::size_t k_type_offset = 18;
constexpr std::size_t k_name_offset = 19;

std::optional<FileKind> kind_of(std::uint8_t type) {
  switch (type) {
    case DT_REG: return FileKind::regular;
    case DT_DIR: return FileKind::directory;
    case DT_LNK: return FileKind::link;
    case DT_UNKNOWN: return std::nullopt;
    default: return FileKind::other;
  }
}

}  // namespace

base::Status list_directory(const Descriptor& directory, std::string_view path_for_messages,
                            const EntryVisitor& visitor) {
  thread_local std::vector<std::uint8_t> buffer(k_buffer_bytes);
  while (true) {
    const long got = ::syscall(SYS_getdents64, directory.get(), buffer.data(), buffer.size());
    if (got < 0) {
      if (errno == EINTR) continue;
      return base::system_error("list", path_for_messages, errno);
    }
    if (got == 0) return base::Done{};
    const base::ByteView entries(std::span<const std::uint8_t>(buffer).first(static_cast<std::size_t>(got)));
    std::uint64_t at = 0;
    while (at + k_name_offset < entries.size()) {
      const std::uint16_t length = entries.le16(at + k_length_offset);
      if (length <= k_name_offset) break;
      std::string_view name = entries.part(at + k_name_offset, length - k_name_offset).text();
      name = name.substr(0, name.find('\0'));
      if (name != "." && name != ".." && !visitor(name, kind_of(entries.u8(at + k_type_offset)))) return base::Done{};
      at += length;
    }
  }
}

}  // namespace lastgood::os
