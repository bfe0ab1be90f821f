// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a restore and its proof ask of what stands in the target.
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>

#include "os/restore_target.h"

namespace lastgood::os {

namespace {

// The kernel's own limits: XATTR_LIST_MAX and XATTR_SIZE_MAX.
constexpr std::size_t k_names_bytes_max = 65536;
constexpr int k_folders_up_max = 8192;

TargetKind kind_of(std::uint16_t mode) {
  if (S_ISREG(mode)) return TargetKind::regular;
  if (S_ISDIR(mode)) return TargetKind::folder;
  if (S_ISLNK(mode)) return TargetKind::link;
  if (S_ISFIFO(mode)) return TargetKind::fifo;
  if (S_ISCHR(mode)) return TargetKind::character_device;
  if (S_ISBLK(mode)) return TargetKind::block_device;
  return TargetKind::socket;
}

base::Result<TargetStatus> status(int directory, const char* name, int flags, std::string_view path) {
  struct statx found {};
  if (::statx(directory, name, flags | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, STATX_BASIC_STATS | STATX_MNT_ID,
              &found) != 0) {
    return base::system_error("stat", path, errno);
  }
  return TargetStatus{.kind = kind_of(found.stx_mode),
                      .device = makedev(found.stx_dev_major, found.stx_dev_minor),
                      .inode = found.stx_ino,
                      .mount = found.stx_mnt_id,
                      .links = found.stx_nlink,
                      .size_bytes = found.stx_size,
                      .mtime_ns = found.stx_mtime.tv_sec * 1'000'000'000 + found.stx_mtime.tv_nsec,
                      .device_number = makedev(found.stx_rdev_major, found.stx_rdev_minor),
                      .mode = found.stx_mode & 07777U,
                      .user_id = found.stx_uid,
                      .group_id = found.stx_gid};
}

struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;
  bool operator==(const FileIdentity&) const = default;
};

}  // namespace

base::Result<TargetStatus> target_status(const Descriptor& file, std::string_view path) {
  return status(file.get(), "", AT_EMPTY_PATH, path);
}

base::Result<TargetStatus> target_status_at(const Descriptor& folder, const std::string& name, std::string_view path) {
  return status(folder.get(), name.c_str(), 0, path);
}

base::Result<std::string> read_target_link(const Descriptor& folder, const std::string& name, std::string_view path) {
  std::array<char, PATH_MAX> target{};
  const ssize_t length = ::readlinkat(folder.get(), name.c_str(), target.data(), target.size());
  if (length < 0) return base::system_error("read link", path, errno);
  return std::string(target.data(), static_cast<std::size_t>(length));
}

base::Result<std::size_t> read_at(const Descriptor& file, std::uint64_t offset_bytes, std::span<std::uint8_t> into,
                                  std::string_view path) {
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t got =
        ::pread(file.get(), into.data() + done, into.size() - done, static_cast<off_t>(offset_bytes + done));
    if (got == 0) break;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return base::system_error("read", path, errno);
    done += static_cast<std::size_t>(got);
  }
  return done;
}

base::Result<std::vector<ReadAttribute>> read_attributes(const Descriptor& file, std::string_view path) {
  std::vector<ReadAttribute> out;
  const ssize_t needed = ::flistxattr(file.get(), nullptr, 0);
  if (needed == 0 || (needed < 0 && errno == EOPNOTSUPP)) return out;
  std::string names(k_names_bytes_max, '\0');
  const ssize_t length = ::flistxattr(file.get(), names.data(), names.size());
  if (length < 0) return base::system_error("list the attributes of", path, errno);
  names.resize(static_cast<std::size_t>(length));
  std::string value(k_names_bytes_max, '\0');
  for (std::size_t at = 0; at < names.size();) {
    const std::string name = names.c_str() + at;
    at += name.size() + 1;
    const ssize_t bytes = ::fgetxattr(file.get(), name.c_str(), value.data(), value.size());
    if (bytes < 0) return base::system_error("read attribute '" + base::printable(name) + "' of", path, errno);
    out.push_back({name, value.substr(0, static_cast<std::size_t>(bytes))});
  }
  std::sort(out.begin(), out.end(), [](const ReadAttribute& a, const ReadAttribute& b) { return a.name < b.name; });
  return out;
}

std::uint32_t read_flags(const Descriptor& file) {
  int flags = 0;
  return ::ioctl(file.get(), FS_IOC_GETFLAGS, &flags) == 0 ? static_cast<std::uint32_t>(flags) : 0;
}

void forget_pages(const Descriptor& file) { (void)::posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED); }

base::Result<bool> lies_inside(const std::string& path, const std::string& above) {
  struct stat self {};
  if (::stat(path.c_str(), &self) != 0) return base::system_error("stat", path, errno);
  std::string folder = path;
  if (!S_ISDIR(self.st_mode)) {
    const std::size_t slash = path.find_last_of('/');
    folder = slash == std::string::npos ? "." : path.substr(0, std::max<std::size_t>(slash, 1));
  }
  struct stat wanted {};
  if (::stat(above.c_str(), &wanted) != 0) return base::system_error("stat", above, errno);
  if (FileIdentity{self.st_dev, self.st_ino} == FileIdentity{wanted.st_dev, wanted.st_ino}) return true;
  Descriptor here(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!here.open()) return base::system_error("open", folder, errno);
  FileIdentity before;
  for (int steps = 0; steps < k_folders_up_max; ++steps) {
    struct stat status_here {};
    if (::fstat(here.get(), &status_here) != 0) return base::system_error("stat", folder, errno);
    const FileIdentity now{status_here.st_dev, status_here.st_ino};
    if (now == FileIdentity{wanted.st_dev, wanted.st_ino}) return true;
    if (steps > 0 && now == before) return false;
    before = now;
    Descriptor up(::openat(here.get(), "..", O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!up.open()) return base::system_error("open", folder, errno);
    here = std::move(up);
  }
  return base::system_error("open", folder, ENAMETOOLONG);
}

std::uint64_t raise_open_files() {
  struct rlimit limit {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 256;
  if (limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    (void)::setrlimit(RLIMIT_NOFILE, &limit);
    (void)::getrlimit(RLIMIT_NOFILE, &limit);
  }
  return limit.rlim_cur;
}

}  // namespace lastgood::os
