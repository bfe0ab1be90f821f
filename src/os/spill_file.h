// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// SpillFile: room on disk for what does not fit in memory. It has no name, so nobody else opens it, and it is gone when
// it is closed, also after a crash. Linux only: O_TMPFILE.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/byte_view.h"
#include "base/result.h"
#include "os/evidence.h"

namespace lastgood::os {

/// One thread at a time.
class SpillFile {
 public:
  /// On the file system of `folder`, which must be there.
  [[nodiscard]] static base::Result<SpillFile> make(const std::string& folder);

  /// Adds all of `bytes` at the end; ErrorCode::no_space when the disk is full.
  [[nodiscard]] base::Status append(base::ByteView bytes);
  /// Fills all of `into`; what was never written is ErrorCode::io.
  [[nodiscard]] base::Status read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) const;
  [[nodiscard]] std::uint64_t size_bytes() const { return size_bytes_; }

 private:
  SpillFile(Descriptor file, std::string folder) : file_(std::move(file)), folder_(std::move(folder)) {}

  Descriptor file_;
  std::string folder_;
  std::uint64_t size_bytes_ = 0;
};

}  // namespace lastgood::os
