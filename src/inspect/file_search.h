// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// FileSearch: what looks through all bytes of files in the same read that judges them. A scan asks it for every file;
// `sightings` implements it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_observer.h"
#include "base/byte_source.h"
#include "model/investigation_record.h"
#include "os/evidence.h"

namespace lastgood::inspect {

/// One file.
class FileLook : public base::ByteObserver {
 public:
  /// After the last byte. `sha256` of all bytes; empty: they were not all read. Nothing: the file holds nothing to
  /// keep.
  [[nodiscard]] virtual std::optional<model::SearchedFile> finish(const std::vector<std::uint8_t>& sha256) = 0;
};

class FileSearch {
 public:
  virtual ~FileSearch() = default;
  FileSearch() = default;
  FileSearch(const FileSearch&) = delete;
  FileSearch& operator=(const FileSearch&) = delete;

  /// Any thread; one look at a time per thread. `file` outlives the look, which may read it again at places that it has
  /// seen. `on_disk`: the same file, for what a program beside has to read itself; null: it lies on no disk.
  [[nodiscard]] virtual std::unique_ptr<FileLook> begin(base::ByteSource& file, os::EvidenceFile* on_disk,
                                                        const std::string& path) = 0;
  /// A file or folder that cannot be opened.
  virtual void note_unreadable() = 0;
};

}  // namespace lastgood::inspect
