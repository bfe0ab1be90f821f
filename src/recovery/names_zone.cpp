// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/names_zone.h"

#include <algorithm>

#include "casefile/case_about.h"
#include "os/clock.h"
#include "recovery/series_oddities.h"
#include "sources/name_time.h"

namespace lastgood::recovery {

namespace {

std::string setting_of(std::string_view source) { return "names_in." + std::string(source); }

}  // namespace

base::Result<std::string> read_names_zone(casefile::CaseStore& store, std::string_view source) {
  LG_ASSIGN(const auto given, store.setting(setting_of(source)));
  if (given && !given->empty()) return *given;
  LG_ASSIGN(casefile::CaseAbout about, casefile::read_about(store));
  return std::move(about.zone);
}

base::Status keep_names_zone(casefile::CaseStore& store, std::string_view source, std::string_view zone) {
  LG_ASSIGN(const auto given, store.setting(setting_of(source)));
  if (given.value_or(std::string()) == zone) return base::Done{};
  return store.put_setting(setting_of(source), zone);
}

base::Result<std::size_t> read_names_anew(casefile::CaseStore& store, std::string_view source) {
  LG_ASSIGN(const std::string zone, read_names_zone(store, source));
  LG_ASSIGN(std::vector<model::JudgedSnapshot> snapshots, store.backups().snapshots(source));
  std::size_t changed = 0;
  for (model::JudgedSnapshot& judged : snapshots) {
    if (sources::read_name_anew(judged.snapshot, zone)) ++changed;
  }
  if (changed == 0) return changed;
  sort_by_time(snapshots);
  find_oddities(snapshots, os::SystemClock().now_ns(), zone);
  LG_ASSIGN(const std::vector<model::JudgedUnit> units, store.backups().units(source));
  LG_TRY(store.backups().record_snapshots(source, snapshots, units));
  return changed;
}

base::Result<std::vector<std::string>> find_assumed_zones(casefile::CaseStore& store) {
  std::vector<std::string> out;
  LG_ASSIGN(const std::vector<model::BackupSource> sources, store.backups().sources());
  for (const model::BackupSource& source : sources) {
    LG_ASSIGN(const std::string zone, read_names_zone(store, source.name));
    if (!zone.empty()) continue;
    LG_ASSIGN(const std::vector<model::JudgedSnapshot> snapshots, store.backups().snapshots(source.name));
    if (std::any_of(snapshots.begin(), snapshots.end(),
                    [](const auto& judged) { return sources::is_zone_assumed(judged.snapshot, {}); }))
      out.push_back(source.name);
  }
  return out;
}

}  // namespace lastgood::recovery
