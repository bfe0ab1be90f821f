// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/restore_target.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "os/folder.h"

namespace lastgood::os {

namespace {

// The kernel answers EAGAIN when a rename elsewhere disturbed its walk.
constexpr int k_tries_max = 1000;

/// One component, never through a link; -1 and errno as the system gives it.
int open_one(int directory, const char* name, int flags, Mounts mounts) {
  struct open_how how {};
  how.flags = static_cast<unsigned>(flags);
  how.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_BENEATH;
  if (mounts == Mounts::stay) how.resolve |= RESOLVE_NO_XDEV;
  int fd = -1;
  for (int tries = 0; tries < k_tries_max; ++tries) {
    fd = static_cast<int>(::syscall(SYS_openat2, directory, name, &how, sizeof how));
    if (fd >= 0 || (errno != EAGAIN && errno != EINTR)) break;
  }
  if (fd >= 0 || errno != ENOSYS) return fd;
  // Before Linux 5.6: one component with O_NOFOLLOW says the same, apart from mounts.
  fd = ::openat(directory, name, flags | O_NOFOLLOW);
  if (fd < 0 || mounts == Mounts::cross) return fd;
  struct stat above {};
  struct stat here {};
  if (::fstat(directory, &above) == 0 && ::fstat(fd, &here) == 0 && above.st_dev == here.st_dev) return fd;
  ::close(fd);
  errno = EXDEV;
  return -1;
}

/// linkat(2) from a descriptor. Without CAP_DAC_READ_SEARCH the kernel wants it through /proc.
int link_descriptor(int file, int folder, const char* name) {
  const int linked = ::linkat(file, "", folder, name, AT_EMPTY_PATH);
  if (linked == 0 || errno != ENOENT) return linked;
  char place[40];
  std::snprintf(place, sizeof place, "/proc/self/fd/%d", file);
  return ::linkat(AT_FDCWD, place, folder, name, AT_SYMLINK_FOLLOW);
}

mode_t type_bits(TargetKind kind) {
  switch (kind) {
    case TargetKind::fifo: return S_IFIFO;
    case TargetKind::socket: return S_IFSOCK;
    case TargetKind::character_device: return S_IFCHR;
    case TargetKind::block_device: return S_IFBLK;
    case TargetKind::regular:
    case TargetKind::folder:
    case TargetKind::link: break;
  }
  return S_IFREG;
}

base::Result<Descriptor> open_regular(int folder, const std::string& name, int how, Mounts mounts,
                                      std::string_view path) {
  // O_NONBLOCK: a FIFO that took the file's place must not stop the restore.
  const int fd = open_one(folder, name.c_str(), how | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, mounts);
  if (fd < 0) return base::system_error("open", path, errno);
  Descriptor file(fd);
  struct stat status {};
  if (::fstat(fd, &status) != 0) return base::system_error("stat", path, errno);
  if (!S_ISREG(status.st_mode)) return base::system_error("open", path, EINVAL);
  return file;
}

base::Status checked_name(std::string_view name, std::string_view path) {
  if (is_entry_name(name)) return base::Done{};
  return base::Error{.code = base::ErrorCode::misuse,
                     .what = "cannot write '" + base::printable(path) + "': '" + base::printable(name.substr(0, 300)) +
                             "' cannot be one name in a folder",
                     .path = std::string(path)};
}

}  // namespace

bool is_entry_name(std::string_view name) {
  return !name.empty() && name.size() <= 255 && name != "." && name != ".." &&
         name.find('/') == std::string_view::npos && name.find('\0') == std::string_view::npos;
}

bool stops_restore(const base::Error& error) {
  switch (error.system_errno) {
    case ENOSPC:
    case EDQUOT:
    case EIO:
    case EROFS:
    case ENODEV:
    case ENXIO:
    case ESTALE:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case EBADF: return true;
    default: return error.code == base::ErrorCode::cancelled;
  }
}

bool RestoreTarget::refused(TargetCall call) const {
  if (gate_ == nullptr) return false;
  const int refusal = gate_->refuses(call);
  if (refusal != 0) errno = refusal;
  return refusal != 0;
}

base::Result<RestoreTarget> RestoreTarget::open(const std::string& path, Mounts mounts, TargetGate* gate) {
  LG_ASSIGN(std::string resolved, resolve_folder(path));
  Descriptor root(::open(resolved.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!root.open()) return base::system_error("open", path, errno);
  return RestoreTarget(std::move(root), std::move(resolved), mounts, gate);
}

base::Result<Descriptor> RestoreTarget::open_folder(const Descriptor& parent, const std::string& name,
                                                    std::string_view path) const {
  LG_TRY(checked_name(name, path));
  const int fd = refused(TargetCall::open_folder)
                     ? -1
                     : open_one(parent.get(), name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, mounts_);
  if (fd < 0) return base::system_error("open folder", path, errno);
  return Descriptor(fd);
}

base::Result<Descriptor> RestoreTarget::reopen_folder(const Descriptor& folder, std::string_view path) const {
  const int fd =
      refused(TargetCall::open_folder) ? -1 : ::openat(folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return base::system_error("open folder", path, errno);
  return Descriptor(fd);
}

base::Status RestoreTarget::make_folder(const Descriptor& parent, const std::string& name,
                                        std::string_view path) const {
  LG_TRY(checked_name(name, path));
  if (refused(TargetCall::make_folder) || ::mkdirat(parent.get(), name.c_str(), 0700) != 0) {
    base::Error error = base::system_error("make folder", path, errno);
    if (error.system_errno == EEXIST) error.code = base::ErrorCode::misuse;
    return error;
  }
  return base::Done{};
}

base::Result<NewFile> RestoreTarget::make_file(const Descriptor& folder, const std::string& hidden_name,
                                               std::string_view path) const {
  LG_TRY(checked_name(hidden_name, path));
  if (refused(TargetCall::make_file)) return base::system_error("make", path, errno);
  const int unnamed = ::openat(folder.get(), ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (unnamed >= 0) return NewFile{Descriptor(unnamed), {}};
  // Not every file system has unnamed files (NFS, some overlays); the answers differ.
  if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL) return base::system_error("make", path, errno);
  constexpr int k_new_file = O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW | O_CLOEXEC;
  int named = ::openat(folder.get(), hidden_name.c_str(), k_new_file, 0600);
  if (named < 0 && errno == EEXIST && ::unlinkat(folder.get(), hidden_name.c_str(), 0) == 0) {
    named = ::openat(folder.get(), hidden_name.c_str(), k_new_file, 0600);
  }
  if (named < 0) return base::system_error("make", path, errno);
  return NewFile{Descriptor(named), hidden_name};
}

base::Result<Descriptor> RestoreTarget::make_named_file(const Descriptor& folder, const std::string& name,
                                                        std::string_view path) const {
  LG_TRY(checked_name(name, path));
  const int fd = refused(TargetCall::make_file)
                     ? -1
                     : ::openat(folder.get(), name.c_str(), O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return base::system_error("make", path, errno);
  return Descriptor(fd);
}

base::Result<Descriptor> RestoreTarget::open_file(const Descriptor& folder, const std::string& name, Access access,
                                                  std::string_view path) const {
  LG_TRY(checked_name(name, path));
  return open_regular(folder.get(), name, access == Access::write ? O_RDWR : O_RDONLY, mounts_, path);
}

base::Result<Descriptor> RestoreTarget::open_to_read(const Descriptor& folder, const std::string& name,
                                                     std::string_view path) const {
  LG_TRY(checked_name(name, path));
  base::Result<Descriptor> file = open_regular(folder.get(), name, O_RDONLY | O_NOATIME, mounts_, path);
  if (file.ok() || file.error().system_errno != EPERM) return file;
  return open_regular(folder.get(), name, O_RDONLY, mounts_, path);
}

base::Result<Descriptor> RestoreTarget::open_node(const Descriptor& folder, const std::string& name,
                                                  std::string_view path) const {
  LG_TRY(checked_name(name, path));
  const int fd = ::openat(folder.get(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return base::system_error("open", path, errno);
  return Descriptor(fd);
}

base::Status RestoreTarget::write(const Descriptor& file, std::uint64_t offset_bytes, base::ByteView bytes,
                                  std::string_view path) const {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = refused(TargetCall::write) ? -1
                                                     : ::pwrite(file.get(), bytes.begin() + done, bytes.size() - done,
                                                                static_cast<off_t>(offset_bytes + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      base::Error error = base::system_error("write", path, errno);
      error.offset_bytes = offset_bytes + done;
      if (error.code == base::ErrorCode::no_space)
        error.hint = "make space on the target and run the same restore again";
      return error;
    }
    done += static_cast<std::size_t>(count);
  }
  return base::Done{};
}

base::Status RestoreTarget::set_size(const Descriptor& file, std::uint64_t size_bytes, std::string_view path) const {
  if (refused(TargetCall::write) || ::ftruncate(file.get(), static_cast<off_t>(size_bytes)) != 0) {
    return base::system_error("set the size of", path, errno);
  }
  return base::Done{};
}

base::Result<RestoreTarget::Shared> RestoreTarget::share_blocks(const Descriptor& file, const EvidenceFile& from,
                                                                std::string_view path) const {
  if (!refused(TargetCall::share) && ::ioctl(file.get(), FICLONE, from.descriptor().get()) == 0) return Shared::yes;
  base::Error error = base::system_error("share blocks with", path, errno);
  // EIO may be the source's: whoever reads it piece by piece finds out.
  const bool is_about_target = stops_restore(error) && error.system_errno != EIO;
  return is_about_target ? base::Result<Shared>(std::move(error)) : base::Result<Shared>(Shared::no);
}

base::Status RestoreTarget::make_hole(const Descriptor& file, std::uint64_t offset_bytes, std::uint64_t length_bytes,
                                      std::string_view path) const {
  if (refused(TargetCall::write) ||
      ::fallocate(file.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(offset_bytes),
                  static_cast<off_t>(length_bytes)) != 0) {
    return base::system_error("make a hole in", path, errno);
  }
  return base::Done{};
}

base::Status RestoreTarget::sync_file(const Descriptor& file, std::string_view path) const {
  if (refused(TargetCall::sync) || ::fsync(file.get()) != 0) return base::system_error("sync", path, errno);
  return base::Done{};
}

base::Status RestoreTarget::name_file(const Descriptor& file, const Descriptor& folder, const std::string& name,
                                      std::string_view path) const {
  LG_TRY(checked_name(name, path));
  if (refused(TargetCall::link) || link_descriptor(file.get(), folder.get(), name.c_str()) != 0) {
    return base::system_error("name", path, errno);
  }
  return base::Done{};
}

base::Status RestoreTarget::rename(const Descriptor& from, const std::string& from_name, const Descriptor& to,
                                   const std::string& to_name, unsigned flags, std::string_view path) const {
  LG_TRY(checked_name(from_name, path));
  LG_TRY(checked_name(to_name, path));
  if (refused(TargetCall::rename) ||
      ::renameat2(from.get(), from_name.c_str(), to.get(), to_name.c_str(), flags) != 0) {
    return base::system_error("rename", path, errno);
  }
  return base::Done{};
}

base::Status RestoreTarget::move_new(const Descriptor& from, const std::string& from_name, const Descriptor& to,
                                     const std::string& to_name, std::string_view path) const {
  return rename(from, from_name, to, to_name, RENAME_NOREPLACE, path);
}

base::Status RestoreTarget::move_over(const Descriptor& from, const std::string& from_name, const Descriptor& to,
                                      const std::string& to_name, std::string_view path) const {
  return rename(from, from_name, to, to_name, 0, path);
}

base::Status RestoreTarget::exchange(const Descriptor& one, const std::string& one_name, const Descriptor& other,
                                     const std::string& other_name, std::string_view path) const {
  return rename(one, one_name, other, other_name, RENAME_EXCHANGE, path);
}

base::Status RestoreTarget::remove_file(const Descriptor& folder, const std::string& name,
                                        std::string_view path) const {
  LG_TRY(checked_name(name, path));
  if (refused(TargetCall::remove) || ::unlinkat(folder.get(), name.c_str(), 0) != 0) {
    return base::system_error("remove", path, errno);
  }
  return base::Done{};
}

base::Status RestoreTarget::remove_empty_folder(const Descriptor& parent, const std::string& name,
                                                std::string_view path) const {
  LG_TRY(checked_name(name, path));
  if (refused(TargetCall::remove) || ::unlinkat(parent.get(), name.c_str(), AT_REMOVEDIR) != 0) {
    return base::system_error("remove", path, errno);
  }
  return base::Done{};
}

base::Status RestoreTarget::make_link(const Descriptor& folder, const std::string& name, const std::string& target,
                                      std::string_view path) const {
  LG_TRY(checked_name(name, path));
  if (target.empty() || target.find('\0') != std::string::npos) return base::system_error("make link", path, EINVAL);
  if (refused(TargetCall::make_node) || ::symlinkat(target.c_str(), folder.get(), name.c_str()) != 0) {
    return base::system_error("make link", path, errno);
  }
  return base::Done{};
}

base::Status RestoreTarget::make_node(const Descriptor& folder, const std::string& name, TargetKind kind,
                                      std::uint64_t device_number, std::string_view path) const {
  LG_TRY(checked_name(name, path));
  if (refused(TargetCall::make_node) ||
      ::mknodat(folder.get(), name.c_str(), type_bits(kind) | 0600, device_number) != 0) {
    return base::system_error("make", path, errno);
  }
  return base::Done{};
}

base::Status RestoreTarget::sync_all(const std::vector<Descriptor>& folders) const {
  for (const Descriptor& folder : folders) {
    if (refused(TargetCall::sync) || ::syncfs(folder.get()) != 0) return base::system_error("sync", path_, errno);
  }
  return base::Done{};
}

base::Result<SpaceLeft> RestoreTarget::space_left(const Descriptor& folder, std::string_view path) const {
  struct statvfs status {};
  if (::fstatvfs(folder.get(), &status) != 0) return base::system_error("ask the space of", path, errno);
  return SpaceLeft{.free_bytes = std::uint64_t{status.f_bavail} * status.f_frsize,
                   .free_files = status.f_files == 0 ? UINT64_MAX : std::uint64_t{status.f_favail}};
}

}  // namespace lastgood::os
