// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Ways by which a database can run or touch something, and what closes each:
//   triggers, functions in the schema, loadable extensions   switched off; the schema is not trusted
//   ATTACH, PRAGMA, writable schema                          refused by the authorizer; defensive mode
//   virtual tables                                           only of modules that are part of SQLite itself: full text,
//                                                            R-trees. Of others SQLite says that there is no such
//                                                            module
//   a rollback journal that names another file (it would be  not copied
//   read, and removed, as the journal of a larger transaction)
#include "engines/sqlite/sqlite_server.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "base/utf8.h"
#include "engines/end_on_cancel.h"
#include "engines/scratch_copy.h"
#include "engines/sqlite/lost_commits.h"

namespace lastgood::engines::sqlite {

namespace {

using std::chrono::steady_clock;

constexpr int k_steps_between_looks = 20'000;
constexpr std::string_view k_journal_magic = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7";

base::ErrorCode code_of(int result) {
  using base::ErrorCode;
  switch (result & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_FORMAT:
    case SQLITE_PROTOCOL:
    case SQLITE_INTERNAL: return ErrorCode::damaged_source;
    case SQLITE_INTERRUPT:
    case SQLITE_NOMEM:
    case SQLITE_TOOBIG:
    case SQLITE_FULL: return ErrorCode::limit_reached;
    default: return ErrorCode::misuse;
  }
}

base::Error error_of(sqlite3* database) {
  return {.code = code_of(sqlite3_errcode(database)), .what = base::printable(sqlite3_errmsg(database))};
}

enum class Asking : std::uint8_t {
  questions,
  connecting,  // our own question, by which SQLite builds a virtual table
};

/// The module or tokenizer that SQLite itself does not have, by its own words; empty: it complains of something else.
std::string find_missing_program(sqlite3* database) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> k_complaints = {
      {{"no such module: ", "module"}, {"unknown tokenizer: ", "tokenizer"}, {"no such tokenizer: ", "tokenizer"}}};
  const std::string said = base::printable(sqlite3_errmsg(database));
  for (const auto& [complaint, kind] : k_complaints) {
    if (said.starts_with(complaint)) return fmt::format("{} '{}'", kind, said.substr(complaint.size()));
  }
  return {};
}

/// Tables that must not answer, and the one of them that was asked for last.
struct FencedTables {
  std::set<std::string, std::less<>> names;
  std::string asked;
  Asking asking = Asking::questions;
};

/// What a module of SQLite prepares when its table is built, and never carries out for a reader: it declares its
/// columns, asks the size of a page, and an R-tree prepares its changes. The database takes no changes meanwhile
/// either.
bool is_preparation(int action, const char* first) {
  switch (action) {
    case SQLITE_CREATE_TABLE:
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE: return true;
    case SQLITE_PRAGMA: return first != nullptr && std::string_view(first) == "page_size";
    default: return false;
  }
}

int allow_reading(void* fenced, int action, const char* first, const char* second, const char* /*database*/,
                  const char* /*trigger*/) {
  if (static_cast<FencedTables*>(fenced)->asking == Asking::connecting && is_preparation(action, first))
    return SQLITE_OK;
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE: return SQLITE_OK;
    case SQLITE_READ: {
      auto& tables = *static_cast<FencedTables*>(fenced);
      if (first == nullptr || !tables.names.contains(std::string_view(first))) return SQLITE_OK;
      tables.asked = first;
      return SQLITE_DENY;
    }
    case SQLITE_FUNCTION: {
      const std::string_view name = second == nullptr ? "" : second;
      return name == "load_extension" || name == "fts3_tokenizer" || name == "writefile" || name == "edit" ? SQLITE_DENY
                                                                                                           : SQLITE_OK;
    }
    case SQLITE_PRAGMA: {
      const std::string_view name = first == nullptr ? "" : first;
      return name == "table_info" || name == "table_xinfo" || name == "data_version" ? SQLITE_OK : SQLITE_DENY;
    }
    default: return SQLITE_DENY;
  }
}

/// When a question is ended, also that of a whole look at a table before any is asked.
struct QuestionEnd {
  steady_clock::time_point until = steady_clock::time_point::max();
  const StartWatcher* watcher = nullptr;
  [[nodiscard]] bool is_stopped() const { return watcher != nullptr && watcher->cancelled(); }
};

