// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sheets/try_sheet.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "base/local_time.h"
#include "base/misuse.h"
#include "sheets/prepared_sheet.h"
#include "sheets/sheet_rows.h"

namespace lastgood::sheets {

base::Result<std::string> fill_in_times(const std::string& sql, const AsOf& as_of) {
  std::string out;
  std::size_t at = 0;
  while (true) {
    const std::size_t open = sql.find("{{", at);
    if (open == std::string::npos) break;
    const std::size_t close = sql.find("}}", open);
    if (close == std::string::npos) break;
    out.append(sql, at, open - at);
    const std::string word = sql.substr(open + 2, close - open - 2);
    const std::string moment = base::time_in_zone(as_of.time_ns, as_of.zone).substr(0, 19);
    if (word != "as_of" && word != "as_of_date") {
      return base::misuse(fmt::format("'{{{{{}}}}}' in the question is not known", base::printable(word.substr(0, 40))),
                          "there are {{as_of_date}} and {{as_of}}");
    }
    if (as_of.time_ns == 0)
      return base::misuse("the question speaks of the time of the data, which is not known", "write the date into it");
    out += word == "as_of" ? moment : moment.substr(0, 10);
    at = close + 2;
  }
  return out + sql.substr(at);
}

base::Result<std::string> find_database(engines::ScratchServer& server, const std::string& wanted) {
  LG_ASSIGN(const std::vector<std::string> names, server.databases());
  if (wanted.empty() && names.size() == 1) return names.front();
  if (!wanted.empty() && (has_column(names, wanted) || names == std::vector<std::string>{""}))
    return has_column(names, wanted) ? wanted : std::string();
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + base::printable(name);
  if (wanted.empty())
    return base::misuse(fmt::format("the data unit does not say which of its {} databases is meant", names.size()),
                        fmt::format("write 'database = ...' in the services file; there are: {}", all));
  return base::misuse(fmt::format("there is no database '{}'", base::printable(wanted)),
                      fmt::format("there are: {}", all.empty() ? "none" : all));
}

base::Error ran_over(const base::Error& asked, const engines::RowLimits& limits, double took_s) {
  const double limit_s = std::chrono::duration<double>(limits.statement_time).count();
  // The engine looks at its clock, we at ours.
  if (took_s + 1 < limit_s)
    return {.code = asked.code, .what = "the question takes more than its engine allows", .hint = asked.hint};
  return {.code = asked.code,
          .what = fmt::format("the question takes longer than the {:g} s that each sheet has", limit_s),
          .hint = "no option gives it more: ask for fewer rows, or by columns that have an index"};
}

base::Result<SheetRows> ask_sheet(engines::ScratchServer& server, const services::Sheet& sheet,
                                  const std::string& database, const AsOf& as_of) {
  LG_ASSIGN(const std::string sql, fill_in_times(sheet.sql, as_of));
  RowCollector collector;
  const engines::RowLimits limits{.rows = k_rows_max + 1, .bytes = 2 * k_answer_bytes_max};
  const auto begin = std::chrono::steady_clock::now();
  const base::Status asked = server.ask(database, sql, limits, collector);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  SheetRows rows = collector.take();
  if (asked.ok()) return rows;
  // What came before the limit is true, only not all.
  if (asked.error().code != base::ErrorCode::limit_reached) return asked.error();
  const base::Error over = ran_over(asked.error(), limits, took.count());
  if (rows.rows.empty()) {
    base::Error none = over;
    none.what += ", and gave no row: " + asked.error().what;
    return none;
  }
  if (rows.missing.empty()) {
    const bool is_slow = !over.hint.empty();
    rows.missing.push_back("not all rows are here: " +
                           (is_slow ? fmt::format("{} ({})", over.what, over.hint) : asked.error().what));
  }
  return rows;
}

SheetTrial try_sheet(engines::ScratchServer& server, const services::Sheet& sheet, const std::string& database,
                     const AsOf& as_of) {
  SheetTrial trial;
  const auto begin = std::chrono::steady_clock::now();
  auto asked = ask_sheet(server, sheet, database, as_of);
  trial.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (!asked.ok()) {
    trial.mistakes.push_back(asked.error().hint.empty() ? asked.error().what
                                                        : asked.error().what + " (" + asked.error().hint + ")");
    return trial;
  }
  const SheetRows& rows = asked.value();
  trial.rows = rows.rows.size();
  trial.columns = rows.columns;
  trial.mistakes = rows.missing;
  trial.notes = rows.shortened;
  std::vector<std::string> named = sheet.columns;
  named.insert(named.end(), sheet.name_columns.begin(), sheet.name_columns.end());
  if (!sheet.group_by.empty()) named.push_back(sheet.group_by);
  std::sort(named.begin(), named.end());
  named.erase(std::unique(named.begin(), named.end()), named.end());
  for (const std::string& name : named) {
    if (!has_column(rows.columns, name)) trial.mistakes.push_back(no_such_column(rows.columns, name));
  }
  return trial;
}

}  // namespace lastgood::sheets
