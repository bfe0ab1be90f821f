// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "facts/known_paths.h"

#include <algorithm>

#include <xxhash.h>

namespace lastgood::facts {

std::uint64_t KnownPaths::hash_of(std::string_view path) { return XXH3_64bits(path.data(), path.size()); }

base::Status KnownPaths::add_scan(casefile::CaseStore& store, const timeline::LiveScan& live) {
  using model::Verdict;
  casefile::FileFilter filter;
  filter.verdicts = {Verdict::note, Verdict::encrypted, Verdict::partly_encrypted};
  filter.details = false;
  return timeline::visit_live_files(store, live, std::move(filter), [&](const model::FileRecord& file) {
    (file.verdict == Verdict::note ? notes_ : encrypted_).push_back(hash_of(file.path));
    return true;
  });
}

void KnownPaths::sort() {
  std::sort(notes_.begin(), notes_.end());
  std::sort(encrypted_.begin(), encrypted_.end());
}

PathKind KnownPaths::kind_of(std::string_view path) const {
  const std::uint64_t hash = hash_of(path);
  if (std::binary_search(notes_.begin(), notes_.end(), hash)) return PathKind::note;
  return std::binary_search(encrypted_.begin(), encrypted_.end(), hash) ? PathKind::encrypted : PathKind::other;
}

}  // namespace lastgood::facts
