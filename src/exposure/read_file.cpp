// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "exposure/read_file.h"

#include <mutex>

#include <fmt/format.h>

#include "engines/sqlite_rows.h"
#include "exposure/learnt_tables.h"
#include "tables/read_tables.h"

namespace lastgood::exposure {

namespace {

constexpr std::size_t k_examples = 3;
constexpr std::size_t k_findings_max = 20;  // of one file
constexpr std::size_t k_rows_between_looks = 4096;

/// The first reading: statistics only.
class Learner final : public tables::TableSink {
 public:
  Learner(LearntTables& tables, const FileRules& rules) : tables_(tables), rules_(rules) {}

  void begin_table(const tables::TableHead& head) override {
    table_ = tables_.find_or_add(head);
    if (table_ == nullptr) left_out_ = true;
  }
  [[nodiscard]] bool row(std::span<const std::string_view> values) override {
    if (++rows_ % k_rows_between_looks == 0 && rules_.cancelled()) return false;
    if (table_ == nullptr) return true;
    ++table_->rows;
    const std::size_t count = std::min(values.size(), table_->statistics.size());
    for (std::size_t i = 0; i < count; ++i) table_->statistics[i].see(values[i]);
    return true;
  }
  void finding(model::Finding finding) override {
    if (findings.size() < k_findings_max) findings.push_back(std::move(finding));
  }
  [[nodiscard]] bool left_out() const { return left_out_; }

  std::vector<model::Finding> findings;

 private:
  LearntTables& tables_;
  const FileRules& rules_;
  LearntTable* table_ = nullptr;
  std::uint64_t rows_ = 0;
  bool left_out_ = false;
};

/// The second: whose rows these are.
class Counter final : public tables::TableSink {
 public:
  Counter(LearntTables& tables, const FileBases& bases, const FileRules& rules, SharedCount& count)
      : tables_(tables), bases_(bases), rules_(rules), count_(count) {}

  void begin_table(const tables::TableHead& head) override { table_ = tables_.find_or_add(head); }
  [[nodiscard]] bool row(std::span<const std::string_view> values) override {
    if (++rows_ % k_rows_between_looks == 0 && (rules_.cancelled() || count_.failed())) return false;
    if (table_ == nullptr || table_->reader == nullptr) return true;
    const persons::RowIdentity& row = table_->reader->read(values);
    if (row.basis == persons::RowIdentity::Basis::none) return true;
    if (table_->person_rows++ < 100) keep_examples(values);
    batch_.add(row);
    if (batch_.rows.size() == k_batch_rows) flush();
    return true;
  }
  void finding(model::Finding /*finding*/) override {}  // told in the first reading
  void flush() {
    count_.add(batch_, bases_);
    batch_.clear();
  }

 private:
  void keep_examples(std::span<const std::string_view> values) {
    for (std::size_t i = 0; i < table_->examples.size() && i < values.size(); ++i) {
      const persons::ColumnKind kind = table_->judgements[i].kind;
      if (kind == persons::ColumnKind::other || table_->examples[i].size() == k_examples) continue;
      if (persons::normal_value(kind, table_->judgements[i].day_place, values[i]).empty()) continue;
      table_->examples[i].push_back(persons::masked(values[i]));
    }
  }

  LearntTables& tables_;
  FileBases bases_;
  const FileRules& rules_;
  SharedCount& count_;
  LearntTable* table_ = nullptr;
  RowBatch batch_;
  std::uint64_t rows_ = 0;
};

/// An SQLite database as tables.
class SqliteToSink final : public engines::SqliteRowSink {
 public:
  explicit SqliteToSink(tables::TableSink& sink) : sink_(sink) {}
  void begin_table(const std::string& name, const std::vector<std::string>& columns) override {
    sink_.begin_table({.name = name, .database = {}, .columns = columns});
  }
  [[nodiscard]] bool row(std::span<const std::string_view> values) override { return sink_.row(values); }
  void broken(const std::string& table, const base::Error& error) override {
    sink_.finding({.rule = "sqlite.table",
                   .sentence = fmt::format("table '{}' breaks off: {}", base::printable(table), error.what),
                   .weight = model::Weight::contradicts,
                   .range = {}});
  }

 private:
  tables::TableSink& sink_;
};

/// Counts the bytes that go by.
class WatchedSource final : public base::ByteSource {
 public:
  WatchedSource(base::ByteSource& source, const FileRules& rules) : source_(source), rules_(rules) {}
  [[nodiscard]] std::uint64_t size_bytes() const override { return source_.size_bytes(); }
  [[nodiscard]] base::Result<std::size_t> read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) override {
    auto got = source_.read(offset_bytes, into);
    if (got.ok()) rules_.read_on(got.value());
    return got;
  }