int is_to_end(void* end) {
  const auto& question = *static_cast<const QuestionEnd*>(end);
  return question.is_stopped() || steady_clock::now() > question.until ? 1 : 0;
}

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
struct EndStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, EndStatement>;

/// "\x0102" for bytes that are no text, as PostgreSQL writes them.
std::string hexadecimal(const char* bytes, std::size_t length) {
  std::string text = "\\x";
  for (std::size_t i = 0; i < length; ++i) text += fmt::format("{:02x}", static_cast<unsigned char>(bytes[i]));
  return text;
}

/// A text that is none in any encoding: SQLite keeps no checksums, and what was written over a part of a page stands
/// there as values.
bool is_foreign(std::string_view text) {
  const bool has_control = std::any_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
  });
  return has_control && !base::is_utf8(text);
}

class SqliteServer final : public ScratchServer {
 public:
  SqliteServer(const UnitView& view, std::string file, ScratchServerOptions options)
      : view_(view), file_(std::move(file)), name_(file_.substr(file_.rfind('/') + 1)), options_(std::move(options)) {}

  base::Status open();
  [[nodiscard]] const ScratchStart& start() const override { return start_; }
  [[nodiscard]] base::Result<std::vector<std::string>> databases() override { return std::vector<std::string>{""}; }
  [[nodiscard]] base::Result<std::vector<TableName>> tables(const std::string& database) override;
  [[nodiscard]] base::Status ask(const std::string& database, const std::string& sql, const RowLimits& limits,
                                 RowSink& sink) override;
  [[nodiscard]] base::Result<std::string> keep_folder() override;

 private:
  base::Status copy();
  base::Status open_database();
  base::Status look_at_logs();
  std::string check_table(const std::string& table);
  std::string connect_virtual_table(const std::string& table);
  void find_unusable();
  base::Result<Statement> prepare(const std::string& sql);
  base::Status give_rows(sqlite3_stmt* statement, const RowLimits& limits, RowSink& sink);
  base::Result<std::vector<std::vector<std::string>>> rows(const std::string& sql);

  const UnitView& view_;
  std::string file_;
  std::string name_;
  ScratchServerOptions options_;
  ScratchStart start_;
  std::optional<os::TreeGuard> guard_;
  std::optional<os::ScratchTree> tree_;
  std::unique_ptr<sqlite3, CloseDatabase> database_;
  FencedTables fenced_;
  QuestionEnd end_;
};

base::Status SqliteServer::open() {
  const auto began = steady_clock::now();
  start_.engine = fmt::format("SQLite {}", sqlite3_libversion());
  if (options_.logs != nullptr) start_.left_out.push_back("logs: SQLite has none of its own beside the database");
  if (options_.judged == Judged::no) LG_TRY(look_at_logs());
  LG_TRY(copy());
  LG_TRY(open_database());
  find_unusable();
  if (end_.is_stopped()) return stopped_while_asked("SQLite");
  start_.seconds = std::chrono::duration<double>(steady_clock::now() - began).count();
  return base::Done{};
}

/// Commits that are missing, or half of a transaction that is there: nothing in the database says so.
base::Status SqliteServer::look_at_logs() {
  LG_ASSIGN(std::string why, find_lost_commits(view_, file_));
  LG_ASSIGN(const UnitReport report, check_unit(view_, {.kind = UnitKind::sqlite, .path = file_}, model::Depth::quick));
  for (const UnitFinding& finding : report.findings) {
    const std::string& rule = finding.finding.rule;
    const bool is_log = rule.starts_with("sqlite.wal") || rule.starts_with("sqlite.journal");
    if (why.empty() && is_log && finding.finding.weight == model::Weight::contradicts)
      why = fmt::format("{}: {}", base::printable(finding.path), finding.finding.sentence);
  }
  if (why.empty()) return base::Done{};
  return base::Error{.code = base::ErrorCode::damaged_source,
                     .what = "no table can be trusted: " + why,
                     .path = file_,
                     .hint = "ask an older copy"};
}

