// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/unusable_tables.h"

#include <algorithm>
#include <array>
#include <limits>
#include <set>

#include <fmt/format.h>

#include "model/pages/innodb_page.h"

namespace lastgood::engines::mariadb {

namespace {

constexpr std::size_t k_unusable_max = 1000;
constexpr int k_falls_max = 8;
/// Of a copy that was judged whole, larger tables are not read again before anybody asks.
constexpr std::uint64_t k_checked_bytes_max = std::uint64_t{64} << 20U;

constexpr const char* k_tables =
    "SELECT t.table_schema, t.table_name, t.engine, EXISTS (SELECT 1 FROM information_schema.columns c WHERE "
    "c.table_schema = t.table_schema AND c.table_name = t.table_name AND (c.data_type LIKE '%blob' OR c.data_type LIKE "
    "'%binary' OR c.character_set_name IS NULL AND c.data_type IN ('geometry', 'point', 'linestring', 'polygon', "
    "'multipoint', 'multilinestring', 'multipolygon', 'geometrycollection'))), t.row_format FROM "
    "information_schema.tables t WHERE "
    "t.table_type = 'BASE TABLE' AND t.table_schema NOT IN ('mysql', 'information_schema', 'performance_schema', "
    "'sys') "
    "ORDER BY 1, 2";

/// Whether a table's file, as it lies in the unit, is surely a tablespace in order at its beginning.
bool begins_well(const UnitView& view, const std::string& path) {
  const std::string head = read_text(view, path, std::size_t{64} * 1024);
  const base::ByteView bytes{std::string_view(head)};
  const std::optional<model::pages::InnodbLayout> layout = model::pages::parse_innodb_header(bytes);
  return layout && layout->page_bytes > 0 && bytes.size() >= layout->page_bytes &&
         model::pages::judge_innodb_page(*layout, bytes.part(0, layout->page_bytes)).fault.empty();
}

/// A name that its files have too.
bool is_plain(std::string_view name) {
  return name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") ==
         std::string_view::npos;
}

struct Table {
  std::string schema;
  std::string name;
  std::string engine;
  bool is_to_be_read = false;  // its rows are neither random bytes nor zeros

  [[nodiscard]] std::string quoted() const { return quote_name(schema) + "." + quote_name(name); }
  [[nodiscard]] std::string shown() const { return base::printable(schema) + "." + base::printable(name); }
  [[nodiscard]] std::string path(std::string_view ending) const { return fmt::format("{}/{}{}", schema, name, ending); }
};

struct EngineFiles {
  std::string_view engine;
  std::string_view opened_by;  // without it the table does not open
  std::string_view rows;
};
constexpr std::array k_files = {EngineFiles{"MyISAM", ".MYI", ".MYD"}, EngineFiles{"Aria", ".MAI", ".MAD"},
                                EngineFiles{"CSV", ".CSV", ".CSV"}};

const EngineFiles* files_of(const std::string& engine) {
  const auto* const found =
      std::find_if(k_files.begin(), k_files.end(), [&](const EngineFiles& row) { return row.engine == engine; });
  return found == k_files.end() ? nullptr : found;
}

class Finder {
 public:
  Finder(DataRoom& data, const ScratchServerOptions& options, ScratchStart& start)
      : data_(data), options_(options), start_(start) {
    // Of a large copy many tables are read: only one that hangs is given up.
    patient_.start_limit_s = std::numeric_limits<int>::max();
  }

  base::Status find() {
    std::set<std::string, std::less<>> named;
    for (const auto& [path, why] : data_.fenced) {
      const bool is_own = path.starts_with("mysql/") || path.starts_with("sys/") || path.starts_with("aria_log");
      if (!is_own && named.insert(shown_table(path)).second) note(shown_table(path), why);
    }
    LG_ASSIGN(const std::vector<Table> tables, list());
    for (const Table& table : tables) {
      if (named.contains(table.shown())) continue;
      LG_ASSIGN(const std::string why, look_at(table));
      LG_TRY(watch_.state());
      if (!why.empty()) note(table.shown(), why);
    }
    return base::Done{};
  }

 private:
  void note(const std::string& table, const std::string& why) {
    if (start_.unusable.size() < k_unusable_max) start_.unusable.push_back(fmt::format("{}: {}", table, why));
  }

  base::Status open_session() {
    if (session_ && !session_->is_over()) return base::Done{};
    session_.reset();
    auto opened = open_watched(data_, {}, watch_);
    if (!opened.ok() && opened.error().code == base::ErrorCode::busy_retry) {
      if (++falls_ > k_falls_max)
        return base::Error{.code = base::ErrorCode::damaged_source,
                           .what = "MariaDB falls over this copy again and again"};
      LG_TRY(start_again(data_, options_));
      opened = open_watched(data_, {}, watch_);
    }
    if (!opened.ok()) return opened.error();
    session_.emplace(std::move(opened).value());
    return base::Done{};
  }

