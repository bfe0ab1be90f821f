// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "exposure/read_file.h"

#include <mutex>

#include <fmt/format.h>

#include "engines/sqlite_rows.h"
#include "exposure/learnt_tables.h"
#include "exposure/row_sinks.h"
#include "tables/read_tables.h"

namespace lastgood::exposure {

namespace {

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
