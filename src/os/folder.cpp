// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>

#include "os/evidence.h"

namespace lastgood::os {

namespace {

std::string parent_of(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

base::Status check_is_folder(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return base::system_error("stat", path, errno);
  if (!S_ISDIR(status.st_mode)) return base::system_error("make folder", path, EEXIST);
  return base::Done{};
}

}  // namespace

base::Status make_private_folder(const std::string& path, WhenThere when_there) {
  if (::mkdir(path.c_str(), 0700) != 0) {
    if (errno == EEXIST && when_there == WhenThere::accept) return check_is_folder(path);
    base::Error error = base::system_error("make folder", path, errno);
    if (error.system_errno == EEXIST) error.code = base::ErrorCode::misuse;
    if (error.system_errno == ENOENT)
      error.hint = "the folder above it is not there: is its disk mounted? Otherwise 'mkdir -p' makes it";
    return error;
  }
  return sync_folder(parent_of(path));
}

base::Status sync_folder(const std::string& path) {
  const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.open()) return base::system_error("open", path, errno);
  // EINVAL: this file system has nothing to sync for a folder.
  if (::fsync(folder.get()) != 0 && errno != EINVAL) return base::system_error("sync", path, errno);
  return base::Done{};
}

base::Result<std::string> resolve_folder(const std::string& path) {
  struct Free {
    void operator()(char* text) const { std::free(text); }  // NOLINT(cppcoreguidelines-no-malloc): realpath's own
  };
  const std::unique_ptr<char, Free> resolved(::realpath(path.c_str(), nullptr));
  if (!resolved) return base::system_error("open", path, errno);
  std::string out = resolved.get();
  struct stat status {};
  if (::stat(out.c_str(), &status) != 0) return base::system_error("open", path, errno);
  if (!S_ISDIR(status.st_mode)) return base::system_error("open", path, ENOTDIR);
  return out;
}

std::optional<std::uint64_t> device_of_folder(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return std::nullopt;
  return status.st_dev;
}

}  // namespace lastgood::os
