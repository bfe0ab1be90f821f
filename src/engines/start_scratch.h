// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The last proof: the unit's own engine starts on a throw-away copy, recovers it, and checks it with its own tools.
//
// Nothing that came with the unit runs. What is copied is chosen from a list; configuration, signal files, hooks and
// libraries are not on it. The engine runs in an os::LockedRoom as scratch servers do, with triggers on connecting,
// preloaded libraries, events, plugins, archiving and replication off, and is gone with everything it started when the
// call returns.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engines/scratch_server.h"
#include "engines/unit.h"

namespace lastgood::engines {

struct ScratchOptions {
  std::string parent;               // the copy is made below this folder, which must have room for the unit
  int time_limit_s = 1800;          // for starting and checking together
  StartWatcher* watcher = nullptr;  // not owned; null: nobody asks
  const UnitView* logs = nullptr;   // of PostgreSQL: replayed at the start; not owned; null: none
};

struct ScratchReport {
  enum class Outcome : std::uint8_t {
    sound,        // it started and its own checks found nothing
    complaints,   // it started; the checks named something
    not_started,  // it did not start, or not in time
  } outcome = Outcome::not_started;
  std::vector<std::string> complaints;  // one line each, at most 200
  std::vector<std::string> emptied;     // as of ScratchStart: no complaints
  std::string last_words;               // the end of what the engine said when it did not start

  [[nodiscard]] bool is_full() const { return complaints.size() >= 200; }
  /// False: there are enough.
  bool complain(std::string line) {
    if (!is_full()) complaints.push_back(std::move(line));
    return !is_full();
  }
};

/// PostgreSQL, MariaDB and SQLite. ErrorCode::unsupported: no engine of this kind or version is installed, or it cannot
/// be locked in (namespaces need root). ErrorCode::limit_reached: it hangs, or its checks did not end in time.
[[nodiscard]] base::Result<ScratchReport> start_scratch(const UnitView& view, const FoundUnit& unit,
                                                        const ScratchOptions& options);

}  // namespace lastgood::engines
