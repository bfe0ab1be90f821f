// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A restic repository as a Source; made by open_restic.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "sources/open_source.h"
#include "sources/restic/blob_index.h"
#include "sources/restic/blob_reader.h"
#include "sources/restic/repository_files.h"

namespace lastgood::sources::restic {

/// What open_restic found.
struct OpenRepository {
  std::unique_ptr<RepositoryFiles> files;
  MasterKey key;
  BlobIndex index;
  std::vector<StoredFile> snapshots;  // listed before the indexes were read
  std::string format;
  std::vector<model::Finding> findings;
};

class ResticSource final : public Source {
 public:
  ResticSource(OpenRepository opened, const OpenOptions& options);

  [[nodiscard]] const SourceTraits& traits() const override { return traits_; }
  [[nodiscard]] base::Result<std::vector<model::Snapshot>> snapshots() override;
  /// `subtree` is the 32-byte id of a tree.
  [[nodiscard]] base::Result<Folder> read_folder(std::string_view subtree) override;
  [[nodiscard]] base::Result<std::unique_ptr<Content>> open_content(const model::ContentRef& content) override;
  /// Pack number << 32 | offset of the first blob's first copy; 0 for what has no bytes.
  [[nodiscard]] std::uint64_t position_of(const model::ContentRef& content) const override;
  [[nodiscard]] std::vector<model::Finding> findings() const override;

 private:
  [[nodiscard]] base::Result<model::Snapshot> read_snapshot(const StoredFile& file) const;
  void add_findings_of(model::Snapshot& snapshot) const;
  void add_orphans(const std::vector<BlobId>& roots, std::vector<model::Snapshot>& snapshots);
  void add_finding(model::Finding finding);

  std::unique_ptr<RepositoryFiles> files_;
  MasterKey key_;
  BlobIndex index_;
  BlobReader reader_;
  std::vector<StoredFile> snapshot_files_;
  OpenOptions options_;
  SourceTraits traits_;
  mutable std::mutex findings_mutex_;
  std::vector<model::Finding> findings_;
};

}  // namespace lastgood::sources::restic
