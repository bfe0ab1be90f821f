// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The server runs in the room of data_room.h, where nothing of the copy is executed; it is asked to check every table.
#include "engines/mariadb/start_mariadb.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "engines/mariadb/data_room.h"
#include "engines/mariadb/joined_data.h"
#include "engines/mariadb/unusable_tables.h"
#include "engines/scratch_run.h"

namespace lastgood::engines::mariadb {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int k_falls_checked_max = 8;
constexpr std::string_view k_tables_to_check =
    "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type IN ('BASE TABLE', 'SEQUENCE') AND "
    "table_schema NOT IN ('information_schema', 'performance_schema') AND NOT (table_schema = 'mysql' AND table_name "
    "IN ('general_log', 'slow_log')) ORDER BY 1, 2";

base::Result<MariaSession> open_session(DataRoom& data, milliseconds left, StartWatch& watch) {
  const auto seconds = static_cast<unsigned>(left.count() / 1000 + 1);
  return open_watched(data, {.silence_limit_s = seconds}, watch);
}

base::Status check_all(DataRoom& data, const ScratchServerOptions& options, steady_clock::time_point until,
                       ScratchReport& report) {
  const auto left = [&] {
    return std::max(milliseconds(1), std::chrono::duration_cast<milliseconds>(until - steady_clock::now()));
  };
  StartWatch watch("MariaDB", {&*data.room}, options);
  LG_ASSIGN(MariaSession session, open_session(data, left(), watch));
  LG_ASSIGN(const std::vector<MariaRow> tables, session.rows(std::string(k_tables_to_check)));
  int falls = 0;
  for (const MariaRow& row : tables) {
    const std::string schema = row.at(0).value_or("");
    const std::string table = row.at(1).value_or("");
    const std::string name = fmt::format("{}.{}", base::printable(schema), base::printable(table));
    TableCheck answer;
    std::uint64_t given = 0;
    const base::Status checked = session.stream(fmt::format("CHECK TABLE {}.{}", quote_name(schema), quote_name(table)),
                                                {.statement_time = left()}, answer, &given);
    for (const std::string& complaint : answer.complaints()) report.complain(fmt::format("{}: {}", name, complaint));
    if (report.is_full()) return base::Done{};
    if (checked.ok()) continue;
    if (steady_clock::now() >= until)
      return base::Error{.code = base::ErrorCode::limit_reached, .what = "its own checks did not end in time"};
    LG_TRY(watch.state());
    report.complain(fmt::format("{}: {}", name, checked.error().what));
    if (!session.is_over()) continue;
    // The server fell over this table. The others are still to be looked at.
    ScratchServerOptions again = options;
    again.start_limit_s = static_cast<int>(left().count() / 1000 + 1);
    if (++falls > k_falls_checked_max || !start_again(data, again).ok()) {
      report.complain("MariaDB falls over this copy again and again: later tables were not checked");
      return base::Done{};
    }
    LG_ASSIGN(session, open_session(data, left(), watch));
  }
  return base::Done{};
}

}  // namespace

base::Result<ScratchReport> start_copy(const UnitView& view, const std::string& folder, const ScratchOptions& options) {
  const auto until = steady_clock::now() + std::chrono::seconds(options.time_limit_s);
  ScratchStart start;
  const ScratchServerOptions server{.parent = options.parent,
                                    .copy_way = CopyWay::copy,
                                    .start_limit_s = options.time_limit_s,
                                    .watcher = options.watcher};
  const JoinedData joined(view, folder);
  const auto data = start_data(joined, folder, server, ViewRights::owner, start);
  if (!data.ok()) return report_not_started(data.error());
  ScratchReport report = report_started(start);
  LG_TRY(check_all(*data.value(), server, until, report));
  if (!report.complaints.empty()) report.outcome = ScratchReport::Outcome::complaints;
  return report;
}

}  // namespace lastgood::engines::mariadb
