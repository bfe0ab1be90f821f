// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// RestoreTarget's verbs for owner, mode, attributes, times and flags.
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "os/restore_target.h"

namespace lastgood::os {

namespace {

constexpr std::int64_t k_second_ns = 1'000'000'000;

std::array<timespec, 2> times_for(std::int64_t mtime_ns) {
  std::int64_t seconds = mtime_ns / k_second_ns;
  std::int64_t rest = mtime_ns % k_second_ns;
  if (rest < 0) {
    rest += k_second_ns;
    --seconds;
  }
  return {timespec{.tv_sec = 0, .tv_nsec = UTIME_OMIT}, timespec{.tv_sec = seconds, .tv_nsec = rest}};
}

}  // namespace

base::Status RestoreTarget::set_owner(const Descriptor& file, Owner owner, std::string_view path) const {
  if (refused(TargetCall::set_owner) || ::fchown(file.get(), owner.user_id, owner.group_id) != 0) {
    return base::system_error("set the owner of", path, errno);
  }
  return base::Done{};
}

base::Status RestoreTarget::set_mode(const Descriptor& file, std::uint32_t mode, std::string_view path) const {
  if (refused(TargetCall::set_mode) || ::fchmod(file.get(), mode & 07777) != 0) {
    return base::system_error("set the mode of", path, errno);
  }
  return base::Done{};
}

base::Status RestoreTarget::set_attribute(const Descriptor& file, const std::string& name, const std::string& value,
                                          std::string_view path) const {
  if (refused(TargetCall::set_attribute) || ::fsetxattr(file.get(), name.c_str(), value.data(), value.size(), 0) != 0) {
    return base::system_error("set attribute '" + base::printable(name) + "' of", path, errno);
  }
  return base::Done{};
}

base::Status RestoreTarget::remove_attribute(const Descriptor& file, const std::string& name,
                                             std::string_view path) const {
  if (::fremovexattr(file.get(), name.c_str()) == 0 || errno == ENODATA || errno == EOPNOTSUPP) return base::Done{};
  return base::system_error("remove attribute '" + base::printable(name) + "' of", path, errno);
}

base::Status RestoreTarget::set_mtime(const Descriptor& file, std::int64_t mtime_ns, std::string_view path) const {
  const std::array<timespec, 2> times = times_for(mtime_ns);
  if (refused(TargetCall::set_times) || ::futimens(file.get(), times.data()) != 0) {
    return base::system_error("set the time of", path, errno);
  }
  return base::Done{};
}

base::Status RestoreTarget::set_flags(const Descriptor& file, std::uint32_t flags, std::string_view path) const {
  const std::uint32_t wanted = flags & (FS_APPEND_FL | FS_IMMUTABLE_FL | FS_NODUMP_FL);
  int now = 0;
  if (refused(TargetCall::set_flags) || ::ioctl(file.get(), FS_IOC_GETFLAGS, &now) != 0) {
    return base::system_error("set flags of", path, errno);
  }
  now |= static_cast<int>(wanted);
  if (::ioctl(file.get(), FS_IOC_SETFLAGS, &now) != 0) return base::system_error("set flags of", path, errno);
  return base::Done{};
}

base::Status RestoreTarget::set_node_owner(const Descriptor& folder, const std::string& name, Owner owner,
                                           std::string_view path) const {
  if (refused(TargetCall::set_owner) ||
      ::fchownat(folder.get(), name.c_str(), owner.user_id, owner.group_id, AT_SYMLINK_NOFOLLOW) != 0) {
    return base::system_error("set the owner of", path, errno);
  }
  return base::Done{};
}

base::Status RestoreTarget::set_node_mode(const Descriptor& folder, const std::string& name, std::uint32_t mode,
                                          std::string_view path) const {
  // fchmodat(2) follows links; through a descriptor that followed none, /proc leads to that very node.
  LG_ASSIGN(const Descriptor node, open_node(folder, name, path));
  const std::string place = "/proc/self/fd/" + std::to_string(node.get());
  struct stat status {};
  if (::fstat(node.get(), &status) != 0) return base::system_error("stat", path, errno);
  if (S_ISLNK(status.st_mode)) return base::system_error("set the mode of", path, ELOOP);
  if (refused(TargetCall::set_mode) || ::chmod(place.c_str(), mode & 07777) != 0) {
    return base::system_error("set the mode of", path, errno);
  }
  return base::Done{};
}

base::Status RestoreTarget::set_node_mtime(const Descriptor& folder, const std::string& name, std::int64_t mtime_ns,
                                           std::string_view path) const {
  const std::array<timespec, 2> times = times_for(mtime_ns);
  if (refused(TargetCall::set_times) ||
      ::utimensat(folder.get(), name.c_str(), times.data(), AT_SYMLINK_NOFOLLOW) != 0) {
    return base::system_error("set the time of", path, errno);
  }
  return base::Done{};
}

}  // namespace lastgood::os
