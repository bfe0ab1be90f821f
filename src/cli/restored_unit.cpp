// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/restored_unit.h"

#include "recovery/own_replay.h"

namespace lastgood::cli {

sheets::RestoredUnit restored_unit_of(const readiness::EndedRestore& restore, const std::string& path,
                                      const std::string& case_folder) {
  sheets::RestoredUnit out{.root = restore.target, .ended_ns = restore.ended_ns};
  const std::string folder = (restore.target == "/" ? std::string() : restore.target) + path;
  for (const engines::UnitKind kind : {engines::UnitKind::postgresql, engines::UnitKind::mariadb}) {
    const auto replay = recovery::find_last_replay(case_folder, folder, kind);
    if (!replay.ok() || !replay.value()) continue;
    const recovery::OwnReplay& made = replay.value()->replay;
    out.as_of_ns = made.as_of_ns;
    out.next_transaction = made.next_transaction;
    out.lacks = recovery::describe_lacks(made);
    out.replay = sheets::RestoredUnit::Replay::known;
    out.is_as_made = replay.value()->stands == recovery::LastReplay::Stands::as_made;
    if (out.is_as_made) break;  // of the other kind nothing stands there
  }
  return out;
}

}  // namespace lastgood::cli
