// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/ask_who_is_known.h"

#include <filesystem>

#include <fmt/format.h>

#include "base/local_time.h"
#include "base/misuse.h"
#include "cli/case_zone.h"
#include "cli/commands/sheets_actions.h"
#include "cli/output/recovery_line.h"
#include "cli/restored_unit.h"
#include "os/paths.h"
#include "readiness/kept_services.h"
#include "readiness/since_restored.h"
#include "services/leave_out.h"

namespace lastgood::cli {

namespace {

/// As said, or by what lies there; PostgreSQL where nothing tells.
services::DataKind kind_of_patients(const EntryOptions& options, const std::string& path) {
  for (const auto kind : {services::DataKind::postgresql, services::DataKind::mariadb, services::DataKind::sqlite}) {
    if (services::name_of(kind) == options.kind) return kind;
  }
  std::error_code unknown;
  if (std::filesystem::is_regular_file(path, unknown)) return services::DataKind::sqlite;
  const bool is_mariadb = std::filesystem::exists(path + "/ibdata1", unknown);
  return is_mariadb ? services::DataKind::mariadb : services::DataKind::postgresql;
}

/// What the person named; without a question as the pack asks whose tables it has.
base::Result<sheets::PatientQuestion> question_of_path(const EntryOptions& options) {
  sheets::PatientQuestion question;
  question.sql = options.sql;
  if (options.sql.empty()) {
    LG_ASSIGN(question.packs, sheets::read_packs(""));
  }
  const auto there = os::absolute_path(options.patients);
  question.unit.path = there.ok() ? there.value() : options.patients;  // of a copy's victim, perhaps
  question.unit.database = options.database;
  question.unit.kind = kind_of_patients(options, question.unit.path);
  if (there.ok()) question.live = fmt::format("what lies at '{}'", question.unit.path);
  return question;
}

/// Where a restore of the case has put the database back in its place, that is what is asked first.
base::Status prefer_restored(const EntryOptions& options, sheets::PatientQuestion& question, const Session& session) {
  LG_ASSIGN(const auto restores, readiness::read_ended_restores(session.folder));
  const auto restored = readiness::database_restored(restores, question.unit.path);
  if (!restored) return base::Done{};
  question.restored = restored_unit_of(*restored, question.unit.path, session.folder);
  if (!options.patients.empty()) return base::Done{};
  const std::string root = restored->target == "/" ? std::string() : restored->target;
  question.live_root = restored->target;
  question.live = fmt::format("the database that was restored to '{}' until {}", root + question.unit.path,
                              base::time_in_zone(restored->ended_ns, zone_of(*session.store)));
  return base::Done{};
}

base::Result<sheets::PatientQuestion> question_of(const EntryOptions& options, sheets::CaseOfSheets& of,
                                                  const sheets::MakeOptions& make, const Session& session) {
  sheets::PatientQuestion question;
  if (!options.patients.empty()) {
    LG_ASSIGN(question, question_of_path(options));
  } else {
    LG_ASSIGN(const std::vector<sheets::Pack> packs, sheets::read_packs(""));
    LG_ASSIGN(question, sheets::find_patient_question(of, packs, make));
  }
  LG_TRY(prefer_restored(options, question, session));
  return question;
}

/// What the case's services say of the same data: without its logs the morning's patients are missing.
void take_logs(services::DataUnit& unit, const std::string& case_folder) {
  const auto file = readiness::read_case_services({}, case_folder);
  if (!file.ok()) return;
  for (const services::Service* service : services::with_left_out(file.value())) {
    for (const services::DataUnit& data : service->data) {
      if (data.path == unit.path && unit.logs.empty()) unit.logs = data.logs;
    }
  }
}

}  // namespace

base::Status check_question(const EntryOptions& options) {
  if (!options.patients.empty()) return base::Done{};
  const char* given = !options.sql.empty()        ? "--sql"
                      : !options.database.empty() ? "--database"
                      : !options.kind.empty()     ? "--kind"
                                                  : nullptr;
  if (given == nullptr) return base::Done{};
  return base::misuse(
      fmt::format("{} does not say which database it is for", given),
      "give --patients PATH, its folder or file; without any of them the database is found by the packs");
}

std::variant<sheets::AskedPatients, Failure> ask_who_is_known(const EntryOptions& options, Session& session,
                                                              engines::RowSink& sink) {
  LG_OUTCOME(const std::unique_ptr<ledger::Ledger> ledger, ledger::open_ledger(session.folder),
             ExitCode::ledger_broken);
  TerminalPrompt prompt;
  sheets::CaseOfSheets of{session.folder, *session.store, *ledger, prompt};
  sheets::MakeOptions make;
  set_scratch(options.scratch, make);
  make.open_server = &engines::open_scratch_server;
  LG_OUTCOME(sheets::PatientQuestion question, question_of(options, of, make, session), ExitCode::source_missing);
  take_logs(question.unit, session.folder);
  LG_OUTCOME(sheets::AskedPatients asked, sheets::ask_patients(of, question, make, sink), ExitCode::in_part);
  return asked;
}

}  // namespace lastgood::cli
