// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What the ledger knows of folders that replays made. An engine's own writing while it replays is no data: asked again,
// such a folder tells the time of that run, and no logs go on from it. The folder as it was restored lies beside: from
// there another replay can begin.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "engines/unit.h"

namespace lastgood::recovery {

/// Digest of where an engine itself says that its files stand: another one as soon as a server ran on them. Empty where
/// it cannot be read.
[[nodiscard]] std::string stand_of(const engines::UnitView& view, engines::UnitKind kind);

/// One replay, by its entry in the ledger.
struct OwnReplay {
  std::int64_t as_of_ns = 0;           // last commit that the folder had then; 0: not known
  std::string logs_end_early;          // as ScratchStart has it
  std::string logs_lacking;            // as ReplayRequest has it
  std::uint64_t next_transaction = 0;  // as LastWork has it, of what was made
  std::string base;                    // the folder as it was restored, when that was said
  std::string base_stand;              // empty: of before that was written down
  std::string base_now;                // where it lies now; empty: it is not found, or not as it was
};

/// What was committed later and may not be there: "NOT COMPLETE: log ... is broken ...", "NOT SURE to be all: ...";
/// empty: nothing is known to be missing. For people.
[[nodiscard]] std::string describe_lacks(const OwnReplay& replay);

struct OwnReplays {
  std::optional<OwnReplay> standing;   // made what stands in the folder, and no server has run on that since
  std::optional<OwnReplay> of_folder;  // the last one at this path, unless the folder is as it was restored again
};

/// `folder`: absolute; `stand` is its stand_of. Also where a replay was killed right after its exchange.
[[nodiscard]] base::Result<OwnReplays> find_own_replays(const std::string& case_folder, const std::string& folder,
                                                        engines::UnitKind kind, const std::string& stand);

struct LastReplay {
  OwnReplay replay;
  // changed: a server has worked on what it made, or something else was put there.
  enum class Stands : std::uint8_t { as_made, changed } stands = Stands::as_made;
};
/// The last replay that made the database at `folder`; nothing: none is known since it was restored.
[[nodiscard]] base::Result<std::optional<LastReplay>> find_last_replay(const std::string& case_folder,
                                                                       const std::string& folder,
                                                                       engines::UnitKind kind);

}  // namespace lastgood::recovery