 private:
  base::ByteSource& source_;
  const FileRules& rules_;
};

base::Status read_sqlite(base::ByteSource& source, tables::TableSink& sink) {
  if (source.size_bytes() > engines::k_sqlite_image_bytes_max)
    return base::Error{
        .code = base::ErrorCode::limit_reached,
        .what = fmt::format("the SQLite database is larger than {} bytes", engines::k_sqlite_image_bytes_max),
        .path = {},
        .offset_bytes = {},
        .system_errno = 0,
        .hint = "make a text of it with 'sqlite3 FILE .dump'"};
  static std::mutex one_at_a_time;  // a database is in memory as a whole
  const std::lock_guard lock(one_at_a_time);
  std::vector<std::uint8_t> image(static_cast<std::size_t>(source.size_bytes()));
  LG_ASSIGN(const std::size_t count, source.read(0, image));
  image.resize(count);
  SqliteToSink rows(sink);
  return engines::read_sqlite_rows(std::move(image), rows);
}

base::Status read_content(base::ByteSource& source, const tables::FoundContent& found, tables::TableSink& sink) {
  return found.kind == tables::ContentKind::sqlite ? read_sqlite(source, sink)
                                                   : tables::read_tables(source, found, sink);
}

std::string folder_name(const std::string& path) {
  const std::size_t end = path.rfind('/');
  const std::size_t begin = end == 0 || end == std::string::npos ? std::string::npos : path.rfind('/', end - 1);
  return begin == std::string::npos ? std::string() : path.substr(begin + 1, end - begin - 1);
}
std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

/// What tables without a database of their own belong to. Digits go: dumps of two days are of one database.
std::string label_of(const std::string& path, tables::ContentKind kind) {
  const bool is_whole_database = kind == tables::ContentKind::sql || kind == tables::ContentKind::sqlite;
  const std::string name =
      is_whole_database ? std::string(base_name(path).substr(0, base_name(path).find('.'))) : folder_name(path);
  std::string label;
  for (const char c : name)
    if (c < '0' || c > '9') label += c;
  while (!label.empty() && (label.back() == '-' || label.back() == '_')) label.pop_back();
  return label;
}

void give_tables(LearntTables& learnt, const std::string& path, std::string_view kind, CopyOf copy_of,
                 SharedCount& count) {
  for (auto& [key, table] : learnt.tables()) {
    if (table.reader == nullptr) continue;
    TableResult result{.path = path,
                       .kind = std::string(kind),
                       .database = table.database,
                       .name = table.name,
                       .files = 1,
                       .rows = table.rows,
                       .person_rows = table.person_rows,
                       .columns = table.columns.size(),
                       .in_encrypted = copy_of == CopyOf::encrypted,
                       .recognised = {}};
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      persons::ColumnJudgement& judged = table.judgements[i];
      if (judged.kind == persons::ColumnKind::other) continue;
      result.recognised.push_back(
          {.name = table.columns[i],
           .kind = judged.kind,
           .certainty = judged.certainty,
           .reasons = std::move(judged.reasons),
           .values = table.statistics[i].values,
           .present = table.statistics[i].present,
           .distinct_about = static_cast<std::uint64_t>(table.statistics[i].distinct.estimate() + 0.5),
           .examples = std::move(table.examples[i])});
    }
    count.add_table(std::move(result));
  }
}

}  // namespace

void read_file(os::EvidenceFile& file, const std::string& path, const FileBases& bases, const FileRules& rules,
               SharedCount& count) {
  std::vector<std::uint8_t> head(
      static_cast<std::size_t>(std::min<std::uint64_t>(file.size_bytes(), tables::k_content_head_bytes)));
  const auto got = file.read(0, head);
  if (!got.ok()) return count.add_unread(path, got.error().what);
  const base::ByteView view{std::span<const std::uint8_t>(head).first(got.value())};
  const tables::HeadEnd end = got.value() == file.size_bytes() ? tables::HeadEnd::whole : tables::HeadEnd::cut;
  const tables::FoundContent found = tables::find_content(view.text(), end, base_name(path));
  if (found.kind == tables::ContentKind::none) return count.see_file(file.size_bytes(), HasTables::no);
  if (found.kind == tables::ContentKind::unread) return count.add_unread(path, found.why);
  LearntTables learnt;
  Learner learner(learnt, rules);
  WatchedSource watched(file, rules);
  const base::Status read = read_content(watched, found, learner);
  if (rules.cancelled()) return;
  count.see_file(file.size_bytes(), HasTables::yes);
  if (!read.ok()) count.add_unread(path, read.error().what);
  for (const model::Finding& finding : learner.findings)
    count.add_finding(path, finding.rule + ": " + finding.sentence);
  if (learner.left_out()) count.add_unread(path, "it has more tables or columns than are looked at");
  learnt.decide(label_of(path, found.kind), rules);
  if (!learnt.speaks_of_persons()) return;
  Counter counter(learnt, bases, rules, count);
  const base::Status counted = read_content(file, found, counter);
  counter.flush();
  if (read.ok() && !counted.ok()) count.add_unread(path, counted.error().what);
  const auto now = file.status_now();
  if (!now.ok() || now.value().size_bytes != file.status().size_bytes || now.value().mtime_ns != file.status().mtime_ns)
    count.add_finding(path, "file.changed: somebody wrote to it while it was read");
  give_tables(learnt, path, tables::name_of(found.kind), bases.copy_of, count);
}

}  // namespace lastgood::exposure
