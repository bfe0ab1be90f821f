// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/mariadb_server.h"

#include <algorithm>
#include <csignal>
#include <map>

#include <fmt/format.h>

#include "base/counted.h"
#include "engines/end_on_cancel.h"
#include "engines/mariadb/account_tables.h"
#include "engines/mariadb/binlog_replay.h"
#include "engines/mariadb/data_room.h"
#include "engines/mariadb/joined_data.h"
#include "engines/mariadb/quiet_data.h"
#include "engines/mariadb/unusable_tables.h"

namespace lastgood::engines::mariadb {

namespace {

using std::chrono::steady_clock;

constexpr int k_falls_asked_max = 8;

class MariadbServer final : public ScratchServer {
 public:
  MariadbServer(const UnitView& view, std::string folder, ScratchServerOptions options)
      : view_(view, folder), folder_(std::move(folder)), options_(std::move(options)) {}

  base::Status open();
  [[nodiscard]] const ScratchStart& start() const override { return start_; }
  [[nodiscard]] base::Result<std::vector<std::string>> databases() override;
  [[nodiscard]] base::Result<std::vector<TableName>> tables(const std::string& database) override;
  [[nodiscard]] base::Status ask(const std::string& database, const std::string& sql, const RowLimits& limits,
                                 RowSink& sink) override;
  [[nodiscard]] base::Result<std::string> keep_folder() override;

 private:
  [[nodiscard]] base::Result<MariaSession> open_as_reader(const std::string& database) const {
    return MariaSession::open({.socket = data_->socket(),
                               .user = reader_,
                               .password = password_,
                               .database = database,
                               .connect_limit_s = static_cast<unsigned>(options_.still_limit_s)});
  }
  [[nodiscard]] base::Result<MariaSession> open_session(const std::string& database);
  void list_files_left_out();
  base::Status make_quiet();
  base::Status replay_without_accounts(DataRoom& data, const ScratchServerOptions& options, ScratchStart& start);
  base::Status rise_again(std::chrono::milliseconds patience);
  base::Status ask_once(MariaSession& session, const std::string& sql, const RowLimits& limits, RowSink& sink);