base::Status SqliteServer::copy() {
  LG_ASSIGN(os::ScratchTree tree, os::ScratchTree::make(options_.parent));
  LG_ASSIGN(os::TreeGuard guard, os::TreeGuard::watch(tree.path()));
  tree_.emplace(std::move(tree));
  guard_.emplace(std::move(guard));
  LG_TRY(tree_->make_folder("data"));
  const std::size_t slash = file_.rfind('/');
  LG_ASSIGN(const std::vector<UnitEntry> entries,
            view_.list(slash == std::string::npos ? std::string_view{} : std::string_view(file_).substr(0, slash)));
  for (const char* ending : {"", "-wal", "-journal"}) {
    const auto entry = std::find_if(entries.begin(), entries.end(),
                                    [&](const UnitEntry& found) { return found.name == name_ + ending; });
    if (entry == entries.end() || entry->kind != model::EntryKind::regular) continue;
    LG_ASSIGN(const std::unique_ptr<base::ByteSource> source, view_.open(file_ + ending));
    std::array<std::uint8_t, 8> tail{};
    if (std::string_view(ending) == "-journal" && source->size_bytes() >= tail.size()) {
      LG_ASSIGN(const std::size_t got, source->read(source->size_bytes() - tail.size(), tail));
      if (got != tail.size() || base::ByteView(std::span<const std::uint8_t>(tail)).text() == k_journal_magic) {
        start_.left_out.push_back(name_ + "-journal: it names another journal");
        continue;
      }
    }
    start_.data_as_of_ns = std::max(start_.data_as_of_ns, entry->mtime_ns);
    LG_TRY(tree_->write_file("data/" + name_ + ending, *source));
  }
  if (start_.data_as_of_ns != 0) start_.data_as_of_basis = "when the database file or its log was last written";
  start_.bytes_copied = tree_->written_bytes();
  start_.way_taken = tree_->shared_bytes() > 0 ? CopyWay::cheapest : CopyWay::copy;
  return base::Done{};
}

