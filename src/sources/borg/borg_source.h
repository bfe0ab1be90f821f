// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// BorgSource: a borg 1.x repository behind the verbs of a Source.
//
// Roots are named "archive:" and the archive's id, because an archive's items form one list that has to be read whole:
// it is read when its root is first asked for. Folders below are named by a digest of their entries, in hexadecimal.
#pragma once

#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "sources/borg/archive_trees.h"
#include "sources/borg/repository.h"
#include "sources/source.h"

namespace lastgood::sources::borg {

class BorgSource final : public Source {
 public:
  BorgSource(Repository repository, const OpenOptions& options);

  [[nodiscard]] const SourceTraits& traits() const override { return traits_; }
  [[nodiscard]] base::Result<std::vector<model::Snapshot>> snapshots() override;
  [[nodiscard]] base::Result<Folder> read_folder(std::string_view subtree) override;
  [[nodiscard]] base::Result<std::unique_ptr<Content>> open_content(const model::ContentRef& content) override;
  [[nodiscard]] std::uint64_t position_of(const model::ContentRef& content) const override;
  [[nodiscard]] std::vector<model::Finding> findings() const override;

 private:
  struct Candidate {
    ManifestArchive archive;
    model::Presence presence = model::Presence::listed;
  };
  [[nodiscard]] std::vector<Candidate> find_archives();
  [[nodiscard]] std::vector<Candidate> find_unlisted(const std::vector<Candidate>& known);
  [[nodiscard]] base::Result<ArchiveHead> read_head(const ObjectId& id, Tam& tam);
  [[nodiscard]] model::Snapshot describe(const Candidate& candidate);
  [[nodiscard]] base::Result<ArchiveTree> load_archive(const std::string& root);
  [[nodiscard]] Folder list(std::uint32_t folder) const;

  Repository repository_;
  OpenOptions options_;
  SourceTraits traits_;
  mutable std::shared_mutex trees_mutex_;
  ArchiveTrees trees_;
  std::unordered_map<std::string, ArchiveTree> loaded_;  // by root
  std::vector<std::string> roots_;                       // of all snapshots listed so far
  mutable std::mutex findings_mutex_;
};

}  // namespace lastgood::sources::borg
