// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// SpillFile: room on disk for what memory cannot hold for a while. It has no name: whatever happens, it is gone with
// the process.
#pragma once

#include <cstdint>
#include <string>

#include "base/byte_source.h"
#include "base/result.h"
#include "os/evidence.h"

namespace lastgood::os {

/// One thread at a time.
class SpillFile final : public base::ByteSource {
 public:
  [[nodiscard]] std::uint64_t size_bytes() const override { return size_bytes_; }
  [[nodiscard]] base::Result<std::size_t> read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) override;
  /// Fills all of `into`; what was never written is ErrorCode::io.
  [[nodiscard]] base::Status read_all(std::uint64_t offset_bytes, std::span<std::uint8_t> into);
  /// Adds at the end. Never synced: nobody looks for it after a crash.
  [[nodiscard]] base::Status append(base::ByteView bytes);

 private:
  friend base::Result<SpillFile> open_spill_file(const std::string& folder);
  SpillFile(Descriptor file, std::string folder) : file_(std::move(file)), folder_(std::move(folder)) {}
  Descriptor file_;
  std::string folder_;
  std::uint64_t size_bytes_ = 0;
};

/// On the file system of `folder`, readable for its owner only.
[[nodiscard]] base::Result<SpillFile> open_spill_file(const std::string& folder);

}  // namespace lastgood::os