base::Status SqliteServer::open_database() {
  sqlite3* opened = nullptr;
  const std::string path = tree_->path() + "/data/" + name_;
  const int result = sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, nullptr);
  database_.reset(opened);
  if (result != SQLITE_OK) return error_of(opened);
  for (const int off : {SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_ENABLE_TRIGGER,
                        SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER})
    sqlite3_db_config(opened, off, 0, nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_limit(opened, SQLITE_LIMIT_LENGTH, 256 << 20);
  sqlite3_limit(opened, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_exec(opened, "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA query_only=ON",
               nullptr, nullptr, nullptr);
  end_.watcher = options_.watcher;
  sqlite3_progress_handler(opened, k_steps_between_looks, is_to_end, &end_);
  sqlite3_set_authorizer(opened, allow_reading, &fenced_);
  // The first look replays the logs and says whether this is a database at all.
  const base::Result<std::vector<std::vector<std::string>>> looked = rows("SELECT count(*) FROM sqlite_schema");
  if (looked.ok()) return base::Done{};
  return base::Error{.code = base::ErrorCode::damaged_source,
                     .what = "SQLite does not open this copy: " + looked.error().what,
                     .path = file_};
}

std::string quote_name(std::string_view name) {
  std::string quoted = "\"";
  for (const char letter : name) quoted += letter == '"' ? std::string("\"\"") : std::string(1, letter);
  return quoted + "\"";
}

void SqliteServer::find_unusable() {
  // Virtual tables last: what they are made of are ordinary tables, and those must have been looked at.
  const auto names = rows(
      "SELECT name, sql LIKE 'CREATE VIRTUAL %' AS is_virtual FROM sqlite_schema WHERE type = 'table' AND "
      "name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY is_virtual");
  if (!names.ok()) {
    start_.unusable.push_back("the list of tables: " + names.error().what);
    return;
  }
  for (const std::vector<std::string>& row : names.value()) {
    const std::string& table = row.at(0);
    std::string why;
    if (row.at(1) == "1") {
      why = connect_virtual_table(table);
    } else {
      const auto answer = rows(fmt::format("SELECT 1 FROM {} LIMIT 1", quote_name(table)));
      why = answer.ok() ? "" : answer.error().what;
    }
    if (why.empty() && options_.judged == Judged::no) why = check_table(table);
    if (why.empty()) continue;
    start_.unusable.push_back(fmt::format("{}: {}", base::printable(table), why));
    fenced_.names.insert(table);
  }
}

/// Why it does not answer; empty: it does, or it needs a program that would have to be loaded: then it is said as left
/// out, as nothing is known against the copy.
std::string SqliteServer::connect_virtual_table(const std::string& table) {
  fenced_.asking = Asking::connecting;
  const auto answer = rows(fmt::format("SELECT 1 FROM {} LIMIT 1", quote_name(table)));
  fenced_.asking = Asking::questions;
  if (answer.ok()) return {};
  if (answer.error().code != base::ErrorCode::unsupported) return answer.error().what;
  start_.left_out.push_back(fmt::format("virtual table {}: {}", base::printable(table), answer.error().what));
  return {};
}

/// What SQLite's own check says against a table and its indexes; empty: nothing.
std::string SqliteServer::check_table(const std::string& table) {
  sqlite3_set_authorizer(database_.get(), nullptr, nullptr);
  const auto checked = rows(fmt::format("PRAGMA integrity_check({})", quote_name(table)));
  sqlite3_set_authorizer(database_.get(), allow_reading, &fenced_);
  if (!checked.ok()) return checked.error().what;
  const bool is_sound = checked.value().size() == 1 && checked.value()[0].at(0) == "ok";
  return is_sound || checked.value().empty() ? std::string() : base::printable(checked.value()[0].at(0)).substr(0, 300);
}

base::Result<Statement> SqliteServer::prepare(const std::string& sql) {
  if (!database_) return base::Error{.code = base::ErrorCode::misuse, .what = "the scratch server was ended"};
  if (sql.find('\0') != std::string::npos)
    return base::Error{.code = base::ErrorCode::misuse, .what = "the statement holds a zero byte"};
  fenced_.asked.clear();
  sqlite3_stmt* prepared = nullptr;
  const char* rest = nullptr;
  const int result = sqlite3_prepare_v2(database_.get(), sql.c_str(), -1, &prepared, &rest);
  Statement statement(prepared);
  if (result == SQLITE_AUTH && !fenced_.asked.empty())
    return base::Error{.code = base::ErrorCode::damaged_source,
                       .what = fmt::format("table {} is broken", base::printable(fenced_.asked))};
  if (const std::string missing = find_missing_program(database_.get()); result != SQLITE_OK && !missing.empty())
    return base::Error{.code = base::ErrorCode::unsupported,
                       .what = fmt::format("a virtual table needs {} that is no part of SQLite and is not loaded; "
                                           "nothing speaks against its database",
                                           missing)};
  if (result != SQLITE_OK) return error_of(database_.get());
  if (!statement) return base::Error{.code = base::ErrorCode::misuse, .what = "there is no statement"};
  // What follows may be blank or a comment.
  sqlite3_stmt* second = nullptr;
  const int further = sqlite3_prepare_v2(database_.get(), rest, -1, &second, nullptr);
  const Statement owner(second);
  if (further != SQLITE_OK || second != nullptr)
    return base::Error{.code = base::ErrorCode::misuse, .what = "more than one statement"};
  if (sqlite3_stmt_readonly(statement.get()) == 0)
    return base::Error{.code = base::ErrorCode::misuse, .what = "the statement writes"};
  return statement;
}

base::Status SqliteServer::give_rows(sqlite3_stmt* statement, const RowLimits& limits, RowSink& sink) {
  const int columns = sqlite3_column_count(statement);
  std::vector<std::string> names;
  for (int column = 0; column < columns; ++column) names.emplace_back(sqlite3_column_name(statement, column));
  sink.on_columns(names);
  std::vector<std::optional<std::string_view>> values(names.size());
  std::vector<std::string> kept(names.size());
  std::uint64_t given = 0;
  std::uint64_t bytes = 0;
  int step = SQLITE_ROW;
  while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
    if (given >= limits.rows || bytes > limits.bytes)
      return base::Error{.code = base::ErrorCode::limit_reached,
                         .what = fmt::format("more than {} rows or {} bytes", limits.rows, limits.bytes)};
    for (int column = 0; column < columns; ++column) {
      auto& value = values[static_cast<std::size_t>(column)];
      value.reset();
      const int type = sqlite3_column_type(statement, column);
      if (type == SQLITE_NULL) continue;
      const auto* const text = static_cast<const char*>(sqlite3_column_blob(statement, column));
      const auto length = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
      if (type == SQLITE_BLOB) {
        kept[static_cast<std::size_t>(column)] = hexadecimal(text, length);
        value = kept[static_cast<std::size_t>(column)];
      } else {
        value = text == nullptr ? std::string_view{} : std::string_view(text, length);
        if (options_.judged == Judged::no && is_foreign(*value))
          return base::Error{.code = base::ErrorCode::damaged_source,
                             .what = fmt::format("a value of column {} is no text",
                                                 base::printable(names[static_cast<std::size_t>(column)]))};
      }
      bytes += length;
    }
    ++given;
    if (!sink.on_row(values)) return base::Done{};
  }
  if (step != SQLITE_DONE) return error_of(database_.get());
  return base::Done{};
}

