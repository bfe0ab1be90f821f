// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Brings services up in their order, and down in the opposite one: hooks, the start command, and the wait until each is
// well. The commands are those of the file that was set into the case (kept_services.h), and nothing else.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "ledger/ledger.h"
#include "recovery/restore_plan.h"
#include "services/history.h"
#include "services/services_file.h"

namespace lastgood::readiness {

/// So many services are started at the same time, where none of them waits for another.
inline constexpr std::size_t k_starts_at_once = 4;

/// Called from several threads, one at a time.
class StartProgress {
 public:
  virtual ~StartProgress() = default;
  virtual void step(const std::string& what) = 0;
  /// Some times a second while something is waited for; `seconds`: for how long now.
  virtual void waits(const std::string& what, double seconds) = 0;
  /// What a stop leaves as it is, as a sentence.
  enum class Left : std::uint8_t { is_up, may_be_up, not_stopped };
  virtual void left(const std::string& sentence, Left how) = 0;
  virtual void reached(const services::HistoryEntry& entry, double seconds) = 0;
};

struct StartRequest {
  std::string case_folder;
  std::string service;           // and what it waits for; empty: all
  double command_limit_s = 600;  // of one start or stop command
  enum class Hooks : std::uint8_t { leave_out, run } hooks = Hooks::run;
  const recovery::SeenFiles* seen = nullptr;  // what scans saw of the data; null: nobody asks
  std::vector<std::string> roots;             // of live trees that were scanned: disks of other machines among them
  std::set<std::string> gone;                 // find_data_gone (unready_data.h)
  bool (*cancelled)() = nullptr;  // then nothing more is begun, and what runs is treated as in watched_command.h
};

/// How each service of the request ended, in the order of return; also in the case's history, by time. A service is
/// begun when all that it waits for has ended, well or not, and at most k_starts_at_once are under way. Of services
/// with the same start command one is begun at a time, and the command is run for one of them only. A service whose
/// dependency failed, whose database, if it is not regenerable, has encrypted files that stand there as a scan saw
/// them or lacks files as it stands now (unready_data.h; looked for some seconds at most), whose saved logs a restore
/// has still to replay (recovery/awaited_replay.h), or whose data would make an engine run what was planted in them
/// (planted_settings.h), is not started; the others go on. An Error: the ledger or the history cannot be written, or
/// the file is not the one that was set.
[[nodiscard]] base::Result<std::vector<services::HistoryEntry>> start_services(const services::ServicesFile& file,
                                                                               const StartRequest& request,
                                                                               ledger::Ledger& ledger,
                                                                               StartProgress& progress);

/// In the opposite order; `service` with all that wait for it. The same stop command is run once. Those of them without
/// a stop command that are up, or may be, are left up, and told.
[[nodiscard]] base::Result<std::vector<services::HistoryEntry>> stop_services(const services::ServicesFile& file,
                                                                              const StartRequest& request,
                                                                              ledger::Ledger& ledger,
                                                                              StartProgress& progress);

}  // namespace lastgood::readiness
