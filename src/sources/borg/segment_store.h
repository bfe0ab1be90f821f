// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The files of a repository: which segments there are, and how each is opened. Everything through os/evidence.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/finding.h"
#include "os/evidence.h"

namespace lastgood::sources::borg {

struct SegmentFile {
  std::uint32_t number = 0;
  std::uint32_t folder = 0;  // data/FOLDER/NUMBER
  std::uint64_t size_bytes = 0;
  std::int64_t mtime_ns = 0;
};

/// Opening and reading: any thread. The list is made once, when the store is opened.
class SegmentStore {
 public:
  /// ErrorCode::not_found when there is no folder, or one without a `data` folder.
  [[nodiscard]] static base::Result<SegmentStore> open(const std::string& location);

  [[nodiscard]] const std::string& location() const { return location_; }
  /// By number. Empty files are not among them: borg takes these for deleted.
  [[nodiscard]] const std::vector<SegmentFile>& segments() const { return segments_; }
  [[nodiscard]] const SegmentFile* find(std::uint32_t number) const;
  /// ErrorCode::damaged_source when there is no such segment.
  [[nodiscard]] base::Result<os::EvidenceFile> open_segment(std::uint32_t number) const;

  /// A file beside `data`, whole; ErrorCode::limit_reached when it is longer than `bytes_max`.
  [[nodiscard]] base::Result<std::string> read_file(const std::string& name, std::size_t bytes_max) const;
  [[nodiscard]] base::Result<os::EvidenceFile> open_file(const std::string& name) const;
  /// Highest T of files "index.T"; nothing when there is none.
  [[nodiscard]] std::optional<std::uint32_t> index_number() const { return index_number_; }
  [[nodiscard]] bool has_folder(const std::string& name) const;

  /// Names in `data` that are no segments, segments that stand twice.
  [[nodiscard]] const std::vector<model::Finding>& findings() const { return findings_; }

 private:
  SegmentStore(os::Descriptor root, std::string location) : root_(std::move(root)), location_(std::move(location)) {}
  base::Status list_root();
  base::Status list_data();
  base::Status list_segments(std::uint32_t folder);

  os::Descriptor root_;
  std::string location_;
  std::vector<SegmentFile> segments_;
  std::optional<std::uint32_t> index_number_;
  std::vector<std::string> folders_;
  std::vector<model::Finding> findings_;
  std::uint64_t strangers_ = 0;
  std::string first_stranger_;
};

}  // namespace lastgood::sources::borg
