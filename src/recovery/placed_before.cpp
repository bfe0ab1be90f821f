// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/placed_before.h"

#include <utility>
#include <variant>

#include <fmt/format.h>

#include "base/local_time.h"
#include "base/rfc3339.h"
#include "os/append_file.h"
#include "os/folder.h"
#include "recovery/kept_places.h"
#include "recovery/plan_file.h"
#include "recovery/restore/journal.h"

namespace lastgood::recovery {

namespace {

/// By item: the inode of what was put under its name, and of the folder of a unit.
struct PlacedItems {
  std::map<std::uint32_t, std::uint64_t> files;
  std::map<std::uint32_t, std::uint64_t> intents;

  void operator()(const restore::DoneRecord& record) {
    for (const restore::DoneEntry& entry : record.entries) files[entry.item] = entry.state.inode;
  }
  void operator()(const restore::IntentsRecord& record) {
    for (const restore::IntentEntry& entry : record.entries) intents[entry.item] = entry.state.inode;
  }
  template <typename Other>
  void operator()(const Other& /*record*/) {}
};

}  // namespace

PlacedBefore::PlacedBefore(std::string case_folder, std::string target, std::string own_plan_sha256, std::string zone)
    : case_folder_(std::move(case_folder)),
      target_(std::move(target)),
      own_plan_sha256_(std::move(own_plan_sha256)),
      zone_(std::move(zone)) {}

std::string PlacedBefore::find_placed(const std::string& path, std::uint64_t inode) {
  if (!std::exchange(is_read_, true)) read_journals();
  const auto at = placed_.find({path, inode});
  return at == placed_.end() ? std::string() : at->second;
}

void PlacedBefore::read_journals() {
  auto places = find_kept_places(case_folder_);
  if (!places.ok()) return;
  find_their_plans(case_folder_, places.value());
  const auto resolved = os::resolve_folder(target_);
  for (const KnownKeptPlace& known : places.value()) {
    const bool is_here = resolved.ok() && known.place.target == resolved.value();
    if (!is_here || known.plan_path.empty() || known.place.plan_sha256 == own_plan_sha256_) continue;
    const auto read = read_plan(known.plan_path);
    const auto file =
        os::open_own_file(restore::journal_path(known.place.journal_folder, known.place.plan_sha256,
                                                static_cast<std::uint8_t>(RestoreMode::in_place), known.place.target));
    if (!read.ok() || !file.ok()) continue;
    PlacedItems placed;
    const auto damages = restore::read_journal(
        *file.value(), [&](restore::JournalRecord&& record) { std::visit(placed, std::as_const(record)); });
    if (!damages.ok()) continue;
    const Plan& plan = read.value().plan;
    const std::string who =
        fmt::format("an earlier restore of this case (plan {}..., begun {})", known.place.plan_sha256.substr(0, 16),
                    base::time_in_zone(base::parse_rfc3339(known.begun).value_or(0), zone_));
    for (const auto& [item, inode] : placed.files)
      if (item < plan.items.size() && inode != 0) placed_[{plan.items[item].path, inode}] = who;
    for (const auto& [item, inode] : placed.intents) {
      if (item >= plan.items.size() || inode == 0) continue;
      const std::uint32_t unit = plan.items[item].unit;
      placed_[{unit < plan.units.size() ? plan.units[unit].path : plan.items[item].path, inode}] = who;
    }
  }
}

}  // namespace lastgood::recovery
