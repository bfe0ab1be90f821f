// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A UnitView of files in memory, for tests and fuzzing.
#pragma once

#include <cerrno>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engines/unit.h"

namespace lastgood::engines::testing {

class MemoryView final : public UnitView {
 public:
  std::map<std::string, std::string, std::less<>> files;  // by path; folders follow from them
  std::set<std::string, std::less<>> folders;             // further ones, empty
  std::set<std::string, std::less<>> unreadable;          // of the files
  std::string exchanged;                                  // one of them that is another one since it was listed

  [[nodiscard]] base::Result<std::vector<UnitEntry>> list(std::string_view folder) const override {
    const std::string start = folder.empty() ? std::string{} : std::string(folder) + "/";
    std::map<std::string, UnitEntry> entries;
    const auto take = [&](const std::string& path, const std::string* bytes) {
      if (!path.starts_with(start)) return;
      const std::string rest = path.substr(start.size());
      const std::size_t slash = rest.find('/');
      const std::string name = rest.substr(0, slash);
      const bool is_folder = slash != std::string::npos || bytes == nullptr;
      entries[name] = {.name = name,
                       .kind = is_folder ? model::EntryKind::folder : model::EntryKind::regular,
                       .size_bytes = is_folder ? 0 : bytes->size()};
    };
    for (const auto& [path, bytes] : files) take(path, &bytes);
    for (const std::string& path : folders) take(path, nullptr);
    if (entries.empty() && !folder.empty() && !folders.contains(folder))
      return base::Error{.code = base::ErrorCode::not_found, .what = "no such folder", .path = std::string(folder)};
    std::vector<UnitEntry> listed;
    for (auto& [name, entry] : entries) listed.push_back(entry);
    return listed;
  }

  [[nodiscard]] base::Result<std::unique_ptr<base::ByteSource>> open(std::string_view file) const override {
    const auto found = files.find(file);
    if (found == files.end())
      return base::Error{.code = base::ErrorCode::not_found, .what = "no such file", .path = std::string(file)};
    if (!exchanged.empty() && exchanged == file)
      return base::Error{.code = base::ErrorCode::damaged_source,
                         .what = "it was changed since it was listed",
                         .path = exchanged,
                         .offset_bytes = {},
                         .system_errno = ESTALE};
    if (unreadable.contains(file))
      return base::Error{.code = base::ErrorCode::denied, .what = "permission denied", .path = std::string(file)};
    return std::unique_ptr<base::ByteSource>(std::make_unique<base::MemorySource>(base::ByteView(found->second)));
  }
};

}  // namespace lastgood::engines::testing
