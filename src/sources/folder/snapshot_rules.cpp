// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/folder/snapshot_rules.h"

#include <algorithm>
#include <array>

#include "sources/name_time.h"

namespace lastgood::sources::folder {

namespace {

constexpr std::array<SnapshotRuleRow, 4> k_rules = {{
    {SnapshotRule::rsnapshot, "rsnapshot", NameProof::enough,
     "rsnapshot calls its snapshots by interval and age, daily.0 being the newest"},
    {SnapshotRule::shadow_copy, "", NameProof::enough,
     "Windows and Samba show earlier versions as @GMT- and the time in UTC"},
    {SnapshotRule::zfs_tool, "", NameProof::enough,
     "zfs-auto-snapshot, sanoid, zrepl and snapper's kin put their own word before the time"},
    {SnapshotRule::date, "", NameProof::needs_likeness, "backup scripts name a copy by its day"},
}};

constexpr std::array<std::string_view, 10> k_rsnapshot_intervals = {"hourly", "daily", "weekly", "monthly", "yearly",
                                                                    "alpha",  "beta",  "gamma",  "delta",   "main"};
constexpr std::array<std::string_view, 6> k_zfs_words = {"zfs-auto-snap", "autosnap_", "zrepl_",
                                                         "auto-",         "syncoid_",  "GMT-"};

bool is_rsnapshot_name(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view age = name.substr(dot + 1);
  return !age.empty() && age.size() <= 4 && age.find_first_not_of("0123456789") == std::string_view::npos &&
         std::find(k_rsnapshot_intervals.begin(), k_rsnapshot_intervals.end(), name.substr(0, dot)) !=
             k_rsnapshot_intervals.end();
}

}  // namespace

const SnapshotRuleRow& row_of(SnapshotRule rule) {
  return *std::find_if(k_rules.begin(), k_rules.end(), [rule](const SnapshotRuleRow& row) { return row.rule == rule; });
}

std::optional<SnapshotRule> find_snapshot_rule(std::string_view name) {
  if (is_rsnapshot_name(name)) return SnapshotRule::rsnapshot;
  if (!find_time_in_name(name)) return std::nullopt;
  if (name.starts_with("@GMT-")) return SnapshotRule::shadow_copy;
  for (const std::string_view word : k_zfs_words) {
    if (name.starts_with(word)) return SnapshotRule::zfs_tool;
  }
  return SnapshotRule::date;
}

std::optional<SnapshotRule> decide_snapshot_rule(std::span<const std::string> names) {
  std::array<std::size_t, k_rules.size()> followers{};
  std::size_t without = 0;
  std::size_t own_of_disk = 0;
  for (const std::string& name : names) {
    if (name == "lost+found") ++own_of_disk;
    if (const auto rule = find_snapshot_rule(name)) {
      ++followers[static_cast<std::size_t>(*rule)];
    } else {
      ++without;
    }
  }
  const auto most = std::max_element(followers.begin(), followers.end());
  const bool is_alone = *most == 1 && names.size() == own_of_disk + 1;
  if (!is_alone && (*most < k_snapshot_siblings_min || *most <= without)) return std::nullopt;
  return static_cast<SnapshotRule>(most - followers.begin());
}

bool are_alike(std::span<const std::string> names, std::span<const std::string> others) {
  std::size_t shared = 0;
  for (const std::string& name : names) shared += std::binary_search(others.begin(), others.end(), name) ? 1U : 0U;
  return shared > 0 && shared * 2 >= std::min(names.size(), others.size());
}

}  // namespace lastgood::sources::folder
