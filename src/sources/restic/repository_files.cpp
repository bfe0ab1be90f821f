// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/restic/repository_files.h"

#include <algorithm>

namespace lastgood::sources::restic {

std::string_view folder_of(StoredKind kind) {
  switch (kind) {
    case StoredKind::key: return "keys";
    case StoredKind::snapshot: return "snapshots";
    case StoredKind::index: return "index";
    case StoredKind::pack: return "data";
  }
  return "data";
}

void put_in_order(Listing& listing) {
  auto& files = listing.files;
  std::stable_sort(files.begin(), files.end(),
                   [](const StoredFile& a, const StoredFile& b) { return a.name < b.name; });
  const auto same = [](const StoredFile& a, const StoredFile& b) { return a.name == b.name; };
  files.erase(std::unique(files.begin(), files.end(), same), files.end());
}

}  // namespace lastgood::sources::restic
