// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/copied_relations.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "engines/postgresql/cluster_copy.h"
#include "engines/postgresql/copy_stand.h"
#include "engines/postgresql/log_segments.h"
#include "engines/postgresql/relation_files.h"
#include "engines/scratch_copy.h"

namespace lastgood::engines::postgresql {

namespace {

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }
std::string name_in(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string name_of_part(const std::string& name, std::uint64_t number) {
  return number == 0 ? name : fmt::format("{}.{}", name, number);
}

/// Lists "base/5", or "pg_tblspc/16400/PG_15_202209061/5" wherever the tablespace's link leads.
std::vector<UnitEntry> list_folder(const UnitView& view, const std::string& folder, const std::string& database) {
  constexpr std::string_view k_tablespaces = "pg_tblspc/";
  auto listed = view.list(join(folder, database));
  if (listed.ok()) return std::move(listed).value();
  if (!database.starts_with(k_tablespaces)) return {};
  const std::size_t slash = database.find('/', k_tablespaces.size());
  for (const ListedTablespace& tablespace : list_tablespaces(view, folder)) {
    if (tablespace.lies == ListedTablespace::Lies::inside || k_tablespaces.size() + tablespace.number.size() != slash ||
        !database.substr(k_tablespaces.size()).starts_with(tablespace.number))
      continue;
    const std::unique_ptr<UnitView> outside = view.open_outside(tablespace.target);
    auto inside =
        outside ? outside->list(database.substr(slash + 1)) : base::Result<std::vector<UnitEntry>>(base::Error{});
    if (inside.ok()) return std::move(inside).value();
  }
  return {};
}

/// Where an attacker's ending stands behind `name`: "16533.bak9".
std::string find_renamed(const auto& sizes, const std::string& name) {
  for (auto at = sizes.lower_bound(name + "."); at != sizes.end() && at->first.starts_with(name + "."); ++at) {
    if (find_name_before_ending(at->first) == name) return at->first;
  }
  return {};
}

/// What is said of the relation's main file or one of its segments.
std::string find_said(const std::map<std::string, std::string, std::less<>>& said, const std::string& path) {
  for (auto at = said.lower_bound(path); at != said.end() && at->first.starts_with(path); ++at) {
    const auto parsed = parse_relation_name(name_in(at->first));
    if (parsed && parsed->fork == Fork::main && (at->first == path || at->first[path.size()] == '.'))
      return fmt::format("its file {}: {}", name_in(at->first), at->second);
  }
  return {};
}

}  // namespace

CopiedRelations::CopiedRelations(const UnitView& view, std::string folder, const ScratchServerOptions& options)
    : view_(view), folder_(std::move(folder)), logs_(options.logs), spill_folder_(options.parent) {
  if (std::optional<CopyStand> stand = read_stand(view_, folder_)) {
    control_ = stand->control;
    label_ = std::move(stand->label);
  }
}

void CopiedRelations::suspect(const std::map<std::string, std::string, std::less<>>& contradicted) {
  const std::string start = join(folder_, {});
  for (const auto& [path, sentence] : contradicted) {
    if (!path.starts_with(start)) continue;
    const std::string inside = path.substr(start.size());
    const auto parsed = parse_relation_name(name_in(inside));
    if (!parsed) continue;
    are_maps_suspect_ = are_maps_suspect_ || parsed->fork == Fork::visibility;
    suspects_.emplace(inside, sentence);
  }
}

bool CopiedRelations::is_shut_down() const {
  return !label_ && logs_ == nullptr &&
         (control_.state == ClusterState::shut_down || control_.state == ClusterState::shut_down_in_recovery);
}

const CopiedRelations::Sizes& CopiedRelations::sizes_of(const std::string& database_folder) {
  const auto [known, is_new] = sizes_.try_emplace(database_folder);
  if (!is_new) return known->second;
  for (const UnitEntry& entry : list_folder(view_, folder_, database_folder)) {
    if (entry.kind == model::EntryKind::regular && !unread_.contains(database_folder + "/" + entry.name))
      known->second.emplace(entry.name, entry.size_bytes);
  }
  return known->second;
}

std::string CopiedRelations::say_missing(const std::string& path, std::string_view what) {
  const std::string renamed = find_renamed(sizes_of(folder_of(path)), name_in(path));
  if (!renamed.empty()) return fmt::format("{} lies there as '{}'", what, base::printable(renamed));
  return fmt::format("{} {} is not there", what, name_in(path));
}

std::string CopiedRelations::find_missing_segment(const std::string& path) {
  const std::string name = name_in(path);
  const Sizes& sizes = sizes_of(folder_of(path));
  const std::uint64_t full_bytes = std::uint64_t{control_.segment_blocks} * control_.block_bytes;
  std::uint64_t last = 0;
  for (auto at = sizes.lower_bound(name + "."); at != sizes.end() && at->first.starts_with(name + "."); ++at) {
    // The server leaves empty files behind where a table became shorter. A renamed one speaks for those before it.
    const auto parsed = parse_relation_name(find_name_before_ending(at->first).value_or(at->first));
    if (parsed && at->second > 0) last = std::max<std::uint64_t>(last, parsed->segment);
  }
  for (std::uint64_t number = 0; number <= last && full_bytes > 0; ++number) {
    const std::string segment = name_of_part(name, number);
    const auto found = sizes.find(segment);
    if (found == sizes.end()) return say_missing(folder_of(path) + "/" + segment, "its part");
    if (number < last && found->second < full_bytes)
      return fmt::format("its part {} has {} bytes of {}", segment, found->second, full_bytes);
  }
  return {};
}

std::string CopiedRelations::find_missing(const std::string& path) {
  std::string sentence = find_said(unread_, path);
  if (!sentence.empty()) return sentence;
  if (!sizes_of(folder_of(path)).contains(name_in(path)))
    return is_made_by_log(path) ? std::string{} : say_missing(path, "its file");
  sentence = find_said(suspects_, path);
  if (!sentence.empty()) return sentence;
  sentence = find_missing_segment(path);
  return sentence.empty() || is_resized_by_log(path) ? std::string{} : sentence;
}

std::uint64_t CopiedRelations::count_blocks(const std::string& path) {
  const Sizes& sizes = sizes_of(folder_of(path));
  const std::uint64_t full_bytes = std::uint64_t{control_.segment_blocks} * control_.block_bytes;
  std::uint64_t bytes = 0;
  for (std::uint64_t number = 0; full_bytes > 0; ++number) {
    const auto found = sizes.find(name_of_part(name_in(path), number));
    if (found != sizes.end()) bytes += found->second;
    if (found == sizes.end() || found->second < full_bytes) break;
  }
  return control_.block_bytes == 0 ? 0 : bytes / control_.block_bytes;
}

bool CopiedRelations::is_made_by_log(const std::string& path) {
  const auto folder = parse_relation_folder(folder_of(path));
  const auto name = parse_relation_name(name_in(path));
  if (!folder || !name) return false;
  return log().copied_databases.contains(folder->database) ||
         log().created.contains(
             {.tablespace = folder->tablespace, .database = folder->database, .relation = name->relation});
}

bool CopiedRelations::is_resized_by_log(const std::string& path) {
  const auto name = parse_relation_name(name_in(path));
  return is_made_by_log(path) || (name && log().truncated.contains(name->relation));
}

const WalSurvey& CopiedRelations::log() {
  if (log_) return *log_;
  log_.emplace();
  if (control_.wal_segment_bytes == 0 || is_shut_down()) return *log_;
  const auto segments = LogSegments::list(view_, folder_, control_, logs_, spill_folder_);
  if (!segments.ok()) return *log_;
  const OpenSegment open = [&](std::uint64_t number) -> std::unique_ptr<base::ByteSource> {
    const LogSegment* const segment = segments.value().find(number);
    return segment == nullptr ? nullptr : segments.value().open(*segment);
  };
  log_ = survey_wal({.from = label_ ? label_->start : control_.redo,
                     .system_id = control_.system_id,
                     .page_bytes = control_.wal_block_bytes,
                     .segment_bytes = control_.wal_segment_bytes,
                     .notes = WalNotes::no_pages},
                    open);
  return *log_;
}

}  // namespace lastgood::engines::postgresql