  JoinedData view_;
  std::string folder_;
  ScratchServerOptions options_;
  ScratchStart start_;
  std::unique_ptr<DataRoom> data_;
  std::string reader_ = random_name("lg_");
  std::string password_ = random_name("") + random_name("");
  Fence fence_ = Fence::account;
  int falls_ = 0;
  std::optional<base::Error> gone_;  // it hangs, and was ended
  std::map<std::string, MariaSession, std::less<>> sessions_;
};

base::Status MariadbServer::open() {
  const auto began = steady_clock::now();
  list_files_left_out();
  LG_ASSIGN(data_, start_data(view_, folder_, options_, ViewRights::asker, start_));
  if (options_.logs != nullptr) LG_TRY(replay_binlogs(*data_, view_, folder_, options_, start_));
  {
    StartWatch watch("MariaDB", {&*data_->room}, options_);
    LG_ASSIGN(MariaSession session, open_watched(*data_, {}, watch));
    LG_ASSIGN(const std::vector<MariaRow> version, session.rows("SELECT version()"));
    std::string words = version.at(0).at(0).value_or("");
    start_.engine = "MariaDB " + words.substr(0, words.find('-'));
    mariadb::list_left_out(session, start_);
    LG_TRY(watch.state());
  }
  LG_TRY(find_unusable(*data_, options_, start_));
  for (const PlainView& view : data_->views)
    start_.inside.push_back(fmt::format("rights of the owner of view {}", base::printable(view.path)));
  LG_TRY(make_quiet());
  if (start_.data_as_of_ns == 0) {
    const base::Result<UnitReport> report =
        check_unit(view_, {.kind = UnitKind::mariadb, .path = folder_}, model::Depth::quick);
    if (report.ok() && report.value().data_as_of_ns != 0) {
      start_.data_as_of_ns = report.value().data_as_of_ns;
      start_.data_as_of_basis = "last transaction in the copy's binary log, or its backup's end";
    }
  }
  start_.seconds = std::chrono::duration<double>(steady_clock::now() - began).count();
  return base::Done{};
}

/// "bin.000012"
bool is_numbered_log(std::string_view name) {
  constexpr std::size_t k_digits = 6;
  const std::size_t dot = name.rfind('.');
  return dot != std::string_view::npos && name.size() == dot + 1 + k_digits &&
         name.find_first_not_of("0123456789", dot + 1) == std::string_view::npos;
}

void MariadbServer::list_files_left_out() {
  const auto entries = view_.list(folder_);
  std::size_t relay_logs = 0;
  std::size_t binary_logs = 0;
  for (const UnitEntry& entry : entries.ok() ? entries.value() : std::vector<UnitEntry>{}) {
    // By these a replica knows from where to go on.
    if (entry.name.ends_with(".info") &&
        (entry.name.find("master") != std::string::npos || entry.name.starts_with("relay")))
      start_.left_out.push_back(base::printable(entry.name));
    if (is_numbered_log(entry.name)) ++(entry.name.find("relay") == std::string::npos ? binary_logs : relay_logs);
    const bool is_settings = entry.name.ends_with(".cnf") && entry.name != "backup-my.cnf";
    const bool is_other = entry.name.ends_with(".so") || entry.name == "init_file" || entry.name.ends_with(".sql");
    if (is_settings || is_other || entry.kind == model::EntryKind::link)
      start_.left_out.push_back(base::printable(entry.name));
  }
  if (relay_logs > 0) start_.left_out.push_back(base::counted(relay_logs, "relay log"));
  if (binary_logs > 0) start_.left_out.push_back(base::counted(binary_logs, "binary log") + " of its own folder");
  std::sort(start_.left_out.begin(), start_.left_out.end());
}

base::Status MariadbServer::make_quiet() {
  StartWatch watch("MariaDB", {&*data_->room}, options_);
  LG_ASSIGN(MariaSession session, open_watched(*data_, {}, watch));
  fence_ = quiet_data(session, reader_, password_);
  LG_TRY(watch.state());
  if (fence_ == Fence::statement)
    start_.refused.push_back("all statements that do more than read: the copy's table of accounts does not answer");
  return base::Done{};
}

/// After the server fell over broken data. One that is still there and lets nobody in will not answer any more.
base::Status MariadbServer::rise_again(std::chrono::milliseconds patience) {
  sessions_.clear();
  if (!data_->room->wait(patience)) {
    gone_ = hangs("MariaDB", options_);
    static_cast<void>(data_->room->stop(SIGKILL, std::chrono::seconds(2)));
    return *gone_;
  }
  if (++falls_ > k_falls_asked_max)
    return base::Error{.code = base::ErrorCode::damaged_source, .what = "MariaDB falls over this copy again and again"};
  return start_again(*data_, options_);
}

base::Result<MariaSession> MariadbServer::open_session(const std::string& database) {
  if (gone_) return *gone_;
  const auto until = steady_clock::now() + std::chrono::seconds(options_.still_limit_s);
  base::Result<MariaSession> session = open_as_reader(database);
  if (session.ok() || session.error().code != base::ErrorCode::busy_retry) return session;
  // One that is about to end is given the time to do so.
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - steady_clock::now());
  LG_TRY(rise_again(std::max(left, std::chrono::milliseconds(2000))));
  LG_TRY(make_quiet());
  return open_as_reader(database);
}

namespace {

/// It calls a table broken whose file could not be copied up; why, it only prints: of what it printed before, a full
/// disk is another question's.
bool has_no_room(const base::Status& answer, const DataRoom& data, std::uint64_t printed_before_bytes) {
  constexpr std::uint64_t k_read_bytes_max = std::uint64_t{8} << 10U;
  if (answer.ok() || answer.error().code != base::ErrorCode::damaged_source) return false;
  const std::uint64_t printed_bytes = data.room->printed_bytes() - printed_before_bytes;
  const std::string said = data.room->last_words(std::min(printed_bytes, k_read_bytes_max));
  return said.find("No space left on device") != std::string::npos || said.find("number 28") != std::string::npos;
}

}  // namespace

base::Status MariadbServer::ask_once(MariaSession& session, const std::string& sql, const RowLimits& limits,
                                     RowSink& sink) {
  // A recursive question ends by the time it takes: MariaDB's own limit would give a part of the answer as if all.
  LG_TRY(session.rows(fmt::format("SET SESSION max_recursive_iterations = 4294967295, max_statement_time = {:.3f}",
                                  std::max(0.001, static_cast<double>(limits.statement_time.count()) / 1000.0))));
  LG_TRY(session.rows("START TRANSACTION READ ONLY"));
  std::uint64_t given = 0;
  const std::uint64_t printed_bytes = data_->room->printed_bytes();
  const EndOnCancel end(options_.watcher, [socket = session.socket()] { os::close_both_ways(socket); });
  base::Status answer = end.instead_of(session.stream(sql, limits, sink, &given), "MariaDB");
  if (has_no_room(answer, *data_, printed_bytes))
    answer = base::Error{
        .code = base::ErrorCode::no_space, .what = answer.error().what, .path = {}, .hint = std::string(k_more_room)};
  if (!session.is_over()) base::ignore_error(session.rows("ROLLBACK"), "it only read");
  return answer;
}

base::Status MariadbServer::ask(const std::string& database, const std::string& sql, const RowLimits& limits,
                                RowSink& sink) {
  if (!data_) return base::Error{.code = base::ErrorCode::misuse, .what = "the scratch server was ended"};
  if (!begins_as_question(sql))
    return base::Error{.code = base::ErrorCode::misuse,
                       .what = "the statement is no question",
                       .hint = "it must begin with SELECT, WITH, VALUES, TABLE, SHOW, DESCRIBE or EXPLAIN"};
  auto found = sessions_.find(database);
  if (found == sessions_.end()) {
    LG_ASSIGN(MariaSession session, open_session(database));
    found = sessions_.emplace(database, std::move(session)).first;
  }
  base::Status answer = ask_once(found->second, sql, limits, sink);
  if (found->second.is_over()) sessions_.erase(found);
  return answer;
}

base::Result<std::vector<std::string>> MariadbServer::databases() {
  if (!data_) return base::Error{.code = base::ErrorCode::misuse, .what = "the scratch server was ended"};
  LG_ASSIGN(MariaSession session, open_session({}));
  LG_ASSIGN(const std::vector<MariaRow> rows,
            session.rows("SELECT schema_name FROM information_schema.schemata WHERE schema_name NOT IN ('mysql', "
                         "'information_schema', 'performance_schema', 'sys') ORDER BY 1"));
  std::vector<std::string> names;
  for (const MariaRow& row : rows) names.push_back(row.at(0).value_or(""));
  return names;
}

base::Result<std::vector<TableName>> MariadbServer::tables(const std::string& database) {
  if (!data_) return base::Error{.code = base::ErrorCode::misuse, .what = "the scratch server was ended"};
  LG_ASSIGN(MariaSession session, open_session({}));
  LG_ASSIGN(
      const std::vector<MariaRow> rows,
      session.rows(fmt::format("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = {} "
                               "ORDER BY 1, ordinal_position",
                               quote_text(database))));
  std::vector<TableName> tables;
  for (const MariaRow& row : rows) {
    const std::string table = row.at(0).value_or("");
    if (tables.empty() || tables.back().table != table)
      tables.push_back({.schema = database, .table = table, .columns = {}});
    tables.back().columns.push_back(row.at(1).value_or(""));
  }
  return tables;
}

/// With the accounts of the copy, whatever the logs wrote into their tables.
base::Status MariadbServer::replay_without_accounts(DataRoom& data, const ScratchServerOptions& options,
                                                    ScratchStart& start) {
  AccountTables accounts(data, options);
  LG_TRY(accounts.keep());
  LG_TRY(replay_binlogs(data, view_, folder_, options, start));
  LG_ASSIGN(const std::vector<std::string> changed, accounts.put_back());
  if (!changed.empty())
    start_.left_out.push_back(
        fmt::format("what the logs wrote into tables of accounts, rights, events and plugins by changed rows or "
                    "triggers ({}): they are as the backup has them",
                    fmt::join(changed, ", ")));
  return base::Done{};
}

/// A copy of its own, in which nothing was switched off, brought forward and shut down.
base::Result<std::string> MariadbServer::keep_folder() {
  sessions_.clear();
  data_.reset();
  ScratchServerOptions options = options_;
  options.copy_way = CopyWay::copy;
  ScratchStart start;
  LG_ASSIGN(const std::unique_ptr<DataRoom> data, start_data(view_, folder_, options, ViewRights::owner, start));
  if (options.logs != nullptr) LG_TRY(replay_without_accounts(*data, options, start));
  const std::optional<int> code = data->room->stop(SIGTERM, std::chrono::seconds(options.start_limit_s));
  if (code != 0)
    return base::Error{.code = base::ErrorCode::damaged_source,
                       .what = "MariaDB did not shut down in good order",
                       .path = folder_,
                       .hint = data->room->last_words(1500)};
  const std::string kept = options.parent + "/" + random_name("lastgood-kept.");
  LG_TRY(data->copy.tree.move_out("data", kept));
  return kept;
}

}  // namespace

base::Result<std::unique_ptr<ScratchServer>> open_server(const UnitView& view, const std::string& folder,
                                                         const ScratchServerOptions& options) {
  auto server = std::make_unique<MariadbServer>(view, folder, options);
  LG_TRY(server->open());
  return std::unique_ptr<ScratchServer>(std::move(server));
}

}  // namespace lastgood::engines::mariadb
