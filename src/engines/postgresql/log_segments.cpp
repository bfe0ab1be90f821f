// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/log_segments.h"

#include <algorithm>

#include <fmt/format.h>

#include "engines/packed_log.h"
#include "engines/postgresql/cluster_copy.h"

namespace lastgood::engines::postgresql {

namespace {

constexpr std::size_t k_name_letters = 24;
constexpr std::size_t k_timeline_letters = 8;
constexpr std::uint64_t k_segment_bytes_max = std::uint64_t{1} << 30U;

}  // namespace

void LogSegments::take(const UnitView& view, const std::vector<ArchivedFile>& files) {
  const std::uint64_t per_high = (std::uint64_t{1} << 32U) / segment_bytes_;
  for (const ArchivedFile& file : files) {
    if (file.name.size() != k_name_letters) continue;
    const std::uint64_t high = std::stoull(file.name.substr(8, 8), nullptr, 16);
    const std::uint64_t low = std::stoull(file.name.substr(16, 8), nullptr, 16);
    if (low >= per_high) continue;
    const LogSegment segment{.view = &view, .path = file.path, .name = file.name};
    const auto [at, is_new] = segments_.try_emplace(high * per_high + low, segment);
    // The engine takes the copy's own where the archive's is none.
    if (!is_new && (at->second.view == &view || open(segment) != nullptr)) at->second = segment;
  }
}

void LogSegments::take_own(const UnitView& copy, const std::string& folder) {
  const UnitView* view = &copy;
  std::string inside = join(folder, "pg_wal");
  const auto entries = copy.list(folder);
  for (const UnitEntry& entry : entries.ok() ? entries.value() : std::vector<UnitEntry>()) {
    if (entry.name != "pg_wal" || entry.kind != model::EntryKind::link) continue;
    linked_ = copy.open_outside(entry.link_target);
    view = linked_.get();
    inside.clear();
  }
  const auto listed =
      view == nullptr ? base::Result<std::vector<UnitEntry>>(std::vector<UnitEntry>()) : view->list(inside);
  std::vector<ArchivedFile> own;
  for (const UnitEntry& entry : listed.ok() ? listed.value() : std::vector<UnitEntry>()) {
    if (entry.kind == model::EntryKind::regular && is_segment_name(entry.name))
      own.push_back({.path = join(inside, entry.name), .name = entry.name});
  }
  std::sort(own.begin(), own.end(), [](const ArchivedFile& a, const ArchivedFile& b) { return a.name < b.name; });
  if (view != nullptr) take(*view, own);
}

base::Result<LogSegments> LogSegments::list(const UnitView& copy, const std::string& folder, const ControlFile& control,
                                            const UnitView* archive, std::string spill_folder) {
  LogSegments segments;
  segments.segment_bytes_ = control.wal_segment_bytes;
  segments.spill_folder_ = std::move(spill_folder);
  segments.take_own(copy, folder);
  if (archive == nullptr) return segments;
  std::size_t others = 0;
  LG_ASSIGN(std::vector<ArchivedFile> archived, list_archive(*archive, others));
  std::erase_if(archived, [&](const ArchivedFile& file) {
    return file.name.substr(0, k_timeline_letters) < fmt::format("{:08X}", control.timeline);
  });
  segments.take(*archive, archived);
  return segments;
}

const LogSegment* LogSegments::find(std::uint64_t number) const {
  const auto found = segments_.find(number);
  return found == segments_.end() ? nullptr : &found->second;
}

std::vector<const LogSegment*> LogSegments::list_behind(std::uint64_t number, const UnitView& view,
                                                        std::string_view name) const {
  std::vector<const LogSegment*> out;
  for (auto at = segments_.upper_bound(number); at != segments_.end(); ++at) {
    const bool is_earlier =
        std::string_view(at->second.name).substr(0, k_timeline_letters) < name.substr(0, k_timeline_letters);
    if (at->second.view == &view && !is_earlier) out.push_back(&at->second);
  }
  return out;
}

std::unique_ptr<base::ByteSource> LogSegments::open(const LogSegment& segment) const {
  auto packed = segment.view->open(segment.path);
  if (!packed.ok()) return nullptr;
  auto opened = open_packed_log(std::move(packed).value(), spill_folder_, k_segment_bytes_max);
  if (!opened.ok() || !is_segment(*opened.value().bytes, segment.name)) return nullptr;
  return std::move(opened.value().bytes);
}

}  // namespace lastgood::engines::postgresql
