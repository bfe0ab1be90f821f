// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "exposure/read_unit.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "engines/evidence_view.h"
#include "engines/scratch_server.h"
#include "exposure/row_sinks.h"

namespace lastgood::exposure {

namespace {

/// Rows of a scratch server as rows of a table. NULL is empty, as in a dump's reader.
class RowsToTable final : public engines::RowSink {
 public:
  RowsToTable(tables::TableSink& sink, const std::string& database, const std::string& table)
      : sink_(sink), database_(database), table_(table) {}
  void on_columns(std::span<const std::string> names) override {
    columns_.assign(names.begin(), names.end());
    values_.resize(columns_.size());
    sink_.begin_table({.name = table_, .database = database_, .columns = columns_});
  }
  bool on_row(std::span<const std::optional<std::string_view>> values) override {
    for (std::size_t i = 0; i < values.size() && i < values_.size(); ++i) values_[i] = values[i].value_or("");
    return sink_.row(values_);
  }

 private:
  tables::TableSink& sink_;
  const std::string& database_;
  const std::string& table_;
  std::vector<std::string> columns_;
  std::vector<std::string_view> values_;
};

/// Names of tables, without views: their rows are others' already.
class NamePairs final : public engines::RowSink {
 public:
  std::vector<std::pair<std::string, std::string>> names;
  void on_columns(std::span<const std::string> /*names*/) override {}
  bool on_row(std::span<const std::optional<std::string_view>> values) override {
    if (values.size() == 2) names.emplace_back(values[0].value_or(""), values[1].value_or(""));
    return true;
  }
};

std::string quoted_name(std::string_view name, char quote) {
  std::string text(1, quote);
  for (const char letter : name) text += letter == quote ? std::string(2, quote) : std::string(1, letter);
  return text + quote;
}

/// One unit, opened.
class UnitReader {
 public:
  UnitReader(engines::ScratchServer& server, engines::UnitKind kind, std::string path, const FileRules& rules,
             SharedCount& count)
      : server_(server), kind_(kind), path_(std::move(path)), rules_(rules), count_(count) {}

  void read(const FileBases& bases) {
    for (const std::string& part : server_.start().unusable)
      count_.add_unread(path_, "a part does not answer: " + part);
    for (const std::string& table : server_.start().emptied)
      count_.add_unread(path_, "its engine empties a table that is not logged: " + table);
    const auto databases = server_.databases();
    if (!databases.ok()) return count_.add_unread(path_, databases.error().what);
    for (const std::string& database : databases.value()) {
      if (rules_.cancelled()) return;
      read_database(database, bases);
    }
  }

 private:
  void read_database(const std::string& database, const FileBases& bases) {
    NamePairs found;
    const base::Status listed = server_.ask(database, table_list(database), {}, found);
    if (!listed.ok())
      return count_.add_unread(path_, fmt::format("database '{}': {}", base::printable(database), listed.error().what));
    std::sort(found.names.begin(), found.names.end());
    LearntTables learnt;
    Learner learner(learnt, rules_);
    std::set<std::string> broken;
    for (const auto& [schema, table] : found.names) {
      const base::Status read = read_table(database, schema, table, learner);
      if (rules_.cancelled()) return;
      if (read.ok()) continue;
      broken.insert(table);
      count_.add_unread(path_, fmt::format("table '{}' of '{}' breaks off: {}", base::printable(table),
                                           base::printable(database), read.error().what));
    }
    if (learner.left_out()) count_.add_unread(path_, "it has more tables or columns than are looked at");
    learnt.decide(database, rules_);
    if (!learnt.speaks_of_persons()) return;
    Counter counter(learnt, bases, rules_, count_);
    for (const auto& [schema, table] : found.names) {
      const base::Status read = read_table(database, schema, table, counter);
      if (!read.ok() && !broken.contains(table)) count_.add_unread(path_, read.error().what);
    }
    counter.flush();
    give_tables(learnt, path_, engines::name_of(kind_), bases.copy_of, count_);
  }

  [[nodiscard]] std::string table_list(const std::string& database) const {
    const std::string all =
        "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE'";
    if (kind_ == engines::UnitKind::mariadb) return all + " AND table_schema = " + quoted_name(database, '\'');
    return all + " AND table_schema NOT IN ('pg_catalog', 'information_schema')";
  }

  base::Status read_table(const std::string& database, const std::string& schema, const std::string& table,
                          tables::TableSink& sink) {
    const char quote = kind_ == engines::UnitKind::mariadb ? '`' : '"';
    constexpr std::uint64_t k_no_limit = UINT64_MAX;
    const engines::RowLimits limits{.rows = k_no_limit, .bytes = k_no_limit, .statement_time = std::chrono::hours(12)};
    RowsToTable rows(sink, database, table);
    return server_.ask(database,
                       fmt::format("SELECT * FROM {}.{}", quoted_name(schema, quote), quoted_name(table, quote)),
                       limits, rows);
  }

  engines::ScratchServer& server_;
  engines::UnitKind kind_;
  std::string path_;
  const FileRules& rules_;
  SharedCount& count_;
};

/// A file that every database of the kind has.
std::string_view main_file(engines::UnitKind kind) {
  return kind == engines::UnitKind::postgresql ? "global/pg_control" : "ibdata1";
}

}  // namespace

std::vector<std::string> read_units(const std::vector<std::string>& roots, const std::string& scratch,
                                    const std::function<bool(const std::string& path)>& is_left_out,
                                    const EncryptedPaths& encrypted, const AccessMatcher& access,
                                    const FileRules& rules, SharedCount& count) {
  std::vector<std::string> read;
  for (const std::string& root : roots) {
    const auto view = engines::open_evidence_view(root, std::string());
    if (!view.ok()) continue;  // a file; or the walk will say why
    for (const engines::FoundUnit& unit : engines::find_units(*view.value())) {
      if (unit.kind != engines::UnitKind::postgresql && unit.kind != engines::UnitKind::mariadb) continue;
      const std::string path = unit.path.empty() ? root : fmt::format("{}/{}", root == "/" ? "" : root, unit.path);
      if (rules.cancelled()) return read;
      if (is_left_out(path) || std::find(read.begin(), read.end(), path) != read.end()) continue;
      auto server = engines::open_scratch_server(
          *view.value(), unit, {.parent = scratch, .watch = engines::ScratchServerOptions::Watch::none});
      if (!server.ok()) {
        count.add_finding(path, fmt::format("unit.engine: its own engine cannot be asked: {}", server.error().what));
        continue;
      }
      const CopyOf copy_of = encrypted.is_copy_of_one(fmt::format("{}/{}", path, main_file(unit.kind)), root)
                                 ? CopyOf::encrypted
                                 : CopyOf::nothing_known;
      const FileBases bases(copy_of, access.is_any_below(path) ? Access::shown : Access::not_shown);
      count.add_unit({.path = path,
                      .kind = std::string(engines::name_of(unit.kind)),
                      .as_of_ns = server.value()->start().data_as_of_ns});
      UnitReader(*server.value(), unit.kind, path, rules, count).read(bases);
      read.push_back(path);
    }
  }
  return read;
}

}  // namespace lastgood::exposure
