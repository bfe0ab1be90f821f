// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "readiness/scratch_sheet_trials.h"

#include <fmt/format.h>

#include "base/human.h"
#include "sheets/try_sheet.h"
#include "sheets/wanted_sheets.h"

namespace lastgood::readiness {

namespace {

/// Sheets of the service that ask this data unit.
std::vector<services::Sheet> sheets_of(const services::Service& service, const services::DataUnit& data) {
  services::ServicesFile alone;
  alone.services.push_back(service);
  alone.services.front().depends_on.clear();
  std::vector<services::Sheet> out;
  for (const sheets::WantedUnit& unit : sheets::wanted_sheets(alone, "").units) {
    if (unit.data.path != data.path || unit.data.kind != data.kind) continue;
    for (const sheets::WantedSheet& wanted : unit.sheets) out.push_back(*wanted.sheet);
  }
  return out;
}

services::SheetTrial trial_of(const services::Service& service, const services::Sheet& sheet) {
  services::SheetTrial trial;
  trial.service = service.id;
  trial.sheet = sheet.id;
  trial.outcome = services::TrialOutcome::failed;
  return trial;
}

/// All fail for one reason.
std::vector<services::SheetTrial> all_failed(const services::Service& service,
                                             const std::vector<services::Sheet>& sheets, const base::Error& error) {
  std::vector<services::SheetTrial> out;
  for (const services::Sheet& sheet : sheets) {
    services::SheetTrial trial = trial_of(service, sheet);
    if (error.code == base::ErrorCode::unsupported) trial.outcome = services::TrialOutcome::not_tried;
    trial.sentence = error.what;
    out.push_back(std::move(trial));
  }
  return out;
}

}  // namespace

ScratchSheetTrials::ScratchSheetTrials(std::string scratch_folder, std::string zone, int start_limit_s,
                                       sheets::OpenServer open_server)
    : scratch_folder_(std::move(scratch_folder)),
      zone_(std::move(zone)),
      start_limit_s_(start_limit_s),
      open_server_(std::move(open_server)) {}

std::vector<services::SheetTrial> ScratchSheetTrials::try_sheets(const services::Service& service,
                                                                 const services::DataUnit& data,
                                                                 const recovery::UnitCopy& copy,
                                                                 const recovery::OpenedCopy& opened) {
  const std::vector<services::Sheet> wanted = sheets_of(service, data);
  if (wanted.empty()) return {};
  engines::ScratchServerOptions scratch;
  scratch.parent = scratch_folder_;
  scratch.start_limit_s = start_limit_s_;
  const auto server = open_server_(*opened.view, opened.unit, scratch);
  if (!server.ok()) return all_failed(service, wanted, server.error());
  const auto database = sheets::find_database(*server.value(), data.database);
  if (!database.ok()) return all_failed(service, wanted, database.error());
  const std::int64_t started_ns = server.value()->start().data_as_of_ns;
  const sheets::AsOf as_of{started_ns != 0 ? started_ns : copy.data_as_of_ns, zone_};
  std::vector<services::SheetTrial> out;
  for (const services::Sheet& sheet : wanted) {
    const sheets::SheetTrial tried = sheets::try_sheet(*server.value(), sheet, database.value(), as_of);
    services::SheetTrial trial = trial_of(service, sheet);
    trial.rows = tried.rows;
    trial.seconds = tried.seconds;
    const bool answered = !tried.columns.empty();
    trial.outcome = tried.mistakes.empty() ? services::TrialOutcome::passed
                    : answered             ? services::TrialOutcome::complaints
                                           : services::TrialOutcome::failed;
    trial.sentence = fmt::format("{} rows in {}", base::human_count(tried.rows), base::human_seconds(tried.seconds));
    for (const std::string& mistake : tried.mistakes) trial.sentence += "; " + mistake;
    out.push_back(std::move(trial));
  }
  return out;
}

}  // namespace lastgood::readiness
