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
  /// A folder of such a tree as it is seen inside a room (LockedRoom::path_of): what is made there belongs to the same
  /// account. It is not removed.
  static base::Result<ScratchTree> inside(const std::string& path);
  ScratchTree(ScratchTree&& other) noexcept;
  ScratchTree& operator=(ScratchTree&&) = delete;
  ~ScratchTree();

  [[nodiscard]] const std::string& path() const { return path_; }
  /// Bytes written so far, holes and shared blocks left out.
  [[nodiscard]] std::uint64_t written_bytes() const { return written_bytes_; }
  /// Bytes of files whose blocks are shared with their source.
  [[nodiscard]] std::uint64_t shared_bytes() const { return shared_bytes_; }
  /// Whether the blocks of `source` can be shared with files of this tree.
  [[nodiscard]] bool can_share(const base::ByteSource& source) const;
  /// Takes `relative` out of the tree, to `path` on the same file system, where nothing may be yet.
  base::Status move_out(std::string_view relative, const std::string& path);

  /// With the folders above it; one that is there already is fine. Paths are relative; ".." and links are refused.
  base::Status make_folder(std::string_view relative);
  /// A new file with the bytes of `source`; holes stay holes. The folder must be there. Blocks are shared with a file
  /// of this machine where the file system can (FICLONE). After an error there is no such file.
  base::Status write_file(std::string_view relative, base::ByteSource& source);
  base::Status write_file(std::string_view relative, base::ByteView bytes);
  /// A new link to `target`, which must lie inside this tree: `target` is relative to the tree.
  base::Status make_link(std::string_view relative, std::string_view target);
  /// A new link to the absolute path `target`, as a room will see it.
  base::Status make_link_inside(std::string_view relative, const std::string& target);
  /// The last `bytes_max` bytes of a regular file; empty when it cannot be read.
  [[nodiscard]] std::string read_end(std::string_view relative, std::size_t bytes_max) const;
  /// Removes a file, a link, or a folder with all in it; what is not there is fine.
  base::Status remove(std::string_view relative);
  /// Everything in it belongs to the account from now on, which may read and write it.
  base::Status give_all_away();

 private:
  ScratchTree(Descriptor folder, std::string path) : folder_(std::move(folder)), path_(std::move(path)) {}

  Descriptor folder_;
  std::string path_;
  std::uint64_t written_bytes_ = 0;
  std::uint64_t shared_bytes_ = 0;
  bool can_share_ = true;  // until the file system said no
  enum class End : std::uint8_t { removed, left } end_ = End::removed;
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
