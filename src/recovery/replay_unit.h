// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Brings a restored database forward: its engine replays the logs that were saved since the backup, locked in, on a
// copy; the copy takes the restored folder's place when it is whole. The restored folder is kept under another name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engines/scratch_server.h"
#include "engines/startup_settings.h"
#include "ledger/ledger.h"

namespace lastgood::recovery {

struct ReplayRequest {
  std::string folder;                    // the restored database, on this machine, its server not running
  const engines::UnitView* logs;         // rooted at the folder of the logs; null: none, recovery and settings only
  std::string logs_shown;                // what people call that folder
  std::string logs_option;               // how they give it to 'replay': "--logs /mnt/b2/wal"
  std::vector<std::string> log_folders;  // of this machine, that `logs` is joined from
  std::string logs_lacking;              // which later ones may be missing beside them (unread_logs.h); empty: none
  std::optional<std::int64_t> until_ns;
  int time_limit_s = 24 * 3600;
  std::string case_folder;  // whose ledger knows earlier replays
};

struct ReplayOutcome {
  std::string kind;                  // "postgresql"
  std::int64_t as_of_before_ns = 0;  // last commit of the restored folder; 0: not known
  engines::ScratchStart start;       // with the last commit that it has now
  std::string kept_as;               // what was exchanged for it
  std::string began_from;  // a replay before had been there: the folder as it was restored; empty: `kept_as` is that
  std::vector<engines::StartupSetting> quieted;  // settings of the backup that are not in force
  /// Files of settings, and settings in them, that stay as they are in the folder: scratch copies do without them, its
  /// server obeys them.
  std::vector<std::string> stays;
  bool belongs_to_root = false;  // as in the backup: its server will not start on it
  std::uint32_t mode_before =
      0;  // of the folder, where its server would not start on it: it got another; 0: it kept it
};

/// Ledger entry, replay, checks, ledger entry, exchange, ledger entry. Tablespaces come to lie in the folder itself.
/// No logs go on from what a replay made: where one was there before, this one begins from the folder as it was
/// restored, which lies beside. ErrorCode::misuse: that is not found, a program works in the folder, or these logs
/// would bring less than is there and nobody asked for an earlier moment. ErrorCode::damaged_source: none of the logs
/// goes on from the folder, or the result does not pass the check of its kind. Nothing is exchanged then. A kill before
/// the exchange changes nothing and leaves a folder "lastgood-scratch..." beside; after it, the ledger lacks the last
/// entry and the restored folder is there under one of the two names: the same call goes on from it.
[[nodiscard]] base::Result<ReplayOutcome> replay_unit(const ReplayRequest& request, ledger::Ledger& ledger);

}  // namespace lastgood::recovery
