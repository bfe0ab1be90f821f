// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/postgresql_server.h"

#include <algorithm>
#include <csignal>
#include <map>
#include <thread>

#include <fmt/format.h>

#include "engines/end_on_cancel.h"
#include "engines/postgresql/cluster_copy.h"
#include "engines/postgresql/cluster_room.h"
#include "engines/postgresql/copied_relations.h"
#include "engines/postgresql/kept_cluster.h"
#include "engines/postgresql/left_out.h"
#include "engines/postgresql/log_use.h"
#include "engines/postgresql/missing_rows.h"
#include "engines/postgresql/quiet_cluster.h"
#include "engines/start_watch.h"
#include "engines/unit_check.h"
#include "model/pages/postgresql_page.h"

namespace lastgood::engines::postgresql {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int k_reader_roles_since = 140000;  // pg_read_all_data

constexpr const char* k_own_tables =
    "SELECT n.nspname, c.relname, pg_relation_filepath(c.oid), c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = "
    "c.relnamespace WHERE c.relkind IN ('r', 'm') AND c.relpersistence = 'p' AND n.nspname NOT IN ('pg_catalog', "
    "'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%' ORDER BY 1, 2";

/// Whether a relation's first page, as it lies in the unit, is none: then the server is asked about the table.
bool looks_broken(const UnitView& view, const std::string& path) {
  const auto source = view.open(path);
  if (!source.ok()) return true;
  std::vector<std::uint8_t> page(static_cast<std::size_t>(std::min<std::uint64_t>(8192, source.value()->size_bytes())));
  if (page.empty()) return false;
  const auto got = source.value()->read(0, page);
  if (!got.ok() || got.value() != page.size()) return true;
  const base::ByteView bytes{std::span<const std::uint8_t>(page)};
  if (is_zero(bytes)) return false;
  return !model::pages::find_postgresql_page_fault(bytes, 8192, model::pages::RelationFork::main).empty();
}

class PostgresqlServer final : public ScratchServer {
 public:
  PostgresqlServer(const UnitView& view, std::string folder, ScratchServerOptions options)
      : view_(view), folder_(std::move(folder)), options_(std::move(options)), copied_(view_, folder_, options_) {}

  base::Status open() {
    const auto began = steady_clock::now();
    start_.left_out = list_left_out(view_, folder_);
    if (options_.judged == Judged::no) LG_TRY(look_at_files());
    LG_ASSIGN(cluster_, start_cluster(view_, folder_, options_, FirstGuest::anybody, start_));
    copied_.leave_out(cluster_->copy.unread);
    LG_TRY(make_quiet());
    if (start_.data_as_of_ns == 0) note_time_of_files();
    start_.seconds = std::chrono::duration<double>(steady_clock::now() - began).count();
    return base::Done{};
  }

  [[nodiscard]] const ScratchStart& start() const override { return start_; }
  [[nodiscard]] base::Result<std::vector<std::string>> databases() override { return databases_; }
  [[nodiscard]] base::Result<std::vector<TableName>> tables(const std::string& database) override;
  [[nodiscard]] base::Status ask(const std::string& database, const std::string& sql, const RowLimits& limits,
                                 RowSink& sink) override;
  [[nodiscard]] base::Result<std::string> keep_folder() override {
    sessions_.clear();
    if (options_.logs != nullptr && cluster_) note_removals();
    cluster_.reset();
    if (!closed_.empty())
      return base::Error{
          .code = base::ErrorCode::damaged_source,
          .what = fmt::format("database {}: {}", base::printable(closed_.begin()->first), closed_.begin()->second)};
    return keep_cluster(view_, folder_, options_, fenced_);
  }

 private:
  base::Status look_at_files();
  base::Status make_quiet();
  base::Status look_at_database(const std::string& database);
  void find_unusable(PgSession& session, const std::string& database);
  base::Status close_to_others();
  void note_time_of_files();
  void note_removals();
  base::Result<KnownTables> list_known_tables();
  base::Result<PgSession> open_as(const std::string& user, const std::string& database,
                                  std::string_view options) const {
    return PgSession::open({.socket_folder = cluster_->socket_folder,
                            .database = database,
                            .user = user,
                            .options = std::string(options),
                            .connect_limit_s = std::clamp(options_.still_limit_s, 2, 10)});
  }
  base::Result<PgSession> open_reader(const std::string& database, std::string_view options);
  base::Status ask_once(PgSession& session, const std::string& sql, const RowLimits& limits, RowSink& sink,
                        std::uint64_t* given);

