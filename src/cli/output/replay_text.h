// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a replay came to, for people and as JSON: the same after `replay` and after `restore`.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "recovery/logs_on_server.h"
#include "recovery/plan.h"
#include "recovery/replay_plan.h"
#include "recovery/replay_unit.h"
#include "recovery/restore_plan.h"
#include "recovery/unstartable.h"

namespace lastgood::cli {

[[nodiscard]] nlohmann::ordered_json replay_json(const recovery::ReplayOutcome& outcome, const std::string& folder);
/// Times as the clocks of `zone` show them.
[[nodiscard]] std::string replay_text(const recovery::ReplayOutcome& outcome, const std::string& folder,
                                      const std::string& zone);

/// The same for one database of a restore.
[[nodiscard]] nlohmann::ordered_json replayed_json(const recovery::ReplayedUnit& unit);
[[nodiscard]] std::string replayed_text(const recovery::ReplayedUnit& unit, const std::string& zone);
[[nodiscard]] bool has_failed(const recovery::ReplayedUnit& unit);
[[nodiscard]] bool ends_early(const recovery::ReplayedUnit& unit);
/// Not all of the plan's files are there, or not all that was to be replayed into them.
[[nodiscard]] bool is_in_part(const recovery::RestoreOutcome& restored,
                              const std::vector<recovery::ReplayedUnit>& replayed);

/// What the replays at the end of a restore take on top of its files: each copies its database once more and reads its
/// logs; empty: there are none. A part of a sentence.
[[nodiscard]] std::string replay_room_text(const recovery::Plan& plan);

/// Of databases whose folder belongs to root, as in the copy, what makes their server start.
[[nodiscard]] std::string root_owned_text(const recovery::Plan& plan, const recovery::RestoreOutcome& restored);
/// Why no server starts on a restored database yet, and the command that puts it right.
[[nodiscard]] std::string unstartable_text(const recovery::Unstartable& database, const std::string& case_folder);

/// Databases of which the services file says where the logs are, and no backup has any: nothing brings back what was
/// committed later. Empty: none is.
[[nodiscard]] std::string unsaved_logs_text(const recovery::Plan& plan, const recovery::RestoreOutcome& restored);

/// Of a restore that is done: databases whose saved logs are there and cannot be replayed, or may lie in sources that
/// could not be opened; empty: there are none.
[[nodiscard]] std::string unusable_logs_text(const recovery::Plan& plan, const recovery::RestoreOutcome& restored,
                                             recovery::RestoreMode mode, const std::string& case_folder);
/// Of a restore that is done: the logs on the server itself that may go on behind those that were replayed, and the
/// command for each database that was brought back, unless the ledger knows that it was run since; empty: none are
/// known.
[[nodiscard]] std::string logs_on_server_text(const recovery::Plan& plan, const recovery::RestoreOutcome& restored,
                                              const std::string& case_folder, const std::string& zone);

/// The same of the logs of struck databases themselves, which lie where `own_logs` says
/// (recovery::note_own_logs).
[[nodiscard]] std::string own_logs_text(const recovery::Plan& plan, const recovery::RestoreOutcome& restored,
                                        const recovery::OwnLogs& own_logs, const std::string& case_folder,
                                        const std::string& zone);

/// A database that the restore left alone is damaged by its own check (restore.damaged).
[[nodiscard]] bool stands_damaged(const recovery::RestoreOutcome& outcome);

/// No unit was refused but those that are whole as they stand: what was to come back can be started.
[[nodiscard]] bool brings_all_units(const recovery::RestoreOutcome& outcome);
/// Something was restored, now or by an earlier run.
[[nodiscard]] bool has_any_back(const recovery::RestoreOutcome& outcome);

/// What comes next where something was left alone: how what works in it is stopped; what may be started, or scanned
/// again, where it is not what the scan saw. Empty: nothing was. `case_folder` as of instead_of_verify_text.
[[nodiscard]] std::string left_alone_text(const recovery::RestoreOutcome& outcome, const recovery::Plan& plan,
                                          const std::string& case_folder);

/// Of a restore that brought nothing back because servers work in its folders, or because what stands there is not what
/// the scan saw: nothing is there to be verified, they have to be stopped, or scanned again. `case_folder`: whose
/// services that does; empty: they are not of this machine. Empty: it is not so.
[[nodiscard]] std::string instead_of_verify_text(const recovery::RestoreOutcome& outcome, const recovery::Plan& plan,
                                                 const std::string& case_folder);

/// Of databases whose saved logs were left out because a person said so: the command for each that was brought back.
[[nodiscard]] std::string not_replayed_text(const recovery::Plan& plan, const recovery::RestoreOutcome& restored,
                                            const std::string& case_folder);

/// Of a folder with a restored database that the server's own account cannot enter; empty: it can, or there is none.
[[nodiscard]] std::string closed_folder_text(const std::string& folder, const recovery::Plan& plan);

}  // namespace lastgood::cli
