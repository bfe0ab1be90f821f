// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/postgresql_server.h"

#include <algorithm>
#include <csignal>
#include <map>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "engines/postgresql/cluster_copy.h"
#include "engines/postgresql/cluster_room.h"
#include "engines/postgresql/kept_cluster.h"
#include "engines/postgresql/left_out.h"
#include "engines/postgresql/quiet_cluster.h"
#include "engines/postgresql/relation_files.h"
#include "engines/unit_check.h"
#include "model/pages/postgresql_page.h"

namespace lastgood::engines::postgresql {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t k_unusable_max = 1000;
constexpr int k_reader_roles_since = 140000;  // pg_read_all_data

constexpr std::string_view k_no_file = "1";  // a number that no relation of a person has
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

/// Relations of a database's folder of which a file lies under another name in the unit ("16533.bak9", "16533.1.bak9"),
/// by that name. Replaying the log makes such a file anew with no more than the pages that the log holds, and a table
/// without its second gigabyte ends behind the first: both answer, and rows are missing.
std::map<std::string, std::string, std::less<>> find_renamed(const UnitView& view, const std::string& folder) {
  std::map<std::string, std::string, std::less<>> renamed;
  std::set<std::string, std::less<>> there;
  const auto entries = view.list(folder);
  if (!entries.ok()) return renamed;
  for (const UnitEntry& entry : entries.value()) there.insert(entry.name);
  for (const UnitEntry& entry : entries.value()) {
    if (parse_relation_name(entry.name)) continue;
    const std::size_t first = entry.name.find('.');
    if (first == std::string::npos) continue;
    const std::string relation = entry.name.substr(0, first);
    const std::string segment = entry.name.substr(0, entry.name.find('.', first + 1));
    const std::string& stem = parse_relation_name(segment) ? segment : relation;
    if (parse_relation_name(relation) && !there.contains(stem)) renamed.emplace(relation, entry.name);
  }
  return renamed;
}

class PostgresqlServer final : public ScratchServer {
 public:
  PostgresqlServer(const UnitView& view, std::string folder, ScratchServerOptions options)
      : view_(view), folder_(std::move(folder)), options_(std::move(options)) {}

  base::Status open() {
    const auto began = steady_clock::now();
    start_.left_out = list_left_out(view_, folder_);
    LG_ASSIGN(cluster_, start_cluster(view_, folder_, options_, FirstGuest::anybody, start_));
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
    cluster_.reset();
    return keep_cluster(view_, folder_, options_);
  }

 private:
  base::Status make_quiet();
  base::Status look_at_database(const std::string& database);
  base::Status fence_renamed(PgSession& session, const std::string& database);
  void find_unusable(PgSession& session, const std::string& database);
  base::Status close_to_others();
  void note_time_of_files();
  base::Result<PgSession> open_as(const std::string& user, const std::string& database,
                                  std::string_view options) const {
    return PgSession::open({.socket_folder = cluster_->socket_folder,
                            .database = database,
                            .user = user,
                            .options = std::string(options)});
  }
  base::Result<PgSession> open_reader(const std::string& database, std::string_view options);
  base::Status ask_once(PgSession& session, const std::string& sql, const RowLimits& limits, RowSink& sink,
                        std::uint64_t* given);

  const UnitView& view_;
  std::string folder_;
  ScratchServerOptions options_;
  ScratchStart start_;
  std::unique_ptr<ClusterRoom> cluster_;
  std::string reader_ = random_name("lastgood_reader_");
  std::vector<std::string> databases_;
  std::map<std::string, std::string, std::less<>> closed_;  // databases that could not be made quiet, and why
  std::map<std::string, PgSession, std::less<>> sessions_;
};

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
  LG_TRY(fence_renamed(session, database));  // all of them, before a broken table can end the session
  find_unusable(session, database);
  return base::Done{};
}

base::Status PostgresqlServer::fence_renamed(PgSession& session, const std::string& database) {
  LG_ASSIGN(const std::vector<PgRow> relations, session.rows(k_own_tables));
  std::map<std::string, std::map<std::string, std::string, std::less<>>> renamed_of_folder;
  for (const PgRow& row : relations) {
    const std::string path = row.at(2).value_or("");
    if (!path.starts_with("base/")) continue;
    const std::size_t slash = path.rfind('/');
    const auto [known, is_new] = renamed_of_folder.try_emplace(path.substr(0, slash));
    if (is_new) known->second = find_renamed(view_, join(folder_, known->first));
    const auto renamed = known->second.find(path.substr(slash + 1));
    if (renamed == known->second.end()) continue;
    // Who asks for the table is told that it cannot be opened.
    LG_TRY(session.rows(fmt::format("UPDATE pg_class SET relfilenode = oid '{}' WHERE oid = oid '{}'", k_no_file,
                                    row.at(3).value_or("0"))));
    if (start_.unusable.size() < k_unusable_max)
      start_.unusable.push_back(fmt::format(
          "{}.{} (database {}): its file lies there as '{}'", base::printable(row.at(0).value_or("")),
          base::printable(row.at(1).value_or("")), base::printable(database), base::printable(renamed->second)));
  }
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
    const bool is_fenced = path.substr(path.rfind('/') + 1) == k_no_file;
    if (!path.starts_with("base/") || is_fenced || !looks_broken(view_, join(folder_, path))) continue;
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
  start_.data_as_of_basis = "last commit record in the copy's write-ahead log, or its last checkpoint";
}

base::Result<PgSession> PostgresqlServer::open_reader(const std::string& database, std::string_view options) {
  // After a backend fell over broken data, the server needs a moment.
  const auto until = steady_clock::now() + std::chrono::seconds(30);
  while (true) {
    base::Result<PgSession> session = open_as(reader_, database, options);
    if (session.ok()) return session;
    if (session.error().code == base::ErrorCode::denied) {
      const bool is_unknown = session.error().what.find("does not exist") != std::string::npos;
      return base::Error{.code = is_unknown ? base::ErrorCode::misuse : base::ErrorCode::damaged_source,
                         .what = session.error().what};
    }
    if (cluster_->room.wait(milliseconds(20)) || steady_clock::now() > until)
      return base::Error{.code = base::ErrorCode::damaged_source,
                         .what = "the scratch server is no longer there",
                         .hint = cluster_->room.last_words(1500)};
  }
}

base::Status PostgresqlServer::ask_once(PgSession& session, const std::string& sql, const RowLimits& limits,
                                        RowSink& sink, std::uint64_t* given) {
  LG_TRY(session.rows("BEGIN READ ONLY"));
  LG_TRY(session.rows(
      fmt::format("SET LOCAL statement_timeout = {}", std::max<long long>(1, limits.statement_time.count()))));
  base::Status answer = session.stream(sql, limits, sink, given);
  if (!session.is_over()) LG_TRY(session.rows("ROLLBACK"));
  return answer;
}

base::Status PostgresqlServer::ask(const std::string& database, const std::string& sql, const RowLimits& limits,
                                   RowSink& sink) {
  if (!cluster_) return base::Error{.code = base::ErrorCode::misuse, .what = "the scratch server was ended"};
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
  if (answer.ok() || answer.error().code != base::ErrorCode::damaged_source || given > 0) return answer;
  // It may be an index that is broken: the table itself is asked.
  LG_ASSIGN(PgSession plain,
            open_reader(database, "-c enable_indexscan=off -c enable_bitmapscan=off -c enable_indexonlyscan=off"));
  base::Status again = ask_once(plain, sql, limits, sink, &given);
  return again.ok() || given > 0 ? again : answer;
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