  const UnitView& view_;
  std::string folder_;
  ScratchServerOptions options_;
  CopiedRelations copied_;
  ScratchStart start_;
  std::unique_ptr<ClusterRoom> cluster_;
  std::string reader_ = random_name("lastgood_reader_");
  std::vector<std::string> databases_;
  std::vector<std::string> fenced_;                         // paths of files whose tables are not to be believed
  std::map<std::string, std::string, std::less<>> closed_;  // databases that could not be made quiet, and why
  std::map<std::string, PgSession, std::less<>> sessions_;
  std::optional<base::Error> gone_;  // it hangs, and was ended
};

base::Status PostgresqlServer::look_at_files() {
  LG_ASSIGN(const UnitReport report,
            check_unit(view_, {.kind = UnitKind::postgresql, .path = folder_}, model::Depth::standard));
  copied_.suspect(report.contradicted);
  return base::Done{};
}

base::Status PostgresqlServer::make_quiet() {
  std::vector<std::string> names;
  {
    LG_ASSIGN(PgSession session, open_as(cluster_->user, "template1", k_quiet_options));
    if (session.server_version() < k_reader_roles_since)
      return base::Error{.code = base::ErrorCode::unsupported,
                         .what = "PostgreSQL before version 14 has no role that may only read",
                         .path = folder_};
    LG_TRY(quiet_catalogue(session));
    LG_ASSIGN(const std::vector<PgRow> version, session.rows("SELECT current_setting('server_version')"));
    start_.engine = "PostgreSQL " + version.at(0).at(0).value_or("");
    start_.engine.resize(std::min(start_.engine.find(' ', 11), start_.engine.size()));
    LG_TRY(quiet_cluster(session, reader_, start_));
    if (copied_.are_maps_suspect())
      LG_TRY(session.rows(fmt::format("ALTER ROLE {} SET enable_indexonlyscan = off", quote_name(reader_))));
    LG_ASSIGN(const std::vector<PgRow> found,
              session.rows("SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY 1"));
    for (const PgRow& row : found) names.push_back(row.at(0).value_or(""));
  }
  for (const std::string& name : names) {
    const base::Status looked = look_at_database(name);
    if (looked.ok()) continue;
    closed_[name] = looked.error().what;
    start_.unusable.push_back(fmt::format("database {}: {}", base::printable(name), looked.error().what));
    databases_.push_back(name);
  }
  std::sort(databases_.begin(), databases_.end());
  return close_to_others();
}

base::Status PostgresqlServer::look_at_database(const std::string& database) {
  LG_ASSIGN(PgSession session, open_as(cluster_->user, database, k_quiet_options));
  LG_TRY(quiet_database(session, database, start_));
  LG_TRY(session.rows(fmt::format("GRANT CONNECT ON DATABASE {} TO {}", quote_name(database), quote_name(reader_))));
  LG_ASSIGN(
      const std::vector<PgRow> own,
      session.rows("SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', "
                   "'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT "
                   "LIKE 'pg\\_toast%' LIMIT 1"));
  // The one that is always there counts when somebody put something into it.
  if (database != "postgres" || !own.empty()) databases_.push_back(database);
  // All of them, before a broken table can end the session.
  LG_ASSIGN(const std::vector<std::string> fenced, fence_missing_rows(session, database, copied_, start_));
  fenced_.insert(fenced_.end(), fenced.begin(), fenced.end());
  find_unusable(session, database);
  return base::Done{};
}

void PostgresqlServer::find_unusable(PgSession& session, const std::string& database) {
  const base::Result<std::vector<PgRow>> relations = session.rows(k_own_tables);
  if (!relations.ok()) {
    start_.unusable.push_back(
        fmt::format("database {}: its list of tables: {}", base::printable(database), relations.error().what));
    return;
  }
  for (const PgRow& row : relations.value()) {
    const std::string path = row.at(2).value_or("");
    if (!path.starts_with("base/") || is_no_file(path) || !looks_broken(view_, join(folder_, path))) continue;
    const std::string schema = row.at(0).value_or("");
    const std::string table = row.at(1).value_or("");
    const base::Result<std::vector<PgRow>> answer =
        session.rows(fmt::format("SELECT 1 FROM ONLY {}.{} LIMIT 1", quote_name(schema), quote_name(table)));
    if (answer.ok() || start_.unusable.size() >= k_unusable_max) continue;
    start_.unusable.push_back(fmt::format("{}.{} (database {}): {}", base::printable(schema), base::printable(table),
                                          base::printable(database), answer.error().what));
    if (session.is_over()) return;
  }
}

base::Status PostgresqlServer::close_to_others() {
  const std::string rules = fmt::format("local all {} trust\nlocal all all reject\n", reader_);
  LG_TRY(cluster_->copy.tree.remove("own/hba.conf"));
  LG_TRY(cluster_->copy.tree.write_file("own/hba.conf", base::ByteView(std::string_view(rules))));
  {
    LG_ASSIGN(PgSession session, open_as(cluster_->user, "template1", k_quiet_options));
    LG_TRY(session.rows("SELECT pg_reload_conf()"));
  }
  const auto until = steady_clock::now() + std::chrono::seconds(20);
  while (steady_clock::now() < until) {
    const base::Result<PgSession> session = open_as(cluster_->user, "template1", k_quiet_options);
    if (!session.ok() && session.error().code == base::ErrorCode::denied) return base::Done{};
    std::this_thread::sleep_for(milliseconds(5));
  }
  return base::Error{.code = base::ErrorCode::limit_reached,
                     .what = "the scratch server did not close its door in time"};
}

void PostgresqlServer::note_time_of_files() {
  const base::Result<UnitReport> report =
      check_unit(view_, {.kind = UnitKind::postgresql, .path = folder_}, model::Depth::quick);
  if (!report.ok() || report.value().data_as_of_ns == 0) return;
  start_.data_as_of_ns = report.value().data_as_of_ns;
  start_.is_as_of_checkpoint = report.value().is_as_of_checkpoint;
  start_.data_as_of_basis = "last commit record in the copy's write-ahead log, or its last checkpoint";
}

base::Result<KnownTables> PostgresqlServer::list_known_tables() {
  constexpr std::string_view k_options = "-c search_path=pg_catalog -c statement_timeout=60000";
  const auto number_in = [](const std::optional<std::string>& text) {
    return static_cast<std::uint32_t>(std::strtoul(text.value_or("0").c_str(), nullptr, 10));
  };
  KnownTables tables;
  LG_ASSIGN(PgSession any, open_reader("template1", k_options));
  LG_ASSIGN(const std::vector<PgRow> databases, any.rows("SELECT oid, datname FROM pg_database"));
  for (const PgRow& row : databases) tables.databases[number_in(row.at(0))] = row.at(1).value_or("");
  for (const auto& [number, name] : tables.databases) {
    // A template, and one that lets nobody in, has no tables of people.
    auto session = open_reader(name, k_options);
    if (!session.ok()) continue;
    LG_ASSIGN(const std::vector<PgRow> rows,
              session.value().rows("SELECT c.oid, c.relfilenode, n.nspname, c.relname FROM pg_class c JOIN "
                                   "pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'm') AND c.oid "
                                   ">= 16384"));
    for (const PgRow& row : rows) {
      tables.numbers[{number, number_in(row.at(1))}] = number_in(row.at(0));
      tables.names[{number, number_in(row.at(0))}] = row.at(2).value_or("") + "." + row.at(3).value_or("");
    }
  }
  return tables;
}

/// What the log that was replayed took away; where that cannot be found out, it is said.
void PostgresqlServer::note_removals() {
  const auto find = [&]() -> base::Result<LogRemovals> {
    LG_ASSIGN(const KnownTables after, list_known_tables());
    return find_removals({.archive = *options_.logs,
                          .copy = view_,
                          .folder = folder_,
                          .spill_folder = options_.parent,
                          .last_record = cluster_->last_record},
                         after);
  };
  base::Result<LogRemovals> found = find();
  if (found.ok())
    start_.removals = std::move(found).value();
  else
    start_.left_out.push_back(
        fmt::format("what the logs drop or delete could not be listed: {}", base::printable(found.error().what)));
}

base::Result<PgSession> PostgresqlServer::open_reader(const std::string& database, std::string_view options) {
  // After a backend fell over broken data, the server needs a moment.
  const auto until = steady_clock::now() + std::chrono::seconds(options_.still_limit_s);
  while (true) {
    base::Result<PgSession> session = open_as(reader_, database, options);
    if (session.ok()) return session;
    if (session.error().code == base::ErrorCode::denied) {
      const bool is_unknown = session.error().what.find("does not exist") != std::string::npos;
      return base::Error{.code = is_unknown ? base::ErrorCode::misuse : base::ErrorCode::damaged_source,
                         .what = session.error().what};
    }
    if (cluster_->room.wait(milliseconds(20)))
      return base::Error{.code = base::ErrorCode::damaged_source,
                         .what = "PostgreSQL has ended on this copy",
                         .hint = "it said last: " + last_line(cluster_->room.last_words(1500))};
    if (steady_clock::now() < until) continue;
    gone_ = hangs("PostgreSQL", options_);
    static_cast<void>(cluster_->room.stop(SIGKILL, std::chrono::seconds(2)));
    return *gone_;
  }
}

base::Status PostgresqlServer::ask_once(PgSession& session, const std::string& sql, const RowLimits& limits,
                                        RowSink& sink, std::uint64_t* given) {
  LG_TRY(session.rows("BEGIN READ ONLY"));
  LG_TRY(session.rows(
      fmt::format("SET LOCAL statement_timeout = {}", std::max<long long>(1, limits.statement_time.count()))));
  const EndOnCancel end(options_.watcher, [socket = session.socket()] { os::close_both_ways(socket); });
  base::Status answer = end.instead_of(session.stream(sql, limits, sink, given), "PostgreSQL");
  if (!session.is_over()) LG_TRY(session.rows("ROLLBACK"));
  return answer;
}

base::Status PostgresqlServer::ask(const std::string& database, const std::string& sql, const RowLimits& limits,
                                   RowSink& sink) {
  if (!cluster_) return base::Error{.code = base::ErrorCode::misuse, .what = "the scratch server was ended"};
  if (gone_) return *gone_;
  const auto closed = closed_.find(database);
  if (closed != closed_.end())
    return base::Error{.code = base::ErrorCode::damaged_source, .what = closed->second, .path = database};
  auto found = sessions_.find(database);
  if (found == sessions_.end()) {
    LG_ASSIGN(PgSession session, open_reader(database, {}));
    found = sessions_.emplace(database, std::move(session)).first;
  }
  std::uint64_t given = 0;
  base::Status answer = ask_once(found->second, sql, limits, sink, &given);
  if (found->second.is_over()) sessions_.erase(found);
  if (answer.ok()) return answer;
  if (std::string why = find_out_of_force(start_.refused, database, answer.error().what); !why.empty())
    return base::Error{.code = base::ErrorCode::misuse, .what = std::move(why)};
  if (answer.error().code != base::ErrorCode::damaged_source || given > 0) return answer;
  // It may be an index that is broken: the table itself is asked.
  LG_ASSIGN(PgSession plain,
            open_reader(database, "-c enable_indexscan=off -c enable_bitmapscan=off -c enable_indexonlyscan=off"));
  base::Status again = ask_once(plain, sql, limits, sink, &given);
  if (again.ok() || given > 0) return again;
  const std::string fenced = find_fenced(start_, answer.error().what);
  if (fenced.empty()) return answer;
  base::Error error = answer.error();
  error.what = fenced;
  return error;
}

base::Result<std::vector<TableName>> PostgresqlServer::tables(const std::string& database) {
  if (!cluster_) return base::Error{.code = base::ErrorCode::misuse, .what = "the scratch server was ended"};
  const auto closed = closed_.find(database);
  if (closed != closed_.end())
    return base::Error{.code = base::ErrorCode::damaged_source, .what = closed->second, .path = database};
  LG_ASSIGN(PgSession session, open_reader(database, "-c search_path=pg_catalog -c statement_timeout=60000"));
  LG_ASSIGN(
      const std::vector<PgRow> rows,
      session.rows("SELECT n.nspname, c.relname, a.attname FROM pg_class c JOIN pg_namespace n ON n.oid = "
                   "c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relkind IN ('r', 'p', 'v', 'm') "
                   "AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname NOT IN ('pg_catalog', "
                   "'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%' AND n.nspname NOT LIKE 'pg\\_temp%' "
                   "ORDER BY 1, 2, a.attnum LIMIT 1000000"));
  std::vector<TableName> tables;
  for (const PgRow& row : rows) {
    const std::string schema = row.at(0).value_or("");
    const std::string table = row.at(1).value_or("");
    if (tables.empty() || tables.back().schema != schema || tables.back().table != table)
      tables.push_back({.schema = schema, .table = table, .columns = {}});
    tables.back().columns.push_back(row.at(2).value_or(""));
  }
  return tables;
}

}  // namespace

base::Result<std::unique_ptr<ScratchServer>> open_server(const UnitView& view, const std::string& folder,
                                                         const ScratchServerOptions& options) {
  auto server = std::make_unique<PostgresqlServer>(view, folder, options);
  LG_TRY(server->open());
  return std::unique_ptr<ScratchServer>(std::move(server));
}

}  // namespace lastgood::engines::postgresql
