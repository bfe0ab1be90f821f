// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A file that appears under its name as a whole or not at all: written beside, synced, renamed, the folder synced.
// For reports, plans and exports. Not for large restores, which need their own accounting.
#pragma once

#include <cstdint>
#include <string>

#include "base/byte_view.h"
#include "base/result.h"
#include "os/evidence.h"

namespace lastgood::os {

enum class Overwrite : std::uint8_t { no, yes };

/// One thread at a time. Without `commit` nothing stays behind but, after a crash, a hidden file ".NAME.*.part".
class AtomicFile {
 public:
  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&&) = delete;
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  [[nodiscard]] base::Status write(base::ByteView bytes);
  /// Puts the bytes on disk and then the name. With Overwrite::no a file that came there in between is kept and the
  /// answer is ErrorCode::misuse. REQUIRES: nothing failed before, and not called before.
  [[nodiscard]] base::Status commit();

 private:
  friend base::Result<AtomicFile> begin_atomic_file(const std::string& path, Overwrite overwrite);
  AtomicFile() = default;
  base::Status flush();
  base::Status put_name();

  std::string path_;
  std::string name_;       // the last part of path_
  std::string part_name_;  // the name it is written under; empty once it is gone
  Descriptor folder_;
  Descriptor file_;
  std::string pending_;
  Overwrite overwrite_ = Overwrite::no;
};

/// The file will be for its owner only (mode 0600): what this program writes speaks of patients. A link, or anything
/// else that is no regular file, in the place of `path` is refused, never followed and never replaced.
[[nodiscard]] base::Result<AtomicFile> begin_atomic_file(const std::string& path, Overwrite overwrite);

/// All of it at once.
[[nodiscard]] base::Status write_atomic_file(const std::string& path, base::ByteView bytes, Overwrite overwrite);

}  // namespace lastgood::os
