// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "timeline/encrypted_paths.h"

#include <xxhash.h>

#include <algorithm>

namespace lastgood::timeline {

namespace {

std::uint64_t hash_of(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

/// The last `count` parts of a path.
std::string_view tail_of(std::string_view path, unsigned count) {
  std::size_t from = path.size();
  for (unsigned i = 0; i < count && from > 0; ++i) {
    const std::size_t slash = path.rfind('/', from - 1);
    if (slash == std::string_view::npos) return path;
    from = slash;
  }
  return path.substr(std::min(path.size(), from + (path.substr(from).starts_with('/') ? 1U : 0U)));
}

void sort_unique(std::vector<std::uint64_t>& hashes) {
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
}

}  // namespace

std::uint64_t tail_hash(std::string_view path) { return hash_of(tail_of(path, 2)); }

void EncryptedPaths::add(std::string_view path, const std::vector<std::string>& extensions) {
  if (is_full()) return;
  ++paths_;
  names_.push_back(hash_of(tail_of(path, 1)));
  folders_.push_back(tail_hash(path));
  for (const std::string& extension : extensions) {
    if (!path.ends_with(extension)) continue;
    const std::string_view before = path.substr(0, path.size() - extension.size());
    names_.push_back(hash_of(tail_of(before, 1)));
    folders_.push_back(tail_hash(before));
    return;
  }
}

void EncryptedPaths::finish() {
  sort_unique(names_);
  sort_unique(folders_);
}

PathMatch EncryptedPaths::find(std::string_view path) const {
  if (std::binary_search(folders_.begin(), folders_.end(), tail_hash(path))) return PathMatch::name_and_folder;
  return std::binary_search(names_.begin(), names_.end(), hash_of(tail_of(path, 1))) ? PathMatch::name
                                                                                     : PathMatch::none;
}

}  // namespace lastgood::timeline
