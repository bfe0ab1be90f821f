// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// CaseVersions: the versions of a path in all sources of a plan, as a restore asks for them when bytes are lost.
#pragma once

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "recovery/layered_folder.h"
#include "recovery/other_versions.h"
#include "recovery/plan_layers.h"
#include "recovery/plan_sources.h"
#include "recovery/verdict_table.h"

namespace lastgood::recovery {

/// Reads nothing of case or sources before it is asked. One thread.
class CaseVersions final : public OtherVersions {
 public:
  /// REQUIRES: all three outlive this.
  CaseVersions(const Plan& plan, PlanSources& sources, casefile::CaseStore& store)
      : plan_(plan), sources_(sources), store_(store) {}

  [[nodiscard]] std::vector<OtherVersion> find_versions(const PlanItem& item) override;
  [[nodiscard]] std::optional<base::Sha256Digest> find_digest(const model::ContentKey& key) override;

 private:
  struct KnownFolder {
    std::string path;
    std::shared_ptr<const LayeredFolder> folder;
  };
  /// Where to look, and what was judged; read once. What cannot be read of the case is as if it were not there.
  struct Known {
    PlanLayers layers;
    VerdictTable verdicts;
    std::vector<std::vector<std::string>> labels;  // by source and snapshot
  };
  [[nodiscard]] const Known& known();
  [[nodiscard]] std::string live_path(const PlanItem& item) const;
  [[nodiscard]] std::shared_ptr<const LayeredFolder> folder(const std::vector<std::string>& parts);
  [[nodiscard]] std::shared_ptr<const LayeredFolder> keep(std::string path, std::span<const LayerPlace> places);
  void add_version(const PlanItem& item, const EntryForm& form, std::vector<OtherVersion>& out);

  const Plan& plan_;
  PlanSources& sources_;
  casefile::CaseStore& store_;
  std::optional<Known> known_;
  std::list<KnownFolder> folders_;  // the last used ones, newest first
};

}  // namespace lastgood::recovery
