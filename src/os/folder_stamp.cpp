// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/folder_stamp.h"

#include <algorithm>
#include <vector>

#include "os/directory_list.h"
#include "os/evidence.h"

namespace lastgood::os {

namespace {

void add_number(std::string& text, std::uint64_t number) {
  for (unsigned shift = 0; shift < 64; shift += 8) text.push_back(static_cast<char>(number >> shift));
}

}  // namespace

base::Result<base::Sha256Digest> stamp_folder(const std::string& path) {
  LG_ASSIGN(const Descriptor root, open_evidence_root(path));
  LG_ASSIGN(const FileStatus top, status_of(root, path));
  base::Sha256 digest;
  std::vector<std::string> folders = {""};
  while (!folders.empty()) {
    const std::string folder = std::move(folders.back());
    folders.pop_back();
    LG_ASSIGN(const Descriptor directory, open_evidence_directory(root, folder));
    std::vector<std::string> names;
    LG_TRY(list_directory(directory, folder, [&](std::string_view name, std::optional<FileKind>) {
      names.emplace_back(name);
      return true;
    }));
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) {
      LG_ASSIGN(const FileStatus status, status_at(directory, name, folder));
      std::string text = folder + "/" + name;
      for (const std::uint64_t number : {std::uint64_t{0}, status.device, status.inode, status.size_bytes,
                                         static_cast<std::uint64_t>(status.mtime_ns)})
        add_number(text, number);
      digest.update(base::ByteView(std::string_view(text)));
      if (status.kind == FileKind::directory && status.device == top.device)
        folders.push_back(folder.empty() ? name : folder + "/" + name);
    }
  }
  return digest.finish();
}

}  // namespace lastgood::os
