// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// SnapshotView: one snapshot of a source as unit checks see it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engines/unit.h"
#include "sources/source.h"

namespace lastgood::recovery {

/// `source` outlives the view. Paths are those in the snapshot, below `root`.
class SnapshotView final : public engines::UnitView {
 public:
  SnapshotView(sources::Source& source, std::string root) : source_(source), root_(std::move(root)) {}

  [[nodiscard]] base::Result<std::vector<engines::UnitEntry>> list(std::string_view folder) const override;
  [[nodiscard]] base::Result<std::unique_ptr<base::ByteSource>> open(std::string_view file) const override;
  [[nodiscard]] std::unique_ptr<engines::UnitView> open_outside(std::string_view path) const override;

 private:
  [[nodiscard]] base::Result<sources::Folder> read(std::string_view folder) const;

  sources::Source& source_;
  std::string root_;
};

[[nodiscard]] std::vector<engines::UnitEntry> unit_entries_of(const sources::Folder& folder);

}  // namespace lastgood::recovery
