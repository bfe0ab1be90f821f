// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/swap_folder.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>

#include <dirent.h>

#include "os/evidence.h"

namespace lastgood::os {

namespace {

constexpr std::uint64_t k_names_max = 10'000'000;
constexpr int k_depth_max = 256;

base::Result<Descriptor> open_folder(int parent, const char* name, const std::string& shown) {
  Descriptor folder(::openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (folder.get() < 0) return base::system_error("open", shown, errno);
  return folder;
}

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

struct Giving {
  const FolderOwner& owner;
  ::dev_t device = 0;
  std::uint64_t names = 0;
};

base::Status give_below(int folder, const std::string& shown, int depth, Giving& giving) {
  const int again = ::fcntl(folder, F_DUPFD_CLOEXEC, 0);
  const std::unique_ptr<DIR, CloseFolder> listing(again < 0 ? nullptr : ::fdopendir(again));
  if (!listing) {
    const int reason = errno;
    if (again >= 0) ::close(again);
    return base::system_error("list", shown, reason);
  }
  for (errno = 0; const dirent* entry = ::readdir(listing.get()); errno = 0) {
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    const std::string path = shown + "/" + name;
    if (++giving.names > k_names_max || depth > k_depth_max)
      return base::Error{.code = base::ErrorCode::limit_reached,
                         .what = "too many names, or too deep, to be given to their owner",
                         .path = path};
    struct ::stat status {};
    if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
      return base::system_error("look at", path, errno);
    if (::fchownat(folder, name.c_str(), giving.owner.user_id, giving.owner.group_id, AT_SYMLINK_NOFOLLOW) != 0)
      return base::system_error("give away", path, errno);
    if (!S_ISDIR(status.st_mode) || status.st_dev != giving.device) continue;
    LG_ASSIGN(const Descriptor below, open_folder(folder, name.c_str(), path));
    LG_TRY(give_below(below.get(), path, depth + 1, giving));
  }
  if (errno != 0) return base::system_error("list", shown, errno);
  return base::Done{};
}

struct Parted {
  std::string parent;
  std::string name;
};

base::Result<Parted> part(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  if (slash == std::string::npos || slash + 1 == path.size())
    return base::Error{.code = base::ErrorCode::misuse, .what = "a full path to a folder is needed", .path = path};
  return Parted{.parent = slash == 0 ? "/" : path.substr(0, slash), .name = path.substr(slash + 1)};
}

base::Status rename_at(const Descriptor& from, const Parted& one, const Descriptor& to, const Parted& other,
                       unsigned flags, const std::string& shown) {
  if (::renameat2(from.get(), one.name.c_str(), to.get(), other.name.c_str(), flags) != 0)
    return base::system_error("rename", shown, errno);
  if (::fsync(from.get()) != 0 || ::fsync(to.get()) != 0) return base::system_error("sync the folder of", shown, errno);
  return base::Done{};
}

}  // namespace

base::Result<FolderOwner> folder_owner(const std::string& path) {
  struct ::stat status {};
  if (::lstat(path.c_str(), &status) != 0) return base::system_error("look at", path, errno);
  if (!S_ISDIR(status.st_mode))
    return base::Error{.code = base::ErrorCode::misuse, .what = "is not a folder, or a link to one", .path = path};
  constexpr std::uint32_t k_permissions = 07777;
  return FolderOwner{.user_id = status.st_uid, .group_id = status.st_gid, .mode = status.st_mode & k_permissions};
}

base::Status give_tree(const std::string& path, const FolderOwner& owner) {
  LG_ASSIGN(const Descriptor top, open_folder(AT_FDCWD, path.c_str(), path));
  struct ::stat status {};
  if (::fstat(top.get(), &status) != 0) return base::system_error("look at", path, errno);
  Giving giving{.owner = owner, .device = status.st_dev};
  LG_TRY(give_below(top.get(), path, 0, giving));
  if (::fchown(top.get(), owner.user_id, owner.group_id) != 0) return base::system_error("give away", path, errno);
  if (::fchmod(top.get(), owner.mode) != 0) return base::system_error("set the mode of", path, errno);
  return base::Done{};
}

base::Status swap_folders(const std::string& made, const std::string& used, const std::string& aside) {
  LG_ASSIGN(const Parted made_parts, part(made));
  LG_ASSIGN(const Parted used_parts, part(used));
  LG_ASSIGN(const Parted aside_parts, part(aside));
  LG_ASSIGN(const Descriptor made_parent, open_folder(AT_FDCWD, made_parts.parent.c_str(), made_parts.parent));
  LG_ASSIGN(const Descriptor used_parent, open_folder(AT_FDCWD, used_parts.parent.c_str(), used_parts.parent));
  LG_ASSIGN(const Descriptor aside_parent, open_folder(AT_FDCWD, aside_parts.parent.c_str(), aside_parts.parent));
  struct ::stat status {};
  if (::fstatat(aside_parent.get(), aside_parts.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0)
    return base::Error{.code = base::ErrorCode::misuse,
                       .what = "the name under which the old folder is kept is taken",
                       .path = aside,
                       .hint = "move it elsewhere first"};
  if (::syncfs(made_parent.get()) != 0) return base::system_error("sync the file system of", made, errno);
  LG_TRY(rename_at(made_parent, made_parts, used_parent, used_parts, RENAME_EXCHANGE, used));
  return rename_at(made_parent, made_parts, aside_parent, aside_parts, RENAME_NOREPLACE, made);
}

}  // namespace lastgood::os
