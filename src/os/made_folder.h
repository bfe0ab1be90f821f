// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// MadeFolder: a folder that this run made itself, and the only door through which a drill reads and writes.
//
// There is no call that opens a file for writing that was there before, none that renames and none that deletes. Every
// path is opened below the folder's descriptor without following a link and without leaving its file system (openat2),
// and a file is read only when this object wrote it or took it in after its digest was compared. Linux only.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_view.h"
#include "base/checksum.h"
#include "base/result.h"
#include "os/evidence.h"

namespace lastgood::os {

struct MadeFile {
  std::vector<std::uint8_t> bytes;
  std::int64_t mtime_ns = 0;
};

/// One thread.
class MadeFolder {
 public:
  /// File in every made folder: says what the folder is and holds its random id.
  static constexpr std::string_view k_marker = ".lastgood-made";
  /// Longest content that is read or written at once.
  static constexpr std::uint64_t k_file_bytes_max = std::uint64_t{1} << 30;

  /// Makes the last part of `path`. Anything that is there already, folder, file or link, is ErrorCode::misuse.
  static base::Result<MadeFolder> make(const std::string& path);

  [[nodiscard]] const std::string& path() const { return path_; }  // absolute, without links
  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] std::size_t file_count() const { return files_.size(); }

  /// Writes a file that must not exist yet, with the folders above it.
  base::Status write_new(std::string_view relative, base::ByteView bytes, std::optional<std::int64_t> mtime_ns = {});

  /// Takes in a regular file that a program called by us made below this folder: only when it has one name, belongs to
  /// this user and its SHA-256 is the one that program reported.
  base::Status take_in(std::string_view relative, const base::Sha256Digest& sha256);

  /// A file written or taken in before, and still the same one.
  [[nodiscard]] base::Result<MadeFile> read(std::string_view relative) const;

  /// True when `path()` still leads to this very folder with its marker: asked before its path is given to anybody.
  [[nodiscard]] base::Status check_still_there() const;

 private:
  struct Identity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
  };
  MadeFolder(Descriptor folder, std::string path, std::string id)
      : folder_(std::move(folder)), path_(std::move(path)), id_(std::move(id)) {}
  base::Result<Descriptor> open_parent(std::string_view relative) const;

  Descriptor folder_;
  std::string path_;
  std::string id_;
  std::map<std::string, Identity, std::less<>> files_;
};

}  // namespace lastgood::os
