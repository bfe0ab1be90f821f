// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// ScratchTree: a throw-away folder of our own for another program to work in, as an account without rights. Linux only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/byte_source.h"
#include "base/byte_view.h"
#include "base/result.h"
#include "os/evidence.h"

namespace lastgood::os {

/// One thread. Everything made belongs to `nobody` when we are root, to us otherwise. Removed, with all in it, at the
/// end of its life.
class ScratchTree {
 public:
  /// Makes a new folder below `parent`, which must be there.
  static base::Result<ScratchTree> make(const std::string& parent);
  ScratchTree(ScratchTree&& other) noexcept;
  ScratchTree& operator=(ScratchTree&&) = delete;
  ~ScratchTree();

  [[nodiscard]] const std::string& path() const { return path_; }

  /// With the folders above it; one that is there already is fine. Paths are relative; ".." and links are refused.
  base::Status make_folder(std::string_view relative);
  /// A new file with the bytes of `source`; holes stay holes. The folder must be there.
  base::Status write_file(std::string_view relative, base::ByteSource& source);
  base::Status write_file(std::string_view relative, base::ByteView bytes);
  /// A new link to `target`, which must lie inside this tree: `target` is relative to the tree.
  base::Status make_link(std::string_view relative, std::string_view target);

 private:
  ScratchTree(Descriptor folder, std::string path) : folder_(std::move(folder)), path_(std::move(path)) {}

  Descriptor folder_;
  std::string path_;
};

/// Does this process have the rights to make namespaces and take another account's?
[[nodiscard]] bool has_root_rights();

/// User and group number of `nobody`; ours when we are not root.
struct PlainAccount {
  unsigned user_id = 0;
  unsigned group_id = 0;
};
[[nodiscard]] PlainAccount plain_account();

}  // namespace lastgood::os
