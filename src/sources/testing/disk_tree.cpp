// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/testing/disk_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

#include "base/checksum.h"

namespace lastgood::sources::testing {

namespace {

[[noreturn]] void give_up(const char* what, const std::string& path) {
  std::perror((std::string(what) + " " + path).c_str());
  std::abort();
}

std::int64_t nanoseconds(const timespec& time) { return time.tv_sec * 1'000'000'000 + time.tv_nsec; }

std::vector<std::string> names_in(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOATIME | O_CLOEXEC);
  if (fd < 0) give_up("open", path);
  DIR* directory = ::fdopendir(fd);
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(directory)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  ::closedir(directory);
  return names;
}

using Visitor = std::function<void(const std::string& relative, const std::string& path, const struct stat& status)>;

/// Folders before what is in them.
void visit_tree(const std::string& root, const Visitor& visit) {
  std::vector<std::string> waiting{""};
  while (!waiting.empty()) {
    const std::string relative = waiting.back();
    waiting.pop_back();
    const std::string path = relative.empty() ? root : root + "/" + relative;
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) give_up("stat", path);
    visit(relative, path, status);
    if (!S_ISDIR(status.st_mode)) continue;
    for (const std::string& name : names_in(path)) waiting.push_back(relative.empty() ? name : relative + "/" + name);
  }
}

model::EntryKind kind_of(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG: return model::EntryKind::regular;
    case S_IFDIR: return model::EntryKind::folder;
    case S_IFLNK: return model::EntryKind::link;
    case S_IFIFO: return model::EntryKind::fifo;
    case S_IFSOCK: return model::EntryKind::socket;
    case S_IFCHR: return model::EntryKind::character_device;
    default: return model::EntryKind::block_device;
  }
}

std::map<std::string, std::string> attributes_of(const std::string& path) {
  std::map<std::string, std::string> attributes;
  std::string names(65'536, '\0');
  const ssize_t length = ::llistxattr(path.c_str(), names.data(), names.size());
  names.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
  for (std::size_t at = 0; at < names.size();) {
    const std::string name = names.c_str() + at;
    at += name.size() + 1;
    std::string value(65'536, '\0');
    const ssize_t got = ::lgetxattr(path.c_str(), name.c_str(), value.data(), value.size());
    if (got < 0) give_up("read attribute", path);
    value.resize(static_cast<std::size_t>(got));
    attributes[name] = value;
  }
  return attributes;
}

std::string digest_of(const std::string& path) {
  const base::Sha256Digest bytes = base::sha256(base::ByteView(std::string_view(read_disk_bytes(path))));
  return base::hex(base::ByteView(std::span<const std::uint8_t>(bytes)));
}

}  // namespace

std::string read_disk_bytes(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_NOATIME | O_NOFOLLOW | O_CLOEXEC);
  struct stat status {};
  if (fd < 0 || ::fstat(fd, &status) != 0) give_up("open", path);
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t got = ::read(fd, bytes.data() + done, bytes.size() - done);
    if (got <= 0) give_up("read", path);
    done += static_cast<std::size_t>(got);
  }
  ::close(fd);
  return bytes;
}

std::map<std::string, DiskEntry> read_disk_tree(const std::string& path) {
  std::map<std::string, DiskEntry> entries;
  visit_tree(path, [&](const std::string& relative, const std::string& full, const struct stat& status) {
    if (relative.empty()) return;
    DiskEntry& entry = entries[relative];
    entry.kind = kind_of(status.st_mode);
    entry.mode = status.st_mode & model::k_mode_bits;
    entry.user_id = status.st_uid;
    entry.group_id = status.st_gid;
    entry.mtime_ns = nanoseconds(status.st_mtim);
    entry.ctime_ns = nanoseconds(status.st_ctim);
    entry.size_bytes = static_cast<std::uint64_t>(status.st_size);
    entry.device_number = status.st_rdev;
    entry.inode = status.st_ino;
    entry.links = status.st_nlink;
    entry.attributes = attributes_of(full);
    if (!S_ISLNK(status.st_mode)) return;
    std::string target(8192, '\0');
    const ssize_t length = ::readlink(full.c_str(), target.data(), target.size());
    if (length < 0) give_up("read link", full);
    entry.link_target = target.substr(0, static_cast<std::size_t>(length));
  });
  return entries;
}

std::map<std::string, std::string> read_traces(const std::string& path) {
  std::map<std::string, std::string> traces;
  visit_tree(path, [&](const std::string& relative, const std::string& full, const struct stat& status) {
    std::string trace;
    for (const std::uint64_t number :
         {static_cast<std::uint64_t>(status.st_dev), static_cast<std::uint64_t>(status.st_ino),
          static_cast<std::uint64_t>(status.st_mode), static_cast<std::uint64_t>(status.st_nlink),
          static_cast<std::uint64_t>(status.st_uid), static_cast<std::uint64_t>(status.st_gid),
          static_cast<std::uint64_t>(status.st_rdev), static_cast<std::uint64_t>(status.st_size),
          static_cast<std::uint64_t>(status.st_blocks)}) {
      trace += std::to_string(number) + " ";
    }
    trace += "atime " + std::to_string(nanoseconds(status.st_atim)) + " mtime " +
             std::to_string(nanoseconds(status.st_mtim)) + " ctime " + std::to_string(nanoseconds(status.st_ctim));
    if (S_ISREG(status.st_mode)) trace += " sha256 " + digest_of(full);
    traces[relative] = trace;
  });
  return traces;
}

void age_access_times(const std::string& path) {
  visit_tree(path, [](const std::string& /*relative*/, const std::string& full, const struct stat& /*status*/) {
    const timespec times[2] = {{.tv_sec = 1'000'000'000, .tv_nsec = 0}, {.tv_sec = 0, .tv_nsec = UTIME_OMIT}};
    if (::utimensat(AT_FDCWD, full.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0) give_up("set time of", full);
  });
}

}  // namespace lastgood::sources::testing
