// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/file_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "os/identity.h"

namespace lastgood::os {

namespace {

constexpr std::size_t k_holder_bytes_max = 300;

/// What cannot be written here is missing in a message, nothing more: the lock itself holds.
void write_holder(int fd) {
  const std::string holder = fmt::format("process {} on {}\n", process_id(), host_name());
  if (::ftruncate(fd, 0) != 0) return;
  if (::pwrite(fd, holder.data(), holder.size(), 0) < 0) return;
}

}  // namespace

base::Result<std::optional<FileLock>> try_file_lock(const std::string& path) {
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600));
  if (!file.open()) return base::system_error("open", path, errno);
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  if (::fcntl(file.get(), F_OFD_SETLK, &whole) != 0) {
    if (errno == EAGAIN || errno == EACCES) return std::optional<FileLock>();
    return base::system_error("lock", path, errno);
  }
  write_holder(file.get());
  return std::optional<FileLock>(FileLock(std::move(file)));
}

std::string describe_lock_holder(const std::string& path) {
  constexpr std::string_view nobody_named = "another process";
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.open()) return std::string(nobody_named);
  std::array<char, k_holder_bytes_max> text{};
  const ssize_t got = ::pread(file.get(), text.data(), text.size(), 0);
  if (got <= 0) return std::string(nobody_named);
  std::string_view holder(text.data(), static_cast<std::size_t>(got));
  holder = holder.substr(0, holder.find('\n'));
  return holder.empty() ? std::string(nobody_named) : base::printable(holder);
}

}  // namespace lastgood::os
