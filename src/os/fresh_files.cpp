// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/fresh_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <vector>

#include <fmt/format.h>

#include "os/evidence.h"
#include "os/free_space.h"

namespace lastgood::os {

namespace {

base::Status write_and_sync(const Descriptor& file, const std::string& path, base::ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file.get(), bytes.text().data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return base::system_error("write", path, count == 0 ? ENOSPC : errno);
    bytes = bytes.part(static_cast<std::uint64_t>(count));
  }
  // A disk may take bytes that it has no room for, and say so only here.
  if (::fsync(file.get()) != 0) return base::system_error("sync", path, errno);
  return base::Done{};
}

/// Exchanging and refusing to replace are not to be had on every stick; the folder is ours alone.
base::Status put_name(const std::string& part, const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0) return base::system_error("make", path, EEXIST);
  if (::rename(part.c_str(), path.c_str()) != 0) return base::system_error("rename to", path, errno);
  return base::Done{};
}

}  // namespace

base::Status write_fresh_file(const std::string& path, base::ByteView bytes) {
  const std::string part = path + ".part";
  const Descriptor file(::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.open()) return base::system_error("make", path, errno);
  base::Status written = write_and_sync(file, path, bytes);
  if (written.ok()) written = put_name(part, path);
  if (written.ok()) return written;
  (void)::unlink(part.c_str());
  return with_space(std::move(written).error(), bytes.size(), path);
}

base::Status sync_names_below(const std::string& folder) {
  std::vector<std::string> folders = {std::filesystem::path(folder).parent_path().string(), folder};
  std::error_code trouble;
  std::filesystem::recursive_directory_iterator at(folder, trouble);
  for (; !trouble && at != std::filesystem::recursive_directory_iterator(); at.increment(trouble)) {
    if (at->symlink_status(trouble).type() == std::filesystem::file_type::directory) folders.push_back(at->path());
  }
  if (trouble) return base::system_error("list", folder, trouble.value());
  for (const std::string& one : folders) {
    const Descriptor opened(::open(one.empty() ? "." : one.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened.open()) return base::system_error("open", one, errno);
    if (::fsync(opened.get()) != 0) return base::system_error("sync", one, errno);
  }
  return base::Done{};
}

base::Status switch_link(const std::string& link, const std::string& target) {
  struct stat status {};
  if (::lstat(link.c_str(), &status) == 0 && !S_ISLNK(status.st_mode)) {
    base::Error error = base::system_error("replace", link, EEXIST);
    error.code = base::ErrorCode::misuse;
    return error;
  }
  const std::string beside = fmt::format("{}.{}.part", link, ::getpid());
  (void)::unlink(beside.c_str());
  if (::symlink(target.c_str(), beside.c_str()) != 0) {
    base::Error error = base::system_error("make link", link, errno);
    if (errno == EPERM || errno == ENOTSUP || errno == ENOSYS) error.code = base::ErrorCode::unsupported;
    return error;
  }
  if (::rename(beside.c_str(), link.c_str()) == 0) return base::Done{};
  const int reason = errno;
  (void)::unlink(beside.c_str());
  return base::system_error("rename to", link, reason);
}

base::Status remove_own_folder(const std::string& folder) {
  struct stat status {};
  if (::lstat(folder.c_str(), &status) != 0) return base::system_error("stat", folder, errno);
  if (!S_ISDIR(status.st_mode)) return base::system_error("remove", folder, ENOTDIR);
  std::error_code failed;
  std::filesystem::remove_all(folder, failed);
  if (failed) return base::system_error("remove", folder, failed.value());
  return base::Done{};
}

}  // namespace lastgood::os
