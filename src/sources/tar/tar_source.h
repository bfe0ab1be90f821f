// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Source over tar archives. A subtree id is the archive's number, '/', and the path in it; a handle the archive's
// number, ':', and the member's.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/evidence.h"
#include "sources/source.h"
#include "sources/tar/tar_archive.h"

namespace lastgood::sources::tar {

/// Archives that are one tree: what is in a part lies at `at` in the tree of `base`.
struct JoinedArchives {
  struct Part {
    std::size_t archive = 0;
    std::string at;  // "pg_wal"; empty: the top
  };
  std::size_t base = 0;
  std::vector<Part> parts;
};

/// The archives in one folder, in the folders of it, or one of them.
struct FoundArchives {
  std::vector<std::unique_ptr<os::Descriptor>> folders;  // outlive the archives
  std::vector<std::unique_ptr<TarArchive>> archives;
  std::vector<JoinedArchives> joined;
  std::vector<model::Snapshot> snapshots;  // one for each archive but parts, their root its number
  std::vector<model::Finding> findings;
};

class TarSource final : public Source {
 public:
  explicit TarSource(FoundArchives found);

  [[nodiscard]] const SourceTraits& traits() const override { return traits_; }
  [[nodiscard]] base::Result<std::vector<model::Snapshot>> snapshots() override { return found_.snapshots; }
  [[nodiscard]] base::Result<Folder> read_folder(std::string_view subtree) override;
  [[nodiscard]] base::Result<std::unique_ptr<Content>> open_content(const model::ContentRef& content) override;
  [[nodiscard]] std::uint64_t position_of(const model::ContentRef& content) const override;
  [[nodiscard]] std::vector<model::Finding> findings() const override;

 private:
  /// False: the archive has no such folder.
  [[nodiscard]] base::Result<bool> add_entries(std::size_t archive, std::string_view path, Folder& folder);
  [[nodiscard]] base::Result<bool> add_parts(const JoinedArchives& joined, std::string_view path, Folder& folder);

  FoundArchives found_;
  SourceTraits traits_;
};

}  // namespace lastgood::sources::tar
