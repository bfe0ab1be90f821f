// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/evidence.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <utility>

namespace lastgood::os {

namespace {

constexpr int k_directory_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
// O_NONBLOCK: a FIFO that took a file's place must not stop the scan.
constexpr int k_file_flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
// The kernel refuses paths of 4096 bytes and more; longer ones are opened in steps of at most this many.
constexpr std::size_t k_step_bytes = 4000;

/// openat2 that follows no link at all; -1 and errno as the system gives it.
int open_without_links(int directory, const char* path, int flags) {
  struct open_how how {};
  how.flags = static_cast<unsigned>(flags);
  how.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_BENEATH;
  return static_cast<int>(::syscall(SYS_openat2, directory, path, &how, sizeof how));
}

/// True when reading there cannot change an access time anyway.
bool keeps_no_access_times(int directory) {
  struct statvfs status {};
  return ::fstatvfs(directory, &status) == 0 && (status.f_flag & (ST_NOATIME | ST_RDONLY)) != 0;
}

/// With O_NOATIME; the kernel grants that to root and to the owner only. Elsewhere the file is opened without it when
/// its file system keeps no access times, and otherwise not at all.
template <typename Open>
int open_keeping_access_time(int directory, int flags, Open open) {
  const int fd = open(flags | O_NOATIME);
  if (fd >= 0 || errno != EPERM) return fd;
  if (!keeps_no_access_times(directory)) {
    errno = EPERM;
    return -1;
  }
  return open(flags);
}

base::Error cannot_open(std::string_view path, int errno_value) {
  base::Error error = base::system_error("open", path, errno_value);
  if (errno_value == EPERM || errno_value == EACCES) {
    error.hint = "run as root: only root and a file's owner may read it without changing its access time";
  }
  return error;
}

/// Held at the ends of 64 bits: file systems can keep, and attackers can set, times beyond the year 2262.
std::int64_t nanoseconds_of(const timespec& time) {
  constexpr std::int64_t k_second_ns = 1'000'000'000;
  if (time.tv_sec >= INT64_MAX / k_second_ns) return INT64_MAX;
  if (time.tv_sec <= INT64_MIN / k_second_ns) return INT64_MIN;
  return time.tv_sec * k_second_ns + time.tv_nsec;
}

FileStatus from_stat(const struct stat& status) {
  FileStatus out;
  out.kind = S_ISREG(status.st_mode)   ? FileKind::regular
             : S_ISDIR(status.st_mode) ? FileKind::directory
             : S_ISLNK(status.st_mode) ? FileKind::link
                                       : FileKind::other;
  out.device = status.st_dev;
  out.inode = status.st_ino;
  out.size_bytes = status.st_size > 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
  out.allocated_bytes = static_cast<std::uint64_t>(status.st_blocks) * 512;
  out.mtime_ns = nanoseconds_of(status.st_mtim);
  out.ctime_ns = nanoseconds_of(status.st_ctim);
  return out;
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

base::Result<Descriptor> open_evidence_root(const std::string& path) {
  // For the check of the mount, the folder itself is needed first; O_PATH touches nothing.
  const Descriptor place(::open(path.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!place.open()) return cannot_open(path, errno);
  const int fd = open_keeping_access_time(place.get(), k_directory_flags,
                                          [&](int flags) { return ::openat(place.get(), ".", flags); });
  if (fd < 0) return cannot_open(path, errno);
  return Descriptor(fd);
}

std::optional<std::string> find_real_path(const Descriptor& directory, const std::string& path) {
  std::error_code trouble;
  const std::filesystem::path real = std::filesystem::canonical(path, trouble);
  if (trouble) return std::nullopt;
  const base::Result<Descriptor> again = open_evidence_root(real.string());
  if (!again.ok()) return std::nullopt;
  const base::Result<FileStatus> ours = status_of(directory, path);
  const base::Result<FileStatus> theirs = status_of(again.value(), path);
  const bool is_same = ours.ok() && theirs.ok() && ours.value().inode == theirs.value().inode &&
                       ours.value().device == theirs.value().device;
  return is_same ? std::optional(real.string()) : std::nullopt;
}

base::Result<Descriptor> open_evidence_directory(const Descriptor& root, std::string_view relative) {
  if (relative.empty()) relative = ".";
  Descriptor step;
  int base_fd = root.get();
  while (relative.size() > k_step_bytes) {
    const std::size_t cut = relative.rfind('/', k_step_bytes);
    if (cut == std::string_view::npos || cut == 0) return cannot_open(relative, ENAMETOOLONG);
    Descriptor next(
        open_without_links(base_fd, std::string(relative.substr(0, cut)).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!next.open()) return cannot_open(relative.substr(0, cut), errno);
    step = std::move(next);
    base_fd = step.get();
    relative.remove_prefix(cut + 1);
  }
  const std::string last(relative);
  const int fd = open_keeping_access_time(base_fd, k_directory_flags,
                                          [&](int flags) { return open_without_links(base_fd, last.c_str(), flags); });
  if (fd < 0) return cannot_open(relative, errno);
  return Descriptor(fd);
}

base::Result<FileStatus> status_of(const Descriptor& file, std::string_view path_for_messages) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return base::system_error("stat", path_for_messages, errno);
  return from_stat(status);
}

base::Result<FileStatus> status_at(const Descriptor& directory, const std::string& name,
                                   std::string_view path_for_messages) {
  struct stat status {};
  if (::fstatat(directory.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) != 0) {
    return base::system_error("stat", path_for_messages, errno);
  }
  return from_stat(status);
}

bool is_pseudo_file_system(const Descriptor& directory) {
  constexpr std::array<long, 14> k_magics = {PROC_SUPER_MAGIC,   SYSFS_MAGIC,         DEBUGFS_MAGIC, SECURITYFS_MAGIC,
                                             CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC, TRACEFS_MAGIC, DEVPTS_SUPER_MAGIC,
                                             EFIVARFS_MAGIC,     PSTOREFS_MAGIC,      BPF_FS_MAGIC,  BINFMTFS_MAGIC,
                                             SELINUX_MAGIC,      0x19800202 /* POSIX message queues */};
  struct statfs status {};
  if (::fstatfs(directory.get(), &status) != 0) return false;
  for (const long magic : k_magics) {
    if (status.f_type == magic) return true;
  }
  return false;
}

EvidenceFile::EvidenceFile(Descriptor file, FileStatus status, std::string path)
    : file_(std::move(file)), status_(status), path_(std::move(path)) {}

base::Result<std::size_t> EvidenceFile::read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) {
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t got =
        ::pread(file_.get(), into.data() + done, into.size() - done, static_cast<off_t>(offset_bytes + done));
    if (got == 0) break;
    if (got < 0) {
      if (errno == EINTR) continue;
      base::Error error = base::system_error("read", path_, errno);
      error.offset_bytes = offset_bytes + done;
      error.what += " at byte " + std::to_string(offset_bytes + done);
      return error;
    }
    done += static_cast<std::size_t>(got);
  }
  return done;
}

std::uint64_t EvidenceFile::next_data(std::uint64_t offset_bytes) {
  if (offset_bytes >= status_.size_bytes) return status_.size_bytes;
  const off_t found = ::lseek(file_.get(), static_cast<off_t>(offset_bytes), SEEK_DATA);
  if (found >= 0) return static_cast<std::uint64_t>(found);
  // ENXIO: only a hole follows. Any other answer means that this file system cannot tell.
  return errno == ENXIO ? status_.size_bytes : offset_bytes;
}

base::Result<EvidenceFile> open_evidence_file(const Descriptor& directory, const std::string& name,
                                              std::string path_for_messages) {
  const int fd = open_keeping_access_time(directory.get(), k_file_flags,
                                          [&](int flags) { return ::openat(directory.get(), name.c_str(), flags); });
  if (fd < 0) return cannot_open(path_for_messages, errno);
  Descriptor file(fd);
  LG_ASSIGN(const FileStatus status, status_of(file, path_for_messages));
  if (status.kind != FileKind::regular) {
    return base::Error{.code = base::ErrorCode::misuse,
                       .what = "cannot read '" + base::printable(path_for_messages) + "': it is no regular file",
                       .path = path_for_messages,
                       .offset_bytes = {},
                       .system_errno = 0,
                       .hint = {}};
  }
  return EvidenceFile(std::move(file), status, std::move(path_for_messages));
}

}  // namespace lastgood::os
