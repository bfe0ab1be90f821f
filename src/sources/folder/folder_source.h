// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Source over folders of a mounted file system. Subtree ids are paths below the place, beginning with a snapshot's
// root. A content is an inode with its times: one inode is judged once, however many snapshots link to it.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/evidence.h"
#include "os/evidence_entry.h"
#include "sources/folder/find_snapshots.h"
#include "sources/source.h"

namespace lastgood::sources::folder {

class FolderSource final : public Source {
 public:
  /// `place` is open at `path`, from hold_access_times.
  FolderSource(os::Descriptor place, std::string path, std::uint64_t device, FoundSnapshots found);

  [[nodiscard]] const SourceTraits& traits() const override { return traits_; }
  [[nodiscard]] base::Result<std::vector<model::Snapshot>> snapshots() override { return snapshots_; }
  [[nodiscard]] base::Result<Folder> read_folder(std::string_view subtree) override;
  [[nodiscard]] base::Result<std::unique_ptr<Content>> open_content(const model::ContentRef& content) override;
  [[nodiscard]] std::optional<std::string> find_on_this_machine(std::string_view subtree) override;
  [[nodiscard]] std::uint64_t position_of(const model::ContentRef& content) const override;
  [[nodiscard]] std::vector<model::Finding> findings() const override { return findings_; }

 private:
  /// A snapshot's top folder. Those on file systems of their own (ZFS) are opened when first asked for and kept.
  struct Root {
    std::string relative;
    std::once_flag opened;
    std::optional<base::Error> failed;
    os::Descriptor own;
    std::uint64_t device = 0;
  };
  struct PlaceInRoot {
    Root* root = nullptr;
    std::string_view below;  // "" is the root itself
  };
  [[nodiscard]] base::Result<PlaceInRoot> find_root(std::string_view subtree);
  [[nodiscard]] base::Result<os::Descriptor> open_below(const PlaceInRoot& where);
  void open_root(Root& root) const;

  os::Descriptor place_;
  std::string path_;
  std::uint64_t device_;
  SourceTraits traits_;
  std::vector<model::Snapshot> snapshots_;
  std::vector<model::Finding> findings_;
  std::vector<std::string> hidden_;
  std::map<std::string, std::unique_ptr<Root>, std::less<>> roots_;
};

}  // namespace lastgood::sources::folder
