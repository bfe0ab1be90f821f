// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Plan: which version of what goes where, in what order, with reasons. A value: made by plan_recovery, written and read
// by plan_file, carried out by restore, proven by verify. Paths are bytes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/backup_record.h"
#include "model/tree_entry.h"
#include "model/verdict.h"

namespace lastgood::recovery {

/// A source as the plan names it.
struct PlanSource {
  std::string name;     // in the case
  std::string address;  // "restic:/backup/repo"
  std::string format;   // "restic v2"
  model::Independence independence = model::Independence::unknown;
};

/// A snapshot that versions come from.
struct PlanSnapshot {
  std::uint32_t source = 0;  // index in Plan::sources
  std::string id;
  std::int64_t time_ns = 0;
};

/// One path to bring back. A unit's items all come from one snapshot.
struct PlanItem {
  std::string path;                // absolute, as on the victim: "/srv/lab/a.docx"
  std::string stored_path;         // absolute, in the snapshot; empty: the same as `path`
  std::string current_path;        // the name the damaged file has now ("/srv/lab/a.docx.bak9"); empty: it is missing
  std::uint32_t snapshot = 0;      // index in Plan::snapshots
  std::uint32_t unit = k_no_unit;  // index in Plan::units
  model::EntryKind kind = model::EntryKind::regular;
  std::uint64_t size_bytes = 0;
  std::int64_t mtime_ns = 0;
  model::ContentKey content_key;  // of regular files; what restore and verify compare with
  model::Verdict verdict = model::Verdict::intact;
  model::Certainty certainty = model::Certainty::weak;
  std::uint32_t why = 0;  // index in Plan::whys
  static constexpr std::uint32_t k_no_unit = UINT32_MAX;
};

/// A snapshot of a source of the case, by name and id.
struct PlanPlace {
  std::string source;
  std::string snapshot;
};

/// The saved logs that bring a database forward once its files are there.
struct PlanLogs {
  std::string path;               // their folder, as on the victim; empty: nobody said where they are
  std::vector<PlanPlace> places;  // where they are taken from, newest first; empty: no snapshot has any of them
  std::uint64_t files = 0;        // that follow each other from where the copy stands
  std::uint64_t bytes = 0;
  std::int64_t reach_ns = 0;  // the last commit that a replay of them comes to; 0: they do not say
  /// When the newest log file was changed that lies on the server itself (logs_on_server.h), where it may go on behind
  /// those in the snapshots, as own_log_ns says; 0: none is known.
  std::int64_t on_server_ns = 0;
  std::int64_t until_ns = 0;  // replay ends before the first commit after this; 0: at the last one
  std::string missing;        // why not further; or why there is nothing to replay
  bool end_early = false;     // commits are lost by that (engines::LogEnd); known while planning, not kept in the file
  /// Of sources that could not be opened when this was planned and may have more of them (unread_logs.h); empty: none.
  std::string not_opened;
  [[nodiscard]] bool can_replay() const { return !places.empty() && files > 0; }
  /// Later commits are not, or may not be, in what can be replayed: as a restore by this plan then says, too.
  [[nodiscard]] bool lack_commits() const {
    return !path.empty() && (places.empty() || end_early || !not_opened.empty());
  }
  /// Nothing can be replayed, and nobody could look everywhere.
  [[nodiscard]] bool waits_for_source() const { return !can_replay() && !not_opened.empty(); }
};

/// The newest usable copy that another source has.
struct PlanCopy {
  std::string source;
  std::string snapshot;
  std::int64_t data_as_of_ns = 0;
};

/// A database or another set of files that is only good together.
struct PlanUnit {
  std::string kind;  // "postgresql", "mariadb", "sqlite", ...
  std::string path;  // its folder (of SQLite: its file), as on the victim
  std::uint32_t snapshot = 0;
  std::int64_t data_as_of_ns = 0;  // last commit that can be read; 0: not known
  std::vector<std::string> remarks;
  PlanLogs logs;
  /// When the newest segment in the struck PostgreSQL's own pg_wal was changed, of those that the newest scan calls
  /// intact, where that is newer than the copy and may go on behind the saved logs: by its time or its segments' names,
  /// or because these end early; 0: none is known.
  std::int64_t own_log_ns = 0;
  bool needs_log = false;    // it cannot be used before its logs are replayed
  bool was_missing = false;  // where it belongs the newest scan saw nothing of it
  /// What its own kind had against the one that stood there, where no scan had anything; empty: nothing.
  std::string fault_in_place;
  std::int64_t stood_until_ns = 0;     // of that one: the last commit or checkpoint that can be read; 0: not known
  std::vector<PlanCopy> other_copies;  // of databases, one for each other source that has a usable one
};

/// A path that cannot be brought back, or only in part.
struct PlanLoss {
  std::string path;
  std::string why;
};

/// What is left as it is, for a person to look at: a file that was changed while the attack ran, and that nobody can
/// judge, neither as it is nor as a backup has it; or what `why` says.
struct UnjudgedFile {
  std::string path;
  std::string why;
};

/// Sums for one top folder.
struct PlanTop {
  std::string path;
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t files_lost = 0;
  std::int64_t oldest_ns = 0;  // time of the oldest and newest snapshot that is used
  std::int64_t newest_ns = 0;
};

/// What people use and wait for, in the order in which it comes back.
struct PlanService {
  std::string id;
  std::string title;
  unsigned tier = 0;
  std::vector<std::string> waits_for;
  std::vector<std::string> paths;              // on the victim; what lies below them is restored in this order
  std::vector<std::string> regenerable_paths;  // made again from other data; restored last of all
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t lost = 0;               // paths that cannot be brought back
  std::uint64_t regenerable_files = 0;  // of what is made again, and counts in neither `files` nor `bytes`
  /// Of its databases and other sets, or of its files where it has none, and of what it waits for the oldest, logs
  /// replayed; 0: no data.
  std::int64_t data_as_of_ns = 0;
  /// The same where no log can be replayed; data_as_of_ns when there is none, and of what cannot be used without.
  std::int64_t without_logs_ns = 0;
  std::int64_t files_as_of_ns = 0;  // of single files beside its databases, where they are older
  std::uint64_t log_files = 0;      // that are replayed into its own databases
  double ready_s = 0;               // after the start of the restore, estimated
  std::vector<std::string> from;    // "nas 3fa1c2d0", where its own data come from, at most k_from_max
  static constexpr std::size_t k_from_max = 8;
};

/// Space the restore takes and what there is; 0 for what is not known.
struct PlanSpace {
  std::uint64_t restored_bytes = 0;
  std::uint64_t kept_bytes = 0;  // encrypted originals, when in place
  std::uint64_t journal_bytes = 0;
  std::uint64_t free_bytes = 0;
};

struct Plan {
  std::int64_t made_ns = 0;
  std::string case_name;
  std::int64_t attack_began_ns = 0;  // 0: not known
  std::string attack_basis;          // how that is known, in words; empty in plans of older versions
  /// How the sources were opened, and are opened again to carry it out.
  std::int64_t as_of_ns = 0;  // 0: as they are now
  enum class Erased : std::uint8_t { leave_out, include } erased = Erased::leave_out;
  /// beside: it brings what stands there whole, too, and is never carried out in place.
  enum class Target : std::uint8_t { any, beside } target = Target::any;
  std::vector<PlanSource> sources;
  std::vector<PlanSnapshot> snapshots;
  std::vector<PlanUnit> units;
  std::vector<std::string> whys;  // reasons, each once: "newest.intact: newest version that is intact"
  std::vector<PlanItem> items;    // folders before what is in them; by path
  std::vector<PlanLoss> losses;
  std::vector<UnjudgedFile> unjudged;  // at most 100,000
  std::vector<PlanTop> tops;
  PlanSpace space;
  /// What choosing file by file brings over restoring the last snapshot without any encrypted file.
  std::string last_clean_snapshot;  // "SOURCE SNAPSHOT"; empty: there is none
  std::uint64_t files_newer_than_last_clean = 0;
  double hours_gained_max = 0;
  std::uint64_t files_deleted_before = 0;  // deleted by their owners before the attack, and left so
  std::vector<PlanService> services;       // in the order in which they come back; empty: no services file
  std::string rate_basis;                  // what PlanService::ready_s stands on
};

}  // namespace lastgood::recovery