base::Status SqliteServer::ask(const std::string& database, const std::string& sql, const RowLimits& limits,
                               RowSink& sink) {
  if (!database.empty())
    return base::Error{
        .code = base::ErrorCode::misuse, .what = "an SQLite database has no databases in it", .path = database};
  end_.until = steady_clock::now() + limits.statement_time;
  LG_ASSIGN(const Statement statement, prepare(sql));
  base::Status answer = give_rows(statement.get(), limits, sink);
  if (!answer.ok() && answer.error().code == base::ErrorCode::limit_reached && end_.is_stopped())
    return stopped_while_asked("SQLite");
  return answer;
}

base::Result<std::vector<std::vector<std::string>>> SqliteServer::rows(const std::string& sql) {
  class Keep final : public RowSink {
   public:
    std::vector<std::vector<std::string>> rows;
    void on_columns(std::span<const std::string> /*names*/) override {}
    bool on_row(std::span<const std::optional<std::string_view>> values) override {
      auto& row = rows.emplace_back();
      for (const auto& value : values) row.emplace_back(value.value_or(""));
      return true;
    }
  } keep;
  LG_TRY(ask({}, sql, {.statement_time = std::chrono::milliseconds(120'000)}, keep));
  return std::move(keep.rows);
}

base::Result<std::vector<TableName>> SqliteServer::tables(const std::string& /*database*/) {
  LG_ASSIGN(const auto names, rows("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE "
                                   "'sqlite\\_%' ESCAPE '\\' ORDER BY 1"));
  std::vector<TableName> tables;
  for (const std::vector<std::string>& name : names) {
    const auto columns = rows(fmt::format("PRAGMA table_info({})", quote_name(name.at(0))));
    if (!columns.ok()) continue;  // a view over something that is not there
    TableName& table = tables.emplace_back(TableName{.schema = {}, .table = name.at(0), .columns = {}});
    for (const std::vector<std::string>& column : columns.value()) table.columns.push_back(column.at(1));
  }
  return tables;
}

base::Result<std::string> SqliteServer::keep_folder() {
  if (!database_) return base::Error{.code = base::ErrorCode::misuse, .what = "the scratch server was ended"};
  sqlite3_set_authorizer(database_.get(), nullptr, nullptr);
  end_ = {};
  sqlite3_exec(database_.get(), "PRAGMA query_only=OFF; PRAGMA wal_checkpoint(TRUNCATE)", nullptr, nullptr, nullptr);
  database_.reset();
  const std::string kept = options_.parent + "/" + random_name("lastgood-kept.");
  LG_TRY(tree_->move_out("data", kept));
  return kept;
}

}  // namespace

base::Result<std::unique_ptr<ScratchServer>> open_server(const UnitView& view, const std::string& file,
                                                         const ScratchServerOptions& options) {
  auto server = std::make_unique<SqliteServer>(view, file, options);
  LG_TRY(server->open());
  return std::unique_ptr<ScratchServer>(std::move(server));
}

}  // namespace lastgood::engines::sqlite
