// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/folder_user.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <set>
#include <utility>

#include "os/directory_list.h"
#include "os/evidence.h"

namespace lastgood::os {

namespace {

using NodeId = std::pair<dev_t, ino_t>;

struct CloseListing {
  void operator()(DIR* listing) const { ::closedir(listing); }
};

/// Calls for each name until one is enough.
template <typename OnName>
void for_each_name(const std::string& folder, OnName on_name) {
  const std::unique_ptr<DIR, CloseListing> listing(::opendir(folder.c_str()));
  if (!listing) return;
  while (const dirent* entry = ::readdir(listing.get())) {
    if (entry->d_name[0] != '.' && on_name(std::string(entry->d_name))) return;
  }
}

/// The folder may be of a backup: its access time stays.
std::set<NodeId> nodes_in(const std::string& folder) {
  std::set<NodeId> nodes;
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0) return nodes;
  nodes.emplace(status.st_dev, status.st_ino);
  std::error_code trouble;
  const base::Result<Descriptor> directory = open_evidence_root(std::filesystem::canonical(folder, trouble).string());
  if (!directory.ok()) return nodes;
  base::ignore_error(
      list_directory(directory.value(), folder,
                     [&](std::string_view name, std::optional<FileKind>) {
                       const std::string one(name);
                       if (::fstatat(directory.value().get(), one.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
                           S_ISREG(status.st_mode))
                         nodes.emplace(status.st_dev, status.st_ino);
                       return true;
                     }),
      "what was listed until then counts");
  return nodes;
}

/// What a link of /proc leads to.
bool leads_into(const std::set<NodeId>& nodes, const std::string& link) {
  struct stat status {};
  return ::stat(link.c_str(), &status) == 0 && nodes.contains({status.st_dev, status.st_ino});
}

std::string name_of_process(const std::string& process) {
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen((process + "/comm").c_str(), "re"), &std::fclose);
  std::string name(64, '\0');
  name.resize(file ? std::fread(name.data(), 1, name.size(), file.get()) : 0);
  return name.substr(0, name.find('\n'));
}

}  // namespace

std::optional<FolderUser> find_folder_user(const std::string& folder) {
  const std::set<NodeId> nodes = nodes_in(folder);
  if (nodes.empty()) return std::nullopt;
  // A process that we have just made has all that we have open.
  std::set<NodeId> ourselves;
  struct stat own {};
  if (::stat("/proc/self/exe", &own) == 0) ourselves.emplace(own.st_dev, own.st_ino);
  std::optional<FolderUser> user;
  for_each_name("/proc", [&](const std::string& name) {
    const std::string process = "/proc/" + name;
    if (name.find_first_not_of("0123456789") != std::string::npos || leads_into(ourselves, process + "/exe"))
      return false;
    bool is_user = leads_into(nodes, process + "/cwd");
    if (!is_user)
      for_each_name(process + "/fd", [&](const std::string& fd) {
        is_user = leads_into(nodes, process + "/fd/" + fd);
        return is_user;
      });
    if (is_user) user = FolderUser{std::strtol(name.c_str(), nullptr, 10), name_of_process(process)};
    return is_user;
  });
  return user;
}

}  // namespace lastgood::os
