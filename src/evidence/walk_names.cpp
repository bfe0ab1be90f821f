// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "evidence/walk_names.h"

#include <algorithm>
#include <vector>

#include "os/directory_list.h"

namespace lastgood::evidence {

namespace {

base::Status visit_folder(const os::Descriptor& folder, const std::string& path, std::uint64_t device,
                          const std::string& left_out, std::vector<std::string>& folders,
                          const std::function<base::Status(WalkedName name)>& visitor) {
  std::vector<std::string> names;
  const base::Status listed = os::list_directory(folder, path, [&](std::string_view name, std::optional<os::FileKind>) {
    names.emplace_back(name);
    return true;
  });
  if (!listed.ok()) LG_TRY(visitor({.path = path, .why = listed.error().what}));
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    const std::string below = path.empty() ? name : path + "/" + name;
    const auto status = os::status_at(folder, name, below);
    if (!status.ok()) {
      LG_TRY(visitor({.path = below, .why = status.error().what}));
    } else if (status.value().kind != os::FileKind::directory || below == left_out) {
      LG_TRY(visitor({.path = below, .kind = status.value().kind, .size_bytes = status.value().size_bytes, .why = {}}));
    } else if (status.value().device != device) {
      LG_TRY(visitor({.path = below, .why = "another file system is mounted there: take it as evidence of its own"}));
    } else {
      folders.push_back(below);
    }
  }
  return base::Done{};
}

}  // namespace

base::Status walk_names(const os::Descriptor& root, const std::string& left_out,
                        const std::function<base::Status(WalkedName name)>& visitor) {
  LG_ASSIGN(const os::FileStatus status, os::status_of(root, "."));
  std::vector<std::string> to_come{""};
  while (!to_come.empty()) {
    const std::string path = std::move(to_come.back());
    to_come.pop_back();
    const auto folder = os::open_evidence_directory(root, path);
    if (!folder.ok()) {
      LG_TRY(visitor({.path = path, .why = folder.error().what}));
      continue;
    }
    std::vector<std::string> folders;
    LG_TRY(visit_folder(folder.value(), path, status.device, left_out, folders, visitor));
    to_come.insert(to_come.end(), folders.rbegin(), folders.rend());
  }
  return base::Done{};
}

}  // namespace lastgood::evidence
