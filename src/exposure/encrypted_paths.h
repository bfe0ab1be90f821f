// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which files the case knows as encrypted, by the paths they had before the attack renamed them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"

namespace lastgood::exposure {

/// Read once, then any thread. 16 bytes a file.
class EncryptedPaths {
 public:
  /// Of all scans of live roots: what was encrypted stays so for those whose data it held, also when it was brought
  /// back and scanned again.
  [[nodiscard]] static base::Result<EncryptedPaths> read(casefile::CaseStore& store);

  [[nodiscard]] std::uint64_t count() const { return originals_.size(); }
  /// The file itself is one of them, as the attack left it, by the newest scan of its place.
  [[nodiscard]] bool is_encrypted(std::string_view path) const;
  /// `path`, found below the folder `root` that was named, is where one of them lay: at the very path, below one of the
  /// scanned roots, or below a folder that holds a copy of the whole tree.
  [[nodiscard]] bool is_copy_of_one(std::string_view path, std::string_view root) const;

 private:
  std::vector<std::uint64_t> originals_;  // hashes of paths, sorted
  std::vector<std::uint64_t> present_;
  std::vector<std::string> roots_;
};

}  // namespace lastgood::exposure
