// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "casefile/testing/memory_case_store.h"

#include <algorithm>

#include "casefile/file_place.h"

namespace lastgood::casefile::testing {

namespace {

base::Error not_found(std::string what) {
  return {.code = base::ErrorCode::not_found,
          .what = std::move(what),
          .path = {},
          .offset_bytes = {},
          .system_errno = 0,
          .hint = {}};
}

bool is_wanted(const FileFilter& filter, std::int64_t scan_id, const std::string& folder,
               const model::FileRecord& file) {
  const auto& verdicts = filter.verdicts;
  return (!filter.scan_id || *filter.scan_id == scan_id) && (filter.path.empty() || filter.path == file.path) &&
         (verdicts.empty() || std::find(verdicts.begin(), verdicts.end(), file.verdict) != verdicts.end()) &&
         is_at_or_below(folder, without_end_slash(filter.path_below));
}

model::FileRecord without_details(model::FileRecord file) {
  file.original_name.clear();
  file.ranges.clear();
  file.reasons.clear();
  file.head.clear();
  file.tail.clear();
  file.sha256.clear();
  file.campaign_id = 0;
  return file;
}

/// All places first: after an error nothing has changed.
template <typename Item>
base::Result<std::vector<FilePlace>> places_of(std::span<const Item> items) {
  std::vector<FilePlace> out;
  for (const Item& item : items) {
    LG_ASSIGN(const FilePlace place, place_of(item.path));
    out.push_back(place);
  }
  return out;
}

}  // namespace

base::Status MemoryCaseStore::check_scan(std::int64_t scan_id) const {
  if (scan_id >= 1 && scan_id <= static_cast<std::int64_t>(scans_.size())) return base::Done{};
  return not_found("no scan " + std::to_string(scan_id));
}

std::optional<model::FileRecord> MemoryCaseStore::find_file(std::int64_t scan_id, std::string_view path) const {
  const auto place = place_of(path);
  if (!place.ok()) return std::nullopt;
  const auto at = files_.find({scan_id, std::string(place.value().folder), std::string(place.value().name)});
  return at == files_.end() ? std::nullopt : std::optional(at->second);
}

base::Result<std::int64_t> MemoryCaseStore::begin_scan(const model::Scan& scan) {
  scans_.push_back(scan);
  scans_.back().id = static_cast<std::int64_t>(scans_.size());
  scans_.back().counts = {};
  return scans_.back().id;
}

base::Status MemoryCaseStore::record_files(std::int64_t scan_id, std::span<const model::FileRecord> files,
                                           std::span<const model::Sighting> sightings) {
  LG_TRY(check_scan(scan_id));
  LG_ASSIGN(const std::vector<FilePlace> file_places, places_of(files));
  LG_ASSIGN(const std::vector<FilePlace> sighting_places, places_of(sightings));
  for (std::size_t i = 0; i < files.size(); ++i) {
    const FileKey key(scan_id, file_places[i].folder, file_places[i].name);
    if (!files_.insert_or_assign(key, files[i]).second) {
      std::erase_if(sightings_, [&](const auto& entry) { return std::get<0>(entry.first) == key; });
    }
  }
  for (std::size_t i = 0; i < sightings.size(); ++i) {
    const FileKey key(scan_id, sighting_places[i].folder, sighting_places[i].name);
    const model::Sighting& sighting = sightings[i];
    sightings_[{key, sighting.offset_bytes, sighting.kind, sighting.value}] = sighting;
  }
  return base::Done{};
}

base::Status MemoryCaseStore::amend_files(std::int64_t scan_id, std::span<const model::FileRecord> files) {
  LG_ASSIGN(const std::vector<FilePlace> places, places_of(files));
  std::vector<model::FileRecord*> found;
  for (const FilePlace& place : places) {
    const auto at = files_.find({scan_id, std::string(place.folder), std::string(place.name)});
    if (at == files_.end()) return not_found("no such file is recorded");
    found.push_back(&at->second);
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    found[i]->verdict = files[i].verdict;
    found[i]->certainty = files[i].certainty;
    found[i]->reasons = files[i].reasons;
    found[i]->ranges = files[i].ranges;
    found[i]->original_name = files[i].original_name;
    found[i]->campaign_id = files[i].campaign_id;
  }
  return base::Done{};
}

base::Result<std::vector<std::int64_t>> MemoryCaseStore::record_campaigns(std::int64_t scan_id,
                                                                          std::span<const model::Campaign> campaigns) {
  LG_TRY(check_scan(scan_id));
  std::vector<model::Campaign>& stored = campaigns_[scan_id];
  stored.assign(campaigns.begin(), campaigns.end());
  std::vector<std::int64_t> ids;
  for (model::Campaign& campaign : stored) {
    campaign.id = next_campaign_id_++;
    ids.push_back(campaign.id);
  }
  return ids;
}

base::Status MemoryCaseStore::finish_scan(std::int64_t scan_id, std::int64_t finished_ns,
                                          const model::ScanCounts& counts) {
  LG_TRY(check_scan(scan_id));
  model::Scan& scan = scans_[static_cast<std::size_t>(scan_id - 1)];
  scan.finished_ns = finished_ns;
  scan.counts = counts;
  return base::Done{};
}

base::Result<std::vector<model::Scan>> MemoryCaseStore::scans() { return scans_; }

base::Result<std::vector<model::Campaign>> MemoryCaseStore::campaigns(std::int64_t scan_id) {
  const auto at = campaigns_.find(scan_id);
  return at == campaigns_.end() ? std::vector<model::Campaign>() : at->second;
}

base::Status MemoryCaseStore::visit_files(const FileFilter& filter, const FileVisitor& visitor) {
  // By key and not by iterator: the visitor may record files.
  for (auto at = files_.begin(); at != files_.end();) {
    const FileKey key = at->first;
    const auto& [scan_id, folder, name] = key;
    if (is_wanted(filter, scan_id, folder, at->second)) {
      if (!visitor(filter.details ? at->second : without_details(at->second))) break;
    }
    at = files_.upper_bound(key);
  }
  return base::Done{};
}

base::Status MemoryCaseStore::visit_sightings(std::int64_t scan_id, const SightingVisitor& visitor) {
  for (auto at = sightings_.begin(); at != sightings_.end();) {
    const SightingKey key = at->first;
    const model::Sighting sighting = at->second;
    if (std::get<0>(std::get<0>(key)) == scan_id && !visitor(sighting)) break;
    at = sightings_.upper_bound(key);
  }
  return base::Done{};
}

base::Result<model::ScanCounts> MemoryCaseStore::count_files(std::int64_t scan_id) {
  model::ScanCounts counts;
  for (const auto& [key, file] : files_) {
    if (std::get<0>(key) == scan_id) counts.count(file.verdict, file.size_bytes, file.bytes_read);
  }
  return counts;
}

base::Result<std::vector<KnownFile>> MemoryCaseStore::known_files(std::int64_t scan_id, std::string_view directory) {
  std::vector<KnownFile> out;
  const std::string folder(without_end_slash(directory));
  for (const auto& [key, file] : files_) {
    if (std::get<0>(key) != scan_id || std::get<1>(key) != folder) continue;
    out.push_back({.name = std::get<2>(key),
                   .size_bytes = file.size_bytes,
                   .mtime_ns = file.mtime_ns,
                   .ctime_ns = file.ctime_ns});
  }
  return out;
}

base::Result<std::optional<std::string>> MemoryCaseStore::setting(std::string_view name) {
  const auto at = settings_.find(name);
  return at == settings_.end() ? std::optional<std::string>() : std::optional<std::string>(at->second);
}

base::Status MemoryCaseStore::put_setting(std::string_view name, std::string_view value) {
  settings_.insert_or_assign(std::string(name), std::string(value));
  return base::Done{};
}

}  // namespace lastgood::casefile::testing
