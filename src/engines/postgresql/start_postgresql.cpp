// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The server runs in the room of cluster_room.h, where nothing of the copy is executed. Its checks are amcheck's,
// declared anew from the server's own library: an extension of that name in the copy may be another one. Event triggers
// are switched off before any statement that would fire them; indexes over functions and types that people made are not
// checked, because a check calls them.
#include "engines/postgresql/start_postgresql.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "engines/postgresql/cluster_room.h"
#include "engines/postgresql/copied_relations.h"
#include "engines/postgresql/missing_rows.h"
#include "engines/postgresql/quiet_cluster.h"
#include "engines/scratch_run.h"

namespace lastgood::engines::postgresql {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::array k_declare_checks = {
    "UPDATE pg_event_trigger SET evtenabled = 'D' WHERE evtenabled <> 'D'",  // first: CREATE fires them
    "CREATE SCHEMA lastgood_scratch_check",
    "CREATE FUNCTION lastgood_scratch_check.check_index(regclass, boolean) RETURNS void AS '$libdir/amcheck', "
    "'bt_index_check' LANGUAGE C STRICT",
    "CREATE FUNCTION lastgood_scratch_check.check_heap(relation regclass, on_error_stop boolean, check_toast boolean, "
    "skip text, startblock bigint, endblock bigint, OUT blkno bigint, OUT offnum integer, OUT attnum integer, OUT msg "
    "text) RETURNS SETOF record AS '$libdir/amcheck', 'verify_heapam' LANGUAGE C"};

/// Relations of one kind, by number and name, and the statement that checks the one whose number is in it.
struct CheckKind {
  const char* word;
  const char* relations;
  const char* check;
};
constexpr std::array k_checks = {
    CheckKind{"table",
              "SELECT c.oid, n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = "
              "c.relnamespace WHERE c.relkind IN ('r', 't', 'm') AND c.relpersistence = 'p' AND c.relam = 2 ORDER BY 1",
              "SELECT blkno, msg FROM lastgood_scratch_check.check_heap({}, false, true, 'none', NULL, NULL)"},
    CheckKind{"index",
              "SELECT c.oid, n.nspname || '.' || c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
              "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relam = 403 AND c.relpersistence = 'p' AND "
              "i.indisvalid AND i.indexprs IS NULL AND i.indpred IS NULL AND NOT EXISTS (SELECT 1 FROM "
              "unnest(i.indclass::oid[]) k WHERE k >= 16384) ORDER BY 1",
              "SELECT lastgood_scratch_check.check_index({}, true)"}};

/// What a check says of one table: a complaint for each row.
class Complaints final : public RowSink {
 public:
  Complaints(ScratchReport& report, std::string name) : report_(report), name_(std::move(name)) {}
  void on_columns(std::span<const std::string> /*names*/) override {}
  bool on_row(std::span<const std::optional<std::string_view>> values) override {
    if (values.size() != 2) return true;  // an index that is in order: one empty value
    return report_.complain(
        fmt::format("{} block {}: {}", name_, values[0].value_or("?"), base::printable(values[1].value_or(""))));
  }

 private:
  ScratchReport& report_;
  std::string name_;
};

/// What the start did with unlogged tables.
enum class Unlogged : std::uint8_t { kept, emptied };

/// One thread.
class EngineChecks {
 public:
  EngineChecks(ClusterRoom& cluster, Unlogged unlogged, steady_clock::time_point until, ScratchReport& report)
      : cluster_(cluster), unlogged_(unlogged), until_(until), report_(report) {}

  base::Status check_all() {
    std::vector<PgRow> databases;
    {
      LG_ASSIGN(PgSession session, open("template1"));
      LG_TRY(quiet_catalogue(session));
      LG_ASSIGN(databases, session.rows("SELECT datname FROM pg_database WHERE datallowconn ORDER BY 1"));
    }
    for (const PgRow& row : databases) {
      const std::string database = row.at(0).value_or("");
      const base::Status checked = check_database(database);
      if (checked.ok()) continue;
      if (checked.error().code != base::ErrorCode::damaged_source) return checked;
      report_.complain(fmt::format("database {}: {}", base::printable(database), checked.error().what));
    }
    return base::Done{};
  }

