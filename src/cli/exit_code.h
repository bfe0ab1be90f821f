// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Every exit code, once. `lastgood help exit-codes` and docs/exit-codes.md are made from this table.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/error.h"

namespace lastgood::cli {

enum class ExitCode : std::uint8_t {
  done = 0,
  bad_found = 1,
  wrong_use = 2,
  in_part = 3,
  source_unreadable = 10,
  source_missing = 11,
  source_locked = 12,
  source_unknown = 13,
  case_failed = 20,
  case_missing = 21,
  case_busy = 22,
  case_damaged = 23,
  no_space = 24,
  recovery_failed = 30,
  target_full = 31,
  target_refused = 32,
  plan_refused = 33,
  ledger_failed = 40,
  ledger_broken = 41,
  stamp_refused = 42,
  evidence_failed = 43,
  guard_failed = 50,
  drill_missed_goal = 60,
  bug = 70,
  interrupted = 130,
};

struct ExitMeaning {
  ExitCode code;
  std::string_view meaning;
};

inline constexpr std::array k_exit_meanings = {
    ExitMeaning{ExitCode::done, "done, and nothing bad was found"},
    ExitMeaning{ExitCode::bad_found, "done, and bad things were found"},
    ExitMeaning{ExitCode::wrong_use, "wrong use: unknown option, missing argument"},
    ExitMeaning{ExitCode::in_part, "done in part: something could not be read, the rest was done"},
    ExitMeaning{ExitCode::source_unreadable, "a source could not be read"},
    ExitMeaning{ExitCode::source_missing, "a source is not there"},
    ExitMeaning{ExitCode::source_locked, "a source could not be opened with this password or key"},
    ExitMeaning{ExitCode::source_unknown, "a source is of a kind or version this program does not know"},
    ExitMeaning{ExitCode::case_failed, "the case could not be read or written"},
    ExitMeaning{ExitCode::case_missing, "no case was found or given"},
    ExitMeaning{ExitCode::case_busy, "another lastgood is writing to the case"},
    ExitMeaning{ExitCode::case_damaged, "the case's own files are damaged"},
    ExitMeaning{ExitCode::no_space, "no space left where the case lies"},
    ExitMeaning{ExitCode::recovery_failed, "recovery failed"},
    ExitMeaning{ExitCode::target_full, "no space left where files are restored to; the same command goes on"},
    ExitMeaning{ExitCode::target_refused,
                "the target was refused: of a restore not empty; inside a source or a database"},
    ExitMeaning{ExitCode::plan_refused, "the plan was refused: it was changed, is broken, or of another version"},
    ExitMeaning{ExitCode::ledger_failed, "the ledger could not be read or written"},
    ExitMeaning{ExitCode::ledger_broken, "the ledger is broken: its entries do not prove each other"},
    ExitMeaning{ExitCode::stamp_refused,
                "a time stamp was refused: not for a head of this case, or not by a trusted authority"},
    ExitMeaning{ExitCode::evidence_failed, "evidence could not be recorded, kept or written out"},
    ExitMeaning{ExitCode::guard_failed, "the guard failed"},
    ExitMeaning{ExitCode::drill_missed_goal, "the drill ran and missed one of its goals"},
    ExitMeaning{ExitCode::bug, "a bug in lastgood"},
    ExitMeaning{ExitCode::interrupted, "interrupted; what was done is kept"},
};

/// For a failure of the case's own files.
ExitCode exit_code_of_case_error(base::ErrorCode code);

}  // namespace lastgood::cli
