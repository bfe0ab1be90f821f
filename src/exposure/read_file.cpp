// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "exposure/read_file.h"

#include <algorithm>
#include <mutex>

#include <fmt/format.h>

#include "engines/sqlite_rows.h"
#include "exposure/learnt_tables.h"
#include "exposure/row_sinks.h"
#include "sources/packed_bytes.h"
#include "tables/read_tables.h"
#include "verdict/randomness.h"

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

/// Counts the bytes that go by for the first time.
class WatchedSource final : public base::ByteSource {
 public:
  WatchedSource(base::ByteSource& source, const FileRules& rules) : source_(source), rules_(rules) {}
  [[nodiscard]] std::uint64_t size_bytes() const override { return source_.size_bytes(); }
  [[nodiscard]] base::Result<std::size_t> read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) override {
    auto got = source_.read(offset_bytes, into);
    if (!got.ok() || offset_bytes + got.value() <= seen_bytes_) return got;
    rules_.read_on(offset_bytes + got.value() - std::max(offset_bytes, seen_bytes_));
    seen_bytes_ = offset_bytes + got.value();
    return got;
  }

 private:
  base::ByteSource& source_;
  const FileRules& rules_;
  std::uint64_t seen_bytes_ = 0;
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

/// The first bytes of a content.
struct Head {
  std::vector<std::uint8_t> bytes;
  tables::HeadEnd end = tables::HeadEnd::cut;
  [[nodiscard]] base::ByteView view() const { return base::ByteView(std::span<const std::uint8_t>(bytes)); }
};

base::Result<Head> read_head(base::ByteSource& source) {
  Head head;
  head.bytes.resize(
      static_cast<std::size_t>(std::min<std::uint64_t>(source.size_bytes(), tables::k_content_head_bytes)));
  LG_ASSIGN(const std::size_t got, source.read(0, head.bytes));
  if (got < head.bytes.size() || got == source.size_bytes()) head.end = tables::HeadEnd::whole;
  head.bytes.resize(got);
  return head;
}

/// Random bytes in which nothing is known: encrypted most likely, and no telling what they hold.
bool looks_encrypted(const Head& head) {
  constexpr std::size_t k_enough_bytes = 4096;
  if (head.bytes.size() < k_enough_bytes) return false;
  verdict::ByteCounts counts{};
  verdict::count_bytes(head.view(), counts);
  return verdict::passes_as_ciphertext(counts);
}

/// What the file holds; where it is packed, what is in it, and `source` is then that.
base::Result<tables::FoundContent> find_in(std::unique_ptr<base::ByteSource>& packed, base::ByteSource& file,
                                           const std::string& path) {
  std::string name(base_name(path));
  LG_ASSIGN(Head head, read_head(file));
  const std::string_view packing = sources::find_packing_name(head.view());
  if (!packing.empty()) {
    packed = sources::open_packed_bytes(file, path);
    LG_ASSIGN(head, read_head(*packed));
    name = name.substr(0, name.rfind('.'));
  }
  tables::FoundContent found = tables::find_content(head.view().text(), head.end, name);
  const auto unread = [&found](std::string why) {
    found.kind = tables::ContentKind::unread;
    found.why = std::move(why);
  };
  if (found.kind == tables::ContentKind::none && looks_encrypted(head))
    unread("random bytes of no known form: encrypted or packed");
  const bool is_stream = found.kind != tables::ContentKind::sqlite && found.kind != tables::ContentKind::dicom;
  if (packing.empty()) return found;
  if (found.kind == tables::ContentKind::unread)
    found.why = fmt::format("packed with {}, in it: {}", packing, found.why);
  if (!is_stream) unread(fmt::format("packed with {}: unpack it", packing));
  return found;
}

}  // namespace

void read_file(os::EvidenceFile& file, const std::string& path, const FileBases& bases, const FileRules& rules,
               SharedCount& count) {
  WatchedSource watched(file, rules);
  std::unique_ptr<base::ByteSource> packed;
  const auto content = find_in(packed, watched, path);
  if (!content.ok()) return count.add_unread(path, content.error().what);
  const tables::FoundContent& found = content.value();
  if (found.kind == tables::ContentKind::none) return count.see_file(file.size_bytes(), HasTables::no);
  if (found.kind == tables::ContentKind::unread) return count.add_unread(path, found.why);
  base::ByteSource& source = packed ? *packed : watched;
  LearntTables learnt;
  Learner learner(learnt, rules);
  const base::Status read = read_content(source, found, learner);
  if (rules.cancelled()) return;
  count.see_file(file.size_bytes(), HasTables::yes);
  if (!read.ok()) count.add_unread(path, read.error().what);
  for (const model::Finding& finding : learner.findings)
    count.add_finding(path, finding.rule + ": " + finding.sentence);
  if (learner.left_out()) count.add_unread(path, "it has more tables or columns than are looked at");
  learnt.decide(label_of(path, found.kind), rules);
  for (std::string& promise : learnt.broken_promises()) count.add_finding(path, std::move(promise));
  if (!learnt.speaks_of_persons()) return;
  Counter counter(learnt, bases, rules, count);
  const base::Status counted = read_content(source, found, counter);
  counter.flush();
  if (read.ok() && !counted.ok()) count.add_unread(path, counted.error().what);
  const auto now = file.status_now();
  if (!now.ok() || now.value().size_bytes != file.status().size_bytes || now.value().mtime_ns != file.status().mtime_ns)
    count.add_finding(path, "file.changed: somebody wrote to it while it was read");
  give_tables(learnt, path, tables::name_of(found.kind), bases.copy_of, count);
}

}  // namespace lastgood::exposure
