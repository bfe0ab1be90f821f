// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/evidence_entry.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <linux/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace lastgood::os {

namespace {

// The kernel's own limit for names of attributes together, and for one value (XATTR_LIST_MAX, XATTR_SIZE_MAX).
constexpr std::size_t k_attribute_bytes_max = 65'536;
constexpr std::size_t k_link_bytes_max = 65'536;

std::int64_t nanoseconds_of(const statx_timestamp& time) {
  constexpr std::int64_t k_second_ns = 1'000'000'000;
  if (time.tv_sec >= INT64_MAX / k_second_ns) return INT64_MAX;
  if (time.tv_sec <= INT64_MIN / k_second_ns) return INT64_MIN;
  return time.tv_sec * k_second_ns + time.tv_nsec;
}

EntryType type_of(std::uint16_t mode) {
  switch (mode & S_IFMT) {
    case S_IFDIR: return EntryType::directory;
    case S_IFLNK: return EntryType::link;
    case S_IFIFO: return EntryType::fifo;
    case S_IFSOCK: return EntryType::socket;
    case S_IFCHR: return EntryType::character_device;
    case S_IFBLK: return EntryType::block_device;
    default: return EntryType::regular;
  }
}

std::uint32_t flags_of(std::uint64_t attributes) {
  std::uint32_t flags = 0;
  if ((attributes & STATX_ATTR_APPEND) != 0) flags |= FS_APPEND_FL;
  if ((attributes & STATX_ATTR_IMMUTABLE) != 0) flags |= FS_IMMUTABLE_FL;
  if ((attributes & STATX_ATTR_NODUMP) != 0) flags |= FS_NODUMP_FL;
  return flags;
}

/// A path for calls that know no directory descriptors; its last part is not followed by the calls that begin with l.
std::string path_through_proc(const Descriptor& directory, const std::string& name) {
  return "/proc/self/fd/" + std::to_string(directory.get()) + "/" + (name.empty() ? "." : name);
}

/// The value of one attribute. It may grow between the two calls, then it is asked for once more.
base::Result<std::string> read_attribute(const std::string& path, const std::string& name,
                                         std::string_view path_for_messages) {
  std::string value(256, '\0');
  ssize_t length = ::lgetxattr(path.c_str(), name.c_str(), value.data(), value.size());
  if (length < 0 && errno == ERANGE) {
    value.resize(k_attribute_bytes_max);
    length = ::lgetxattr(path.c_str(), name.c_str(), value.data(), value.size());
  }
  if (length < 0)
    return base::system_error("read attribute '" + base::printable(name) + "' of", path_for_messages, errno);
  value.resize(static_cast<std::size_t>(length));
  return value;
}

bool keeps_no_access_times(const Descriptor& directory) {
  struct statvfs status {};
  return ::fstatvfs(directory.get(), &status) == 0 && (status.f_flag & (ST_NOATIME | ST_RDONLY)) != 0;
}

}  // namespace

base::Result<EntryStatus> entry_status_at(const Descriptor& directory, const std::string& name,
                                          std::string_view path_for_messages) {
  struct statx status {};
  const int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | (name.empty() ? AT_EMPTY_PATH : 0);
  if (::statx(directory.get(), name.c_str(), flags, STATX_BASIC_STATS | STATX_BTIME, &status) != 0) {
    return base::system_error("stat", path_for_messages, errno);
  }
  EntryStatus out;
  out.type = type_of(status.stx_mode);
  out.mode = status.stx_mode & 07777U;
  out.user_id = status.stx_uid;
  out.group_id = status.stx_gid;
  out.device = makedev(status.stx_dev_major, status.stx_dev_minor);
  out.inode = status.stx_ino;
  out.links = status.stx_nlink;
  out.size_bytes = status.stx_size;
  out.mtime_ns = nanoseconds_of(status.stx_mtime);
  out.ctime_ns = nanoseconds_of(status.stx_ctime);
  if ((status.stx_mask & STATX_BTIME) != 0) out.birth_ns = nanoseconds_of(status.stx_btime);
  out.flags = flags_of(status.stx_attributes);
  if (out.type == EntryType::character_device || out.type == EntryType::block_device) {
    out.device_number = makedev(status.stx_rdev_major, status.stx_rdev_minor);
  }
  return out;
}

base::Result<std::string> read_link_at(const Descriptor& directory, const std::string& name,
                                       std::string_view path_for_messages) {
  if (!keeps_no_access_times(directory)) {
    base::Error error = base::system_error("read link", path_for_messages, EPERM);
    error.hint = "run as root, or mount the file system read-only: reading a link would change its access time";
    return error;
  }
  std::string target(256, '\0');
  while (true) {
    const ssize_t length = ::readlinkat(directory.get(), name.c_str(), target.data(), target.size());
    if (length < 0) return base::system_error("read link", path_for_messages, errno);
    if (static_cast<std::size_t>(length) < target.size() || target.size() >= k_link_bytes_max) {
      target.resize(static_cast<std::size_t>(length));
      return target;
    }
    target.resize(target.size() * 8);
  }
}

base::Result<std::vector<NamedValue>> read_attributes_at(const Descriptor& directory, const std::string& name,
                                                         std::string_view path_for_messages) {
  thread_local std::vector<char> names(k_attribute_bytes_max);
  const std::string path = path_through_proc(directory, name);
  const ssize_t length = ::llistxattr(path.c_str(), names.data(), names.size());
  std::vector<NamedValue> out;
  if (length < 0) {
    if (errno == ENOTSUP) return out;
    return base::system_error("list attributes of", path_for_messages, errno);
  }
  const std::string_view list(names.data(), static_cast<std::size_t>(length));
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find('\0', at), list.size());
    const std::string attribute(list.substr(at, end - at));
    at = end + 1;
    auto value = read_attribute(path, attribute, path_for_messages);
    if (!value.ok()) {
      if (value.error().system_errno == ENODATA) continue;  // removed meanwhile, or not for us to see
      return std::move(value).error();
    }
    out.push_back({attribute, std::move(value).value()});
  }
  std::sort(out.begin(), out.end(), [](const NamedValue& a, const NamedValue& b) { return a.name < b.name; });
  return out;
}

Descriptor hold_access_times(Descriptor directory) {
  if (keeps_no_access_times(directory)) return directory;
  constexpr unsigned k_flags = AT_EMPTY_PATH | AT_RECURSIVE;
  const Descriptor view(static_cast<int>(::syscall(
      SYS_open_tree, directory.get(), "", k_flags | OPEN_TREE_CLONE | static_cast<unsigned>(OPEN_TREE_CLOEXEC))));
  if (!view.open()) return directory;
  struct mount_attr wanted {};
  wanted.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOATIME | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NOSUID;
  wanted.attr_clr = MOUNT_ATTR__ATIME;
  if (::syscall(SYS_mount_setattr, view.get(), "", k_flags, &wanted, sizeof wanted) != 0) return directory;
  // The view itself is a place only (O_PATH); reading names needs a descriptor of its own.
  Descriptor opened(::openat(view.get(), ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  return opened.open() ? std::move(opened) : std::move(directory);
}

}  // namespace lastgood::os
