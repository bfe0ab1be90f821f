// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One archive: its file, opened and read through when first asked for, its index, its members' bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>

#include "os/evidence.h"
#include "sources/source.h"
#include "sources/tar/tar_index.h"
#include "sources/tar/unpacked_blocks.h"
#include "sources/tar/unpacked_bytes.h"

namespace lastgood::sources::tar {

class TarArchive {
 public:
  /// `single_file`: what lies beside archives and belongs to them, as if it were packed into one alone.
  enum class Form : std::uint8_t { archive, single_file };
  /// `name` in `folder`, which outlives it, as `blocks` does; `path` is for messages. What was seen of it: how it is
  /// packed, its status.
  TarArchive(const os::Descriptor& folder, std::string name, std::string path, Packing packing, os::FileStatus status,
             std::shared_ptr<UnpackedBlocks> blocks, Form form = Form::archive);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] Packing packing() const { return packing_; }
  [[nodiscard]] const os::FileStatus& status() const { return status_; }

  /// Reads the archive through, the first time. Any thread. An error when the file cannot be opened or is another now.
  [[nodiscard]] base::Result<const TarIndex*> index();
  /// What the index tells, when it was read already. Any thread.
  [[nodiscard]] std::vector<model::Finding> findings_so_far() const;

  /// Bytes of the unpacked archive; fewer than asked for is ErrorCode::damaged_source. Any thread; in a packed archive
  /// one after the other. REQUIRES: index() gave one.
  [[nodiscard]] base::Status read(std::uint64_t offset_bytes, std::span<std::uint8_t> into);

 private:
  [[nodiscard]] base::Status open_and_read();
  [[nodiscard]] bool read_from_blocks(std::uint64_t offset_bytes, std::span<std::uint8_t> into);
  [[nodiscard]] UnpackedBlocks::Block unpack_block(std::uint64_t number);
  [[nodiscard]] base::Error changed() const;

  const os::Descriptor& folder_;
  std::string name_;
  std::string path_;
  Packing packing_;
  os::FileStatus status_;
  std::shared_ptr<UnpackedBlocks> blocks_;
  Form form_;
  mutable std::mutex opening_;
  bool tried_ = false;
  std::optional<base::Error> failed_;
  std::optional<os::EvidenceFile> file_;
  std::unique_ptr<TarIndex> index_;
  std::mutex unpacking_;
  std::unique_ptr<UnpackedBytes> bytes_;
};

}  // namespace lastgood::sources::tar
