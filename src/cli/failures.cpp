// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/failures.h"
#include "cli/output/with_case.h"

#include <ostream>

namespace lastgood::cli {

ExitCode exit_code_of_source_error(base::ErrorCode code) {
  switch (code) {
    case base::ErrorCode::not_found: return ExitCode::source_missing;
    case base::ErrorCode::denied: return ExitCode::source_locked;
    case base::ErrorCode::unsupported: return ExitCode::source_unknown;
    case base::ErrorCode::misuse: return ExitCode::wrong_use;
    case base::ErrorCode::cancelled: return ExitCode::interrupted;
    case base::ErrorCode::no_space: return ExitCode::no_space;
    case base::ErrorCode::busy_retry:
    case base::ErrorCode::damaged_container:
    case base::ErrorCode::damaged_source:
    case base::ErrorCode::limit_reached:
    case base::ErrorCode::io: return ExitCode::source_unreadable;
  }
  return ExitCode::source_unreadable;
}

namespace {

ExitCode exit_code_of_ledger_error(base::ErrorCode code) {
  if (code == base::ErrorCode::no_space) return ExitCode::no_space;
  const bool is_broken = code == base::ErrorCode::damaged_container || code == base::ErrorCode::unsupported;
  return is_broken ? ExitCode::ledger_broken : ExitCode::ledger_failed;
}

}  // namespace

Failure failure_of(base::Error error, std::string_view case_folder, ExitCode otherwise) {
  ExitCode code = otherwise;
  // A request that makes no sense stays what it is, whatever file shows it.
  if (is_about(error, case_folder) && error.code != base::ErrorCode::misuse) {
    const bool is_of_ledger = std::string_view(error.path).substr(case_folder.size()) == "/ledger";
    code = is_of_ledger ? exit_code_of_ledger_error(error.code) : exit_code_of_case_error(error.code);
  }
  return {.error = std::move(error), .code = code};
}

bool is_about(const base::Error& error, std::string_view folder) {
  const std::string_view path = error.path;
  return !folder.empty() && path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

std::string_view hint_for(ExitCode code) {
  switch (code) {
    case ExitCode::source_unreadable:
      return "see whether the disk or server it lies on is well; what was done is kept, and the same command goes on";
    case ExitCode::source_missing: return "mount or connect it, or mend its address; the same command goes on";
    case ExitCode::source_locked: return "see whether password, key and permissions are those of this source";
    case ExitCode::source_unknown: return "see 'lastgood backups add --help' for what can be read";
    case ExitCode::case_failed:
      return "see whether the disk is well on which the case lies; what was recorded before is kept";
    case ExitCode::no_space: return "free some space where the case lies; what was recorded before is kept";
    case ExitCode::recovery_failed: return "what is done is recorded; mend the cause, and the same command goes on";
    case ExitCode::target_full: return "make room there, and the same command goes on";
    case ExitCode::target_refused: return "choose an empty folder apart from the sources";
    case ExitCode::plan_refused: return "make the plan again with 'lastgood plan'";
    case ExitCode::ledger_failed: return "see whether the case's folder can be written to";
    case ExitCode::ledger_broken:
      return "'lastgood ledger verify' says where; keep the case as it is for investigators";
    case ExitCode::stamp_refused:
      return "a stamp that does not fit proves nothing; ask for a new one of the present head";
    case ExitCode::evidence_failed: return "what was taken before is in the ledger; see whether the disk is well";
    case ExitCode::done:
    case ExitCode::bad_found:
    case ExitCode::wrong_use:
    case ExitCode::in_part:
    case ExitCode::case_missing:
    case ExitCode::case_busy:
    case ExitCode::case_damaged:
    case ExitCode::guard_failed:
    case ExitCode::drill_missed_goal:
    case ExitCode::bug:
    case ExitCode::interrupted: break;
  }
  return {};
}

void print_failure(const Context& context, const base::Error& error, ExitCode code) {
  context.err << "lastgood: error: " << error.what << "\n";
  const std::string_view hint = error.hint.empty() ? hint_for(code) : std::string_view(error.hint);
  if (!hint.empty()) context.err << "hint: " << with_case(hint, context.case_folder) << "\n";
}

void print_unopened(const Context& context, const recovery::OpenedSources& sources) {
  for (const base::Error& failure : sources.failures)
    print_failure(context, failure, exit_code_of_source_error(failure.code));
}

void print_shrunk(const Context& context, const recovery::OpenedSources& sources) {
  for (const std::string& sentence : sources.shrunk) context.err << "note: " << sentence << "\n";
}

}  // namespace lastgood::cli
