// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// From what a data unit's sheets may be filled, best first: the damaged server's own files where that is asked for,
// the database that a restore has put in its place, as it stands there now, then the copies of the case, newest first.
// Each is opened when it is needed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engines/last_work.h"
#include "os/scratch_tree.h"
#include "sheets/make_sheets.h"

namespace lastgood::sheets {

struct Candidate {
  std::optional<recovery::UnitCopy> copy;  // nothing: files of a server, as they lie there
  std::string
      source;  // "backup b2 (restic v2), snapshot ab12cd34", "the damaged server's own files at /mnt/db1/srv/pg"
  std::int64_t data_as_of_ns = 0;  // as judging said; 0: not known
  std::string root;                // below which a server's files lie at the unit's path
  bool has_its_logs = false;       // it was brought forward and goes on: no saved log follows it
  /// Of one that was attached: the newer copy out of the attacker's reach that is not usable, "nas: torn"; empty: none.
  std::string instead_of;
  std::optional<RestoredUnit> restored;  // of what a restore put there

  [[nodiscard]] bool is_attached() const { return copy && copy->source.independence == model::Independence::attached; }
  /// Judged whole, with its logs where it needs them: what has no complaint needs no other.
  [[nodiscard]] bool is_whole_copy() const { return copy && (copy->is_usable() || copy->needs_log()); }
};

/// Copies that are not whole and of one moment are left out, but damaged ones whose whole tables can be asked: those
/// come last. `left_out` says how many and why.
struct Candidates {
  std::vector<Candidate> list;
  std::string left_out;   // "2 copies are not usable: torn, encrypted"; empty: none
  std::string agreement;  // whether the sources agree on the last commit; empty: there is one only
};
[[nodiscard]] base::Result<Candidates> find_candidates(CaseOfSheets& of, const services::DataUnit& unit,
                                                       const MakeOptions& options);

/// A server on a candidate, and what must outlive it.
struct OpenedCandidate {
  std::optional<recovery::OpenedCopy> copy;
  std::unique_ptr<os::ScratchTree> of_running;  // the copy of a server's files that it goes on writing to
  std::unique_ptr<engines::UnitView> live;
  std::optional<recovery::OpenedLogs> logs;
  std::unique_ptr<engines::ScratchServer> server;  // ends first
  std::vector<std::string> notes;                  // "its logs could not be used: ..."
  /// Later commits are known of or may be: a source that may have some could not be opened, logs were written
  /// meanwhile, or one is broken or missing before others.
  bool lacks_logs = false;
  std::int64_t at_work_ns = 0;  // when it was read, of files in which a server works; 0: none does
  engines::LastWork last_work;  // of a PostgreSQL that was restored, as it stands there now
};
/// Any thread, several at once. `watcher`: of the engine's start; or null. Files of a server that works in them are
/// taken as a crash would leave them. ErrorCode::busy_retry: they did not hold still for that.
[[nodiscard]] base::Result<OpenedCandidate> open_candidate(CaseOfSheets& of, const services::DataUnit& unit,
                                                           const Candidate& candidate, const MakeOptions& options,
                                                           engines::StartWatcher* watcher);

/// As of when a candidate answers, and how that is known: by its engine, or, where that knows less, by judging. A
/// MariaDB that works again and of which no log tells a commit since its restore: as of when it was read.
struct DataTime {
  std::int64_t as_of_ns = 0;  // 0: not known
  std::string basis;
};
[[nodiscard]] DataTime data_time_of(const Candidate& candidate, const OpenedCandidate& opened, services::DataKind kind);

}  // namespace lastgood::sheets