  base::Result<std::vector<Table>> list() {
    LG_TRY(open_session());
    const base::Result<std::vector<MariaRow>> rows = session_->rows(k_tables);
    LG_TRY(watch_.state());
    if (!rows.ok()) {
      start_.unusable.push_back("the list of tables: " + rows.error().what);
      return std::vector<Table>{};
    }
    std::vector<Table> tables;
    for (const MariaRow& row : rows.value()) {
      tables.push_back({.schema = row.at(0).value_or(""),
                        .name = row.at(1).value_or(""),
                        .engine = row.at(2).value_or(""),
                        // Pages of Aria have checksums, and may be zeros until its log is replayed.
                        .is_to_be_read = row.at(3) == "0" && row.at(4) != "Page"});
    }
    return tables;
  }

  /// Why it does not answer, or must not; empty: it does.
  base::Result<std::string> look_at(const Table& table) {
    const bool is_plainly_named = is_plain(table.schema) && is_plain(table.name);
    if (is_plainly_named && begins_well(*data_.view, join(data_.folder, table.path(".ibd")))) return std::string();
    LG_TRY(open_session());
    const auto answer = session_->rows(fmt::format("SELECT 1 FROM {} LIMIT 1", table.quoted()));
    if (!answer.ok()) return answer.error().what;
    if (table.engine.empty() || table.engine == "InnoDB" || table.engine == "SEQUENCE") return std::string();
    const EngineFiles* const files = is_plainly_named ? files_of(table.engine) : nullptr;
    const std::string rows_path = files == nullptr ? "" : join(data_.folder, table.path(files->rows));
    if (options_.judged == Judged::yes && size_of(rows_path) > k_checked_bytes_max) return std::string();
    LG_ASSIGN(std::string why, check(table));
    if (why.empty() && files != nullptr && table.is_to_be_read) why = find_foreign_block(*data_.view, rows_path);
    if (!why.empty()) LG_TRY(fence(table, files, why));
    return why;
  }

  [[nodiscard]] std::uint64_t size_of(const std::string& path) const {
    const auto source = path.empty() ? base::Result<std::unique_ptr<base::ByteSource>>(
                                           base::Error{.code = base::ErrorCode::not_found, .what = "no file"})
                                     : data_.view->open(path);
    return source.ok() ? source.value()->size_bytes() : 0;
  }

  base::Result<std::string> check(const Table& table) {
    TableCheck answer;
    std::uint64_t given = 0;
    const base::Status asked =
        session_->stream(fmt::format("CHECK TABLE {}", table.quoted()),
                         {.statement_time = std::chrono::seconds(options_.start_limit_s)}, answer, &given);
    if (!asked.ok()) return "its engine's own check: " + asked.error().what;
    return answer.complaints().empty() ? std::string() : "its engine's own check: " + answer.complaints().front();
  }

  /// Without the file that it is opened by, whoever asks for the table is told so.
  base::Status fence(const Table& table, const EngineFiles* files, const std::string& why) {
    LG_TRY(open_session());
    if (files == nullptr) {
      LG_TRY(session_->rows("SET SESSION foreign_key_checks = 0"));
      LG_TRY(session_->rows("DROP TABLE " + table.quoted()));
      return base::Done{};
    }
    base::ignore_error(session_->rows("FLUSH TABLES " + table.quoted()), "a broken one may not open any more");
    return fence_now(data_, table.path(files->opened_by), why);
  }

  DataRoom& data_;
  const ScratchServerOptions& options_;
  ScratchStart& start_;
  ScratchServerOptions patient_ = options_;
  StartWatch watch_{"MariaDB", {&*data_.room}, patient_};
  std::optional<MariaSession> session_;
  int falls_ = 0;
};

}  // namespace

bool TableCheck::on_row(std::span<const std::optional<std::string_view>> values) {
  // Table, "check", kind of message, message. A table in order has one: status, OK.
  const std::string_view kind = values.size() == 4 ? values[2].value_or("") : std::string_view{};
  const std::string_view message = values.size() == 4 ? values[3].value_or("") : std::string_view{};
  const bool is_open = message.ends_with("closed the table properly");
  if (kind != "note" && kind != "info" && message != "OK" && !is_open) complaints_.push_back(base::printable(message));
  return complaints_.size() < 200;
}

base::Status find_unusable(DataRoom& data, const ScratchServerOptions& options, ScratchStart& start) {
  return Finder(data, options, start).find();
}

}  // namespace lastgood::engines::mariadb
