// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// PlanBuilder: a plan as it grows, with the sums that people read.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "recovery/opened_source.h"
#include "recovery/plan.h"
#include "recovery/plan_layers.h"

namespace lastgood::recovery {

class PlanBuilder {
 public:
  /// Both outlive the builder.
  PlanBuilder(const OpenedSources& sources, const PlanLayers& layers) : sources_(sources), layers_(layers) {}

  /// An item for `entry` as it stands in `layer`, at `path` on the victim. Not added yet.
  [[nodiscard]] PlanItem item_of(const std::string& path, const model::TreeEntry& entry, std::uint32_t layer);
  /// Adds it; sums count regular files.
  void add(PlanItem item);
  /// Takes back a folder that turned out to hold nothing. REQUIRES: it is the last item.
  void take_back_folder() { plan_.items.pop_back(); }
  [[nodiscard]] std::uint32_t add_unit(PlanUnit unit);
  void add_loss(const std::string& path, std::string why);
  /// That the newest bytes of this file are newer than the last clean snapshot.
  void count_gain(std::int64_t mtime_ns, std::int64_t snapshot_ns);
  void add_unjudged(const std::string& path, std::string why = {});
  void count_deleted() { ++plan_.files_deleted_before; }
  void count_kept(std::uint64_t bytes) { plan_.space.kept_bytes += bytes; }

  /// The number of a reason, each kept once.
  [[nodiscard]] std::uint32_t why(std::string_view sentence);
  [[nodiscard]] std::uint32_t snapshot_number(std::uint32_t layer);
  /// "nas 3fa1c2d0", for sentences.
  [[nodiscard]] std::string snapshot_name(std::uint32_t layer) const;
  [[nodiscard]] std::size_t item_count() const { return plan_.items.size(); }

  [[nodiscard]] Plan finish();

 private:
  PlanTop& top_of(const std::string& path);

  const OpenedSources& sources_;
  const PlanLayers& layers_;
  Plan plan_;
  std::map<std::uint32_t, std::uint32_t> snapshot_numbers_;  // by layer
  std::map<std::string, PlanTop> tops_;
};

}  // namespace lastgood::recovery
