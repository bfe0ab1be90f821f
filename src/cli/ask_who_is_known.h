// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which database 'sheets match' compares with: the one that a person names, else the one that a restore of this case
// has put in its place and that has gone on since, else the newest backup of the one that a pack knows.
#pragma once

#include <variant>

#include "cli/commands/back_entry_actions.h"
#include "cli/open_session.h"
#include "sheets/ask_patients.h"

namespace lastgood::cli {

/// ErrorCode::misuse: a question, a kind or a database was given, and not of what.
[[nodiscard]] base::Status check_question(const EntryOptions& options);

/// Gives all its patients to `sink`.
[[nodiscard]] std::variant<sheets::AskedPatients, Failure> ask_who_is_known(const EntryOptions& options,
                                                                            Session& session, engines::RowSink& sink);

}  // namespace lastgood::cli
