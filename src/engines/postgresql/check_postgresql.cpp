// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What makes a cluster whole: pg_control says where replay begins; the log is there and sound from that place to its
// end; no page is newer than the end of the log, none is older than the log says it was when the last checkpoint wrote
// it; every page has its checksum, or replay puts a whole image over it. Facts: PostgreSQL documentation, chapters
// "Reliability and the Write-Ahead Log" and "Backup and Restore".
#include "engines/postgresql/check_postgresql.h"

#include <algorithm>
#include <limits>
#include <set>

#include <fmt/format.h>

#include "base/error.h"
#include "engines/page_reader.h"
#include "engines/postgresql/backup_files.h"
#include "engines/postgresql/catalogue.h"
#include "engines/postgresql/check_catalogue.h"
#include "engines/postgresql/check_manifest.h"
#include "engines/postgresql/cluster_files.h"
#include "engines/postgresql/control_file.h"
#include "engines/postgresql/missing_tablespaces.h"
#include "engines/postgresql/unfilled_segment.h"

namespace lastgood::engines {

namespace {

using base::ByteView;
using namespace postgresql;

constexpr std::int64_t k_second_ns = 1'000'000'000;

std::vector<std::string> find_clusters(const FolderListing& listing) {
  const bool is_cluster = listing.has_file("PG_VERSION") && listing.has_folder("global") &&
                          listing.has_folder("base") && (listing.has_folder("pg_wal") || listing.has_folder("pg_xlog"));
  if (!is_cluster) return {};
  return {""};
}

ByteView view_over_bytes(const std::vector<std::uint8_t>& bytes) {
  return ByteView(std::span<const std::uint8_t>(bytes));
}

/// Reads what says how to look at everything else. Nothing: the reason was said.
std::optional<ControlFile> read_control(UnitCheck& check) {
  constexpr std::string_view k_path = "global/pg_control";
  const std::string shown = check.home().show(k_path);
  const auto bytes = check.read_small(check.home(), k_path, 1U << 20);
  if (!bytes) {
    check.damaged(shown, "postgresql.control", "is not there");
    return std::nullopt;
  }
  const ControlOpinion opinion = parse_control(view_over_bytes(*bytes));
  if (opinion.control) return opinion.control;
  if (opinion.is_other_version) {
    check.unread(
        shown, "postgresql.version",
        fmt::format("control file version {} is not known here, 1300 and 1800 are", view_over_bytes(*bytes).le32(8)));
  } else if (looks_random(view_over_bytes(*bytes).part(0, 512))) {
    check.encrypted(shown, "postgresql.control", fmt::format("{}, and its bytes look random", opinion.fault),
                    {.from = 0, .to = bytes->size()});
  } else {
    check.damaged(shown, "postgresql.control", std::string(opinion.fault), {.from = 0, .to = 292});
  }
  return std::nullopt;
}

/// Everything a check of one cluster knows.
struct Cluster {
  ControlFile control;
  std::optional<BackupLabel> label;
  ClusterFiles files;
  WalSurvey wal;
  bool is_log_elsewhere = false;
  [[nodiscard]] bool is_shut_down() const {
    return !label && (control.state == ClusterState::shut_down || control.state == ClusterState::shut_down_in_recovery);
  }
  [[nodiscard]] Lsn redo() const { return label ? label->start : control.redo; }
  [[nodiscard]] Lsn checkpoint() const { return label ? label->checkpoint : control.checkpoint; }
};

void read_label(UnitCheck& check, Cluster& cluster) {
  const auto bytes = check.read_small(check.home(), "backup_label", 64 * 1024);
  if (!bytes) return;
  cluster.label = parse_backup_label(view_over_bytes(*bytes).text());
  if (!cluster.label) {
    check.damaged(check.home().show("backup_label"), "postgresql.label", "does not say where the backup began");
  } else if (cluster.label->is_incremental) {
    check.damaged(
        check.home().show("backup_label"), "postgresql.backup.incremental",
        "an incremental backup, which no server starts from: pg_combinebackup joins it with the full one that "
        "it builds on; add the folder that comes of that");
  } else {
    check.remarks(check.home().show("backup_label"), "postgresql.label",
                  fmt::format("base backup of {}, from log position {} on", cluster.label->start_time,
                              format_lsn(cluster.label->start)));
  }
}

/// The oldest segment from which the log is there without a gap up to where replay begins: what stands before is not
/// replayed, but tells how old pages may be.
Lsn first_readable(const Cluster& cluster, model::Depth depth) {
  const std::uint64_t segment_bytes = cluster.control.wal_segment_bytes;
  if (depth == model::Depth::quick) return cluster.redo();
  std::uint64_t number = cluster.redo() / segment_bytes;
  if (!cluster.files.segments.contains(number)) return cluster.redo();
  while (number > 0 && cluster.files.segments.contains(number - 1)) --number;
  return number == 0 ? cluster.redo() : number * segment_bytes;
}

std::uint32_t log_timeline(const Cluster& cluster) {
  return cluster.label && cluster.label->timeline != 0 ? cluster.label->timeline : cluster.control.timeline;
}

void read_wal(UnitCheck& check, Cluster& cluster) {
  const OpenSegment open_segment = [&](std::uint64_t number) {
    return cluster.files.open_segment(check, number, log_timeline(cluster));
  };
  WalPlan plan{.from = first_readable(cluster, check.depth()),
               .checkpoint = cluster.checkpoint(),
               .settled = cluster.is_shut_down() ? std::numeric_limits<Lsn>::max() : cluster.redo(),
               .backup_start = cluster.label ? cluster.label->start : 0,
               .system_id = cluster.control.system_id,
               .page_bytes = cluster.control.wal_block_bytes,
               .segment_bytes = cluster.control.wal_segment_bytes};
  cluster.wal = survey_wal(plan, open_segment);
  // Older segments may have been emptied for use again, or be of a time before a standby was made.
  if (cluster.wal.end <= cluster.redo() && plan.from != cluster.redo()) {
    plan.from = cluster.redo();
    cluster.wal = survey_wal(plan, open_segment);
  }
  if (const std::int64_t last_ns = wal_time_ns(cluster.wal.last_commit_us); last_ns != 0) check.note_commit(last_ns);
}

std::string segment_name(const Cluster& cluster, Lsn lsn) {
  const std::uint64_t per_high = (std::uint64_t{1} << 32) / cluster.control.wal_segment_bytes;
  const std::uint64_t number = lsn / cluster.control.wal_segment_bytes;
  return fmt::format("pg_wal/{:08X}{:08X}{:08X}", cluster.control.timeline, number / per_high, number % per_high);
}

constexpr std::string_view k_log_elsewhere =
    ". It is a base backup without all of its log: with the archive that has the segments from there on it can be "
    "used ('logs' of the services file says where that lies, or 'lastgood replay')";

/// How far the log must come before the files are of one moment, where pg_control says that.
Lsn needed_end(const Cluster& cluster) {
  return cluster.is_shut_down() ? 0 : std::max(cluster.control.recovery_end_min, cluster.control.backup_end);
}

/// What a base backup lacks of its log may lie in an archive: segments that are not there, or one that was copied
/// before it was full. Broken ones say that something happened to it.
bool find_log_elsewhere(UnitCheck& check, const Cluster& cluster) {
  const WalSurvey& wal = cluster.wal;
  if (!cluster.label) return false;
  // One taken from a standby has no record of its end.
  const bool has_end = cluster.label->is_from_standby ? wal.end >= needed_end(cluster) : wal.saw_backup_end;
  if (wal.saw_checkpoint && has_end) return false;
  if (!cluster.files.segments.contains(cluster.redo() / cluster.control.wal_segment_bytes)) return true;
  if (wal.stop != WalStop::end) return wal.stop == WalStop::missing_segment;
  const std::uint64_t last = wal.end / cluster.control.wal_segment_bytes;
  if (!cluster.files.segments.contains(last)) return true;
  const auto segment = cluster.files.open_segment(check, last, log_timeline(cluster));
  return segment != nullptr && is_unfilled_behind(*segment, wal.end, cluster.control);
}

/// The log does not begin where replay does.
void say_missing_start(UnitCheck& check, const Cluster& cluster) {
  const std::uint64_t first = cluster.redo() / cluster.control.wal_segment_bytes;
  const std::string shown = check.home().show(segment_name(cluster, cluster.redo()));
  const bool has_later = cluster.files.segments.upper_bound(first) != cluster.files.segments.end();
  const std::string sentence = fmt::format("replay begins at {}, and segment {} is not there",
                                           format_lsn(cluster.redo()), segment_name(cluster, cluster.redo()));
  if (cluster.label) return check.needs_log(shown, "postgresql.wal.start", sentence + std::string(k_log_elsewhere));
  if (cluster.files.is_log_out_of_sight) return;  // which was said; it may be all there
  if (has_later) return check.torn(shown, "postgresql.wal.start", sentence + ", later ones are");
  check.damaged(shown, "postgresql.wal.start", sentence);
}

/// Is the log there from where replay begins, and does it reach as far as it must?
void check_wal_reach(UnitCheck& check, const Cluster& cluster) {
  const WalSurvey& wal = cluster.wal;
  const std::string shown = check.home().show(segment_name(cluster, wal.end));
  if (!cluster.files.segments.contains(cluster.redo() / cluster.control.wal_segment_bytes))
    return say_missing_start(check, cluster);
  if (cluster.is_log_elsewhere) {
    const bool is_there = cluster.files.segments.contains(wal.end / cluster.control.wal_segment_bytes);
    const bool goes_on = is_there && wal.stop == WalStop::missing_segment;
    const std::string where = goes_on    ? std::string("the segment behind that is not there")
                              : is_there ? fmt::format("segment {} was not full yet", segment_name(cluster, wal.end))
                                         : fmt::format("segment {} is not there", segment_name(cluster, wal.end));
    check.needs_log(shown, "postgresql.wal.missing",
                    fmt::format("the log ends at {}, before the end of the backup, and {}{}", format_lsn(wal.end),
                                where, k_log_elsewhere));
    return;
  }
  if (wal.stop == WalStop::broken || wal.stop == WalStop::missing_segment) {
    check.damaged(shown, "postgresql.wal.record",
                  fmt::format("the log cannot be followed beyond {}: {}", format_lsn(wal.end), wal.fault));
    return;
  }
  if (!wal.saw_checkpoint) {
    check.torn(shown, "postgresql.wal.checkpoint",
               fmt::format("the log ends at {} and the checkpoint at {} that replay begins with is not in it",
                           format_lsn(wal.end), format_lsn(cluster.checkpoint())));
    return;
  }
  const Lsn needed = needed_end(cluster);
  if (needed > wal.end) {
    check.torn(shown, "postgresql.wal.end",
               fmt::format("the log ends at {}, the files are of no one moment before {}", format_lsn(wal.end),
                           format_lsn(needed)));
  }
  if (cluster.label && !cluster.label->is_from_standby && !wal.saw_backup_end) {
    check.damaged(shown, "postgresql.backup.end",
                  fmt::format("the log can be read to {}, before the end of the backup that began at {}",
                              format_lsn(wal.end), format_lsn(cluster.label->start)));
  }
  check.holds(shown, "postgresql.wal",
              fmt::format("{} records from {} to {} follow each other and fit their CRC-32C", wal.records,
                          format_lsn(wal.from), format_lsn(wal.end)));
}

/// Is pg_control of the same moment as the log?
void check_control_age(UnitCheck& check, const Cluster& cluster) {
  const WalSurvey& wal = cluster.wal;
  const std::string shown = check.home().show("global/pg_control");
  if (!wal.saw_checkpoint || cluster.label) return;
  if (cluster.control.state == ClusterState::shut_down && wal.end > wal.checkpoint_end &&
      wal.end % cluster.control.wal_segment_bytes != 0) {
    check.torn(shown, "postgresql.control.older",
               fmt::format("says that the server was shut down at {}, the log goes on to {}",
                           format_lsn(wal.checkpoint_end), format_lsn(wal.end)));
  } else if (wal.later_checkpoints > 1 && cluster.control.state == ClusterState::in_production) {
    check.torn(shown, "postgresql.control.older",
               fmt::format("names the checkpoint at {}, the log has {} later ones",
                           format_lsn(cluster.control.checkpoint), wal.later_checkpoints));
  }
}

PageRules rules_of(const Cluster& cluster) {
  return {
      .block_bytes = cluster.control.block_bytes,
      .segment_blocks = cluster.control.segment_blocks,
      .has_sums = cluster.control.has_page_sums,
      .stand = cluster.is_shut_down() ? PageRules::Stand::shut_down : PageRules::Stand::to_be_replayed,
      .wal = &cluster.wal,
      .is_wal_end_known = cluster.wal.stop == WalStop::end && cluster.wal.saw_checkpoint && !cluster.is_log_elsewhere};
}

void check_relation_files(UnitCheck& check, Cluster& cluster) {
  const PageCounts counts = check_relations(check, cluster.files.relations, rules_of(cluster));
  check.holds({}, "postgresql.pages",
              fmt::format("{} pages in {} files looked at, {} proven by checksum, {} to be replaced by replay",
                          counts.pages, counts.files, counts.proven, counts.to_be_replaced));
  if (!cluster.control.has_page_sums) {
    check.at_most(model::Certainty::strong, "postgresql.sums",
                  "the cluster has no page checksums: pages were checked by their structure");
  }
}

/// Two bits a transaction; each file of pg_xact has 32 pages.
std::uint64_t status_bytes_needed(const Cluster& cluster) {
  const std::uint64_t page = (cluster.control.next_transaction - 1) / (std::uint64_t{cluster.control.block_bytes} * 4);
  return (page % 32 + 1) * cluster.control.block_bytes;
}

/// Files that are no relations and without which the server does not start, or loses what it knew of transactions.
void check_other_files(UnitCheck& check, const Cluster& cluster) {
  const std::string transactions =
      fmt::format("pg_xact/{:04X}", (cluster.control.next_transaction - 1) / (cluster.control.block_bytes * 4 * 32));
  if (cluster.control.next_transaction > 3 && !cluster.files.others.contains(transactions))
    check.damaged(check.home().show(transactions), "postgresql.transactions", "is not there");
  for (const auto& [path, file] : cluster.files.others) {
    const std::string shown = file.place->show(file.place_path);
    const bool is_status = path.starts_with("pg_xact/") || path.starts_with("pg_multixact/") ||
                           path.starts_with("pg_subtrans/") || path.starts_with("pg_commit_ts/");
    if (path.ends_with("pg_filenode.map")) {
      const auto bytes = check.read_small(*file.place, file.place_path, 64 * 1024);
      if (!bytes || parse_relation_map(view_over_bytes(*bytes)).is_sound) continue;
      const bool is_random = looks_random(view_over_bytes(*bytes));
      is_random ? check.encrypted(shown, "postgresql.map", "its CRC-32C does not fit and its bytes look random")
                : check.damaged(shown, "postgresql.map", "its CRC-32C does not fit");
    } else if (is_status || path.starts_with("pg_twophase/")) {
      const std::unique_ptr<base::ByteSource> source = check.open(*file.place, file.place_path);
      if (!source) continue;
      if (looks_random(check, *source, shown))
        check.encrypted(shown, "postgresql.status", "the status of transactions looks random",
                        {.from = 0, .to = source->size_bytes()});
      else if (is_status && file.size_bytes % cluster.control.block_bytes != 0)
        check.damaged(shown, "postgresql.status", fmt::format("{} bytes are no whole pages", file.size_bytes));
      else if (file.size_bytes == 0 && !cluster.label && !path.starts_with("pg_subtrans/"))
        check.damaged(shown, "postgresql.status", "is empty: what became of transactions stood there");
      else if (path == transactions && file.size_bytes < status_bytes_needed(cluster) && !cluster.label)
        check.damaged(shown, "postgresql.status",
                      fmt::format("has {} bytes, and transaction {} stands behind them", file.size_bytes,
                                  cluster.control.next_transaction - 1));
    }
  }
}

/// Each database's folder must have what the server opens first. Whether all its relations are there, only pg_class
/// knows, and it may be gone itself.
void check_databases(UnitCheck& check, const Cluster& cluster) {
  std::set<std::string, std::less<>> folders{"global"};
  std::map<std::string, std::uint64_t, std::less<>> relations;  // bytes of each file
  for (const RelationFile& file : cluster.files.relations) {
    if (file.place != &cluster.files.places.front()) continue;  // of a tablespace: it has no map of its own
    const std::string_view path = file.path;
    if (path.starts_with("base/")) folders.emplace(path.substr(0, path.rfind('/')));
    relations.emplace(path, file.size_bytes);
  }
  for (const auto& [path, file] : cluster.files.others) {
    const std::size_t slash = path.rfind('/');
    if (path.starts_with("base/") && slash > 5 && parse_relation_folder(std::string_view(path).substr(0, slash)))
      folders.emplace(path.substr(0, slash));
  }
  for (const std::string& folder : folders) {
    const auto map_file = cluster.files.others.find(folder + "/pg_filenode.map");
    if (map_file == cluster.files.others.end()) {
      check.damaged(check.home().show(folder), "postgresql.database",
                    "has no pg_filenode.map: the server cannot open what is in it");
      continue;
    }
    if (folder != "global" && !cluster.files.others.contains(folder + "/PG_VERSION"))
      check.damaged(check.home().show(folder), "postgresql.database", "has no PG_VERSION: the server does not open it");
    const auto bytes = check.read_small(*map_file->second.place, map_file->second.place_path, 64 * 1024);
    if (!bytes || cluster.label) continue;
    const RelationMap map = parse_relation_map(view_over_bytes(*bytes));
    for (const std::uint32_t number : map.never_empty) {
      const std::string list = fmt::format("{}/{}", folder, number);
      const auto found = relations.find(list);
      if (found != relations.end() && found->second != 0) continue;
      check.damaged(check.home().show(list), "postgresql.database",
                    fmt::format("is {} and {}",
                                number == map.pg_class ? "the list of all relations (pg_class)"
                                                       : "one of the server's own lists, which are never empty,",
                                found == relations.end() ? "is not there" : "is empty"));
    }
  }
}

/// The server does not open what is of another version than itself.
void check_versions(UnitCheck& check, const Cluster& cluster) {
  constexpr std::string_view k_name = "PG_VERSION";
  for (const auto& [path, file] : cluster.files.others) {
    if (!path.ends_with(k_name)) continue;
    const bool is_of_database = parse_relation_folder(std::string_view(path).substr(0, path.rfind('/'))).has_value();
    if (path != k_name && !is_of_database) continue;
    const auto bytes = check.read_small(*file.place, file.place_path, 64 * 1024);
    const std::string fault =
        bytes ? find_version_fault(view_over_bytes(*bytes).text().substr(0, 64), cluster.control) : "";
    if (!fault.empty()) check.damaged(file.place->show(file.place_path), "postgresql.version", fault);
  }
}

/// "1259.bak9" where 1259 should be.
void check_renamed(UnitCheck& check, const Cluster& cluster) {
  std::set<std::string, std::less<>> relations;
  for (const RelationFile& file : cluster.files.relations) relations.emplace(file.place->show(file.path));
  for (const auto& [path, file] : cluster.files.others) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos || !parse_relation_folder(std::string_view(path).substr(0, slash))) continue;
    const std::string_view name = std::string_view(path).substr(slash + 1);
    const std::optional<std::string_view> stem = find_name_before_ending(name);
    if (!stem) continue;
    const std::string place_path = file.place_path.substr(0, file.place_path.size() - (name.size() - stem->size()));
    if (!relations.contains(file.place->show(place_path)))
      check.damaged(file.place->show(file.place_path), "postgresql.relation.renamed",
                    fmt::format("stands where '{}' should be", *stem));
  }
}

