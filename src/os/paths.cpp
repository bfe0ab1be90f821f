// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/paths.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "os/directory_list.h"
#include "os/folder.h"

namespace lastgood::os {

base::Result<std::string> absolute_path(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return base::system_error("open", path, errno);
  std::string trimmed = path;
  while (trimmed.size() > 1 && trimmed.back() == '/') trimmed.pop_back();
  const std::size_t slash = trimmed.rfind('/');
  const std::string name = slash == std::string::npos ? trimmed : trimmed.substr(slash + 1);
  if (name.empty() || name == "." || name == "..") return resolve_folder(trimmed);
  const std::string parent = slash == std::string::npos ? "." : slash == 0 ? "/" : trimmed.substr(0, slash);
  LG_ASSIGN(const std::string resolved, resolve_folder(parent));
  return resolved == "/" ? "/" + name : resolved + "/" + name;
}

base::Result<std::vector<std::string>> folders_here(std::string_view suffix) {
  LG_ASSIGN(const Descriptor here, open_evidence_root("."));
  std::vector<std::string> found;
  LG_TRY(list_directory(here, ".", [&](std::string_view name, std::optional<FileKind> kind) {
    if (name.ends_with(suffix) && kind.value_or(FileKind::directory) == FileKind::directory) found.emplace_back(name);
    return true;
  }));
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace lastgood::os