 private:
  [[nodiscard]] milliseconds left() const {
    return std::max(milliseconds(1), std::chrono::duration_cast<milliseconds>(until_ - steady_clock::now()));
  }
  [[nodiscard]] base::Result<PgSession> open(const std::string& database);
  base::Status check_database(const std::string& database);
  base::Status check_each(std::optional<PgSession>& session, const std::string& database, const CheckKind& kind);

  ClusterRoom& cluster_;
  Unlogged unlogged_;
  steady_clock::time_point until_;
  ScratchReport& report_;
};

base::Result<PgSession> EngineChecks::open(const std::string& database) {
  while (true) {
    base::Result<PgSession> session =
        PgSession::open({.socket_folder = cluster_.socket_folder,
                         .database = database,
                         .user = cluster_.user,
                         .options = std::string(k_quiet_options) + " -c statement_timeout=0"});
    if (session.ok()) return session;
    // After a backend fell over broken data, the server needs a moment.
    const bool is_gone = cluster_.room.wait(milliseconds(20)).has_value() || steady_clock::now() > until_;
    if (is_gone || session.error().code == base::ErrorCode::denied)
      return base::Error{.code = base::ErrorCode::damaged_source, .what = session.error().what};
  }
}

base::Status EngineChecks::check_database(const std::string& database) {
  std::optional<PgSession> session;
  {
    LG_ASSIGN(PgSession opened, open(database));
    session.emplace(std::move(opened));
  }
  LG_TRY(quiet_catalogue(*session));
  if (unlogged_ == Unlogged::emptied) {
    LG_ASSIGN(const std::vector<std::string> names, list_unlogged(*session, database));
    report_.emptied.insert(report_.emptied.end(), names.begin(), names.end());
  }
  for (const char* sql : k_declare_checks) {
    const auto declared = session->rows(sql);
    if (declared.ok()) continue;
    const bool is_ours = declared.error().what.find("amcheck") != std::string::npos;
    return base::Error{.code = is_ours ? base::ErrorCode::unsupported : base::ErrorCode::damaged_source,
                       .what = declared.error().what,
                       .hint = is_ours ? "its checks need PostgreSQL 14 or later with amcheck" : ""};
  }
  for (const CheckKind& kind : k_checks) LG_TRY(check_each(session, database, kind));
  return base::Done{};
}

base::Status EngineChecks::check_each(std::optional<PgSession>& session, const std::string& database,
                                      const CheckKind& kind) {
  LG_ASSIGN(const std::vector<PgRow> relations, session->rows(kind.relations));
  for (const PgRow& row : relations) {
    if (session->is_over()) {
      session.reset();
      LG_ASSIGN(PgSession again, open(database));
      session.emplace(std::move(again));
    }
    const std::string name = fmt::format("{} {} (database {})", kind.word, base::printable(row.at(1).value_or("")),
                                         base::printable(database));
    Complaints complaints(report_, name);
    std::uint64_t given = 0;
    const base::Status checked = session->stream(fmt::format(fmt::runtime(kind.check), row.at(0).value_or("0")),
                                                 {.statement_time = left()}, complaints, &given);
    if (report_.is_full()) return base::Done{};
    if (checked.ok()) continue;
    if (steady_clock::now() >= until_)
      return base::Error{.code = base::ErrorCode::limit_reached, .what = "its own checks did not end in time"};
    report_.complain(fmt::format("{}: {}", name, checked.error().what));
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
                                    .watcher = options.watcher,
                                    .logs = options.logs};
  const auto cluster = start_cluster(view, folder, server, FirstGuest::anybody, start);
  if (!cluster.ok()) return report_not_started(cluster.error());
  ScratchReport report = report_started(start);
  const bool is_shut_down = CopiedRelations(view, folder, server).is_shut_down();
  EngineChecks checks(*cluster.value(), is_shut_down ? Unlogged::kept : Unlogged::emptied, until, report);
  LG_TRY(checks.check_all());
  if (!report.complaints.empty()) report.outcome = ScratchReport::Outcome::complaints;
  return report;
}

}  // namespace lastgood::engines::postgresql