void say_stand(UnitCheck& check, const Cluster& cluster) {
  if (cluster.label) {
    check.needs_recovery("postgresql.stand", "a base backup: replay of its log makes it consistent");
  } else if (!cluster.is_shut_down()) {
    check.needs_recovery("postgresql.stand", fmt::format("the server was not shut down: replay begins at {}",
                                                         format_lsn(cluster.control.redo)));
    check.at_most(model::Certainty::weak, "postgresql.moment",
                  "only a snapshot that took all files at one moment makes this set whole; nothing in it speaks "
                  "against that, and nothing proves it");
  } else {
    check.holds({}, "postgresql.stand",
                fmt::format("the server was shut down in good order at {}", format_lsn(cluster.control.checkpoint)));
    check.at_most(
        model::Certainty::strong, "postgresql.moment",
        fmt::format("an older file of a relation that the log does not speak of since {} would not be noticed",
                    format_lsn(cluster.wal.from)));
  }
  if (!cluster.wal.are_facts_whole)
    check.remarks({}, "postgresql.wal.facts", "the log names more pages than were compared with it");
}

void check_cluster(UnitCheck& check, const std::string& /*name*/) {
  const auto version = check.read_small(check.home(), "PG_VERSION", 64);
  if (version) {
    const std::string_view text = view_over_bytes(*version).text();
    check.set_engine("PostgreSQL " + base::printable(text.substr(0, text.find('\n'))));
  }
  const std::optional<ControlFile> control = read_control(check);
  Cluster cluster;
  if (control) cluster.control = *control;
  constexpr std::uint32_t k_usual_segment_bytes = 16U << 20;
  cluster.files = list_cluster(check, control ? control->wal_segment_bytes : k_usual_segment_bytes);
  if (!control) return;
  read_label(check, cluster);
  if (cluster.label && cluster.label->is_incremental) return;  // its files are pieces of files
  check.note_checkpoint(std::clamp<std::int64_t>(control->checkpoint_time_s, 0, 1LL << 33) * k_second_ns);
  read_wal(check, cluster);
  cluster.is_log_elsewhere = find_log_elsewhere(check, cluster);
  check_missing_tablespaces(check, cluster.files, cluster.is_shut_down() ? nullptr : &cluster.wal,
                            cluster.control.block_bytes);
  check_wal_reach(check, cluster);
  check_control_age(check, cluster);
  check_other_files(check, cluster);
  check_databases(check, cluster);
  check_versions(check, cluster);
  check_renamed(check, cluster);
  if (!cluster.label) check_catalogue(check, cluster.files, rules_of(cluster));
  check_relation_files(check, cluster);
  check_manifest(check, cluster.files, cluster.label ? BackupUse::untouched : BackupUse::started);
  say_stand(check, cluster);
}

}  // namespace

const UnitRow k_postgresql_row = {.kind = UnitKind::postgresql,
                                  .name = "postgresql",
                                  .form = UnitRow::Form::folder,
                                  .find = find_clusters,
                                  .check = check_cluster};

}  // namespace lastgood::engines
