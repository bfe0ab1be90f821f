// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "readiness/try_sheets.h"

#include <fmt/format.h>

#include "base/counted.h"
#include "base/human.h"
#include "engines/scratch_server.h"
#include "sheets/try_sheet.h"

namespace lastgood::readiness {

namespace {

using services::SheetTrial;
using services::TrialOutcome;

SheetTrial begin_trial(const services::Service& service, const services::Sheet& sheet) {
  SheetTrial out;
  out.service = service.id;
  out.sheet = sheet.id;
  return out;
}

/// The same sentence for every sheet: nobody could be asked.
std::vector<SheetTrial> all_failed(const services::Service& service, const services::DataUnit& data,
                                   const base::Error& error) {
  std::vector<SheetTrial> out;
  const bool is_ours = error.code == base::ErrorCode::unsupported || error.code == base::ErrorCode::no_space ||
                       error.code == base::ErrorCode::denied;
  for (const services::Sheet& sheet : service.sheets) {
    if (sheet.data != data.name) continue;
    out.push_back(begin_trial(service, sheet));
    out.back().outcome = is_ours ? TrialOutcome::not_tried : TrialOutcome::failed;
    out.back().sentence = error.hint.empty() ? error.what : fmt::format("{} ({})", error.what, error.hint);
  }
  return out;
}

/// `logs`: those of its data that are not replayed for a test; empty: there are none.
SheetTrial try_one(engines::ScratchServer& server, const services::Service& service, const services::Sheet& sheet,
                   const std::string& database, const sheets::AsOf& as_of, const std::string& logs) {
  SheetTrial out = begin_trial(service, sheet);
  const sheets::SheetTrial tried = sheets::try_sheet(server, sheet, database, as_of);
  out.rows = tried.rows;
  out.seconds = tried.seconds;
  out.outcome = tried.mistakes.empty() ? TrialOutcome::passed : TrialOutcome::failed;
  out.sentence = fmt::format("{} in {:.1f} s{}", base::counted(tried.rows, "row"), tried.seconds,
                             logs.empty() ? "" : ", from the copy alone: 'sheets' replays its saved logs, too");
  for (const auto* said : {&tried.mistakes, &tried.notes})
    for (const std::string& one : *said) out.sentence += "; " + one;
  return out;
}

}  // namespace

TriedSheets EngineSheetTrials::try_sheets(const services::Service& service, const services::DataUnit& data,
                                          const recovery::UnitCopy& copy, const recovery::OpenedCopy& opened,
                                          engines::StartWatcher& watcher) {
  engines::ScratchServerOptions options;
  options.parent = scratch_folder_;
  options.start_limit_s = start_limit_s_;
  options.judged = copy.is_usable() || opened.logs ? engines::Judged::yes : engines::Judged::no;
  options.logs = opened.logs ? &opened.logs->view() : nullptr;
  options.watcher = &watcher;
  options.zone = zone_.empty() ? "+00:00" : zone_;
  const auto server = engines::open_scratch_server(*opened.view, opened.unit, options);
  if (!server.ok()) return {.start = server.error(), .sheets = all_failed(service, data, server.error())};
  TriedSheets out{.start = server.value()->start(), .sheets = {}};
  const auto database = sheets::find_database(*server.value(), data.database);
  if (!database.ok()) {
    out.sheets = all_failed(service, data, database.error());
    return out;
  }
  const std::int64_t started_ns = out.start.value().data_as_of_ns;
  for (const services::Sheet& sheet : service.sheets) {
    if (sheet.data != data.name) continue;
    const sheets::AsOf as_of{.time_ns = started_ns != 0 ? started_ns : copy.data_as_of_ns, .zone = zone_};
    out.sheets.push_back(
        try_one(*server.value(), service, sheet, database.value(), as_of, opened.logs ? "" : data.logs));
    // Ended in the middle: nothing is known of it.
    if (watcher.cancelled() && out.sheets.back().outcome == TrialOutcome::failed)
      out.sheets.back().outcome = TrialOutcome::not_tried;
  }
  return out;
}

}  // namespace lastgood::readiness
