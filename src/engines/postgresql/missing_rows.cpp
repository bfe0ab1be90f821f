// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/missing_rows.h"

#include <charconv>

#include <fmt/format.h>

#include "base/error.h"

namespace lastgood::engines::postgresql {

namespace {

constexpr std::uint32_t k_first_emptied = k_first_no_file + k_unusable_max + 1;
constexpr int k_counts_brought_along_since = 180000;  // a dump's statistics are put into the new database

// Of the server's own lists those without which rows are missing and nothing else fails.
constexpr const char* k_relations =
    "SELECT n.nspname, c.relname, pg_relation_filepath(c.oid), c.oid, c.relkind, c.relpersistence, c.relpages, "
    "pg_relation_size(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', "
    "'m', 'i') AND c.relpersistence IN ('p', 'u') AND NOT c.relisshared AND n.nspname <> 'information_schema' AND "
    "n.nspname NOT LIKE 'pg\\_toast%' AND (n.nspname <> 'pg_catalog' OR c.relname IN ('pg_class', 'pg_attribute', "
    "'pg_inherits')) UNION ALL SELECT n.nspname, 'long values of ' || c.relname, pg_relation_filepath(t.oid), t.oid, "
    "t.relkind, t.relpersistence, t.relpages, pg_relation_size(t.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = "
    "c.relnamespace JOIN pg_class t ON t.oid = c.reltoastrelid WHERE n.nspname <> 'pg_catalog' AND t.relpersistence = "
    "'p' ORDER BY 1, 2";

struct Relation {
  std::string schema;
  std::string name;
  std::string path;
  std::string oid;
  bool is_index = false;
  bool is_unlogged = false;
  std::uint64_t counted_blocks = 0;
  std::uint64_t bytes = 0;
};

std::uint64_t number_of(const std::optional<std::string>& text) {
  std::uint64_t number = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), number);
  return number;
}

Relation relation_of(const PgRow& row) {
  return {.schema = row.at(0).value_or(""),
          .name = row.at(1).value_or(""),
          .path = row.at(2).value_or(""),
          .oid = row.at(3).value_or("0"),
          .is_index = row.at(4) == "i",
          .is_unlogged = row.at(5) == "u",
          .counted_blocks = number_of(row.at(6)),
          .bytes = number_of(row.at(7))};
}

/// Whether one of the blocks that the copy did not have is empty now: replay put a later one behind it.
base::Result<bool> has_empty_block(PgSession& session, const Relation& relation, std::uint64_t from,
                                   const CopiedRelations& copied) {
  LG_ASSIGN(
      const std::vector<PgRow> found,
      session.rows(fmt::format(
          "SELECT 1 FROM generate_series({0}::bigint, {1}) b WHERE pg_read_binary_file({2} || CASE WHEN b >= {3} "
          "THEN '.' || b / {3} ELSE '' END, (b % {3}) * {4}, {4}, true) = decode(repeat('00', {4}), 'hex') LIMIT 1",
          from, relation.bytes / copied.block_bytes() - 1, quote_text(relation.path), copied.segment_blocks(),
          copied.block_bytes())));
  return !found.empty();
}

/// By the number of pages that the database itself counted last.
base::Result<std::string> find_cut(PgSession& session, const Relation& relation, CopiedRelations& copied) {
  const std::uint64_t before = copied.count_blocks(relation.path);
  const bool is_counted = session.server_version() < k_counts_brought_along_since && copied.block_bytes() > 0;
  if (!is_counted || before >= relation.counted_blocks || copied.is_resized_by_log(relation.path)) return std::string{};
  const std::string sentence =
      fmt::format("its file had {} pages, and the database counted {}", before, relation.counted_blocks);
  if (relation.bytes / copied.block_bytes() < relation.counted_blocks) return sentence;
  // The log may have made it longer in good order; of a running server's base backup that is the rule.
  if (copied.is_base_backup()) return std::string{};
  LG_ASSIGN(const bool has_gap, has_empty_block(session, relation, before, copied));
  return has_gap ? sentence : std::string{};
}

base::Result<std::string> find_reason(PgSession& session, const Relation& relation, CopiedRelations& copied) {
  std::string missing = copied.find_missing(relation.path);
  if (!missing.empty() || relation.is_index) return missing;
  return find_cut(session, relation, copied);
}

std::string name_of(const Relation& relation, const std::string& database) {
  return fmt::format("{}.{} (database {})", base::printable(relation.schema), base::printable(relation.name),
                     base::printable(database));
}

/// The number leads back to the sentence.
base::Status point_at_no_file(PgSession& session, const Relation& relation, std::size_t number) {
  const auto done = session.rows(
      fmt::format("UPDATE pg_class SET relfilenode = oid '{}' WHERE oid = oid '{}'", number, relation.oid));
  return done.ok() ? base::Status(base::Done{}) : base::Status(done.error());
}

base::Status fence_emptied(PgSession& session, const Relation& relation, const std::string& database,
                           ScratchStart& start) {
  LG_TRY(point_at_no_file(session, relation, k_first_emptied + start.emptied.size()));
  if (start.emptied.size() < k_unusable_max) start.emptied.push_back(name_of(relation, database));
  return base::Done{};
}

}  // namespace

bool is_no_file(std::string_view path) {
  const std::uint64_t number = number_of(std::string(path.substr(path.rfind('/') + 1)));
  return number >= k_first_no_file && number <= k_first_emptied + k_unusable_max;
}

std::string find_fenced(const ScratchStart& start, std::string_view error) {
  for (std::size_t at = error.find('/'); at != std::string_view::npos; at = error.find('/', at + 1)) {
    const std::string_view name = error.substr(at + 1, 10);
    if (!is_no_file(name)) continue;
    const std::uint64_t number = number_of(std::string(name));
    if (number - k_first_no_file < start.unusable.size()) return start.unusable[number - k_first_no_file];
    if (number >= k_first_emptied && number - k_first_emptied < start.emptied.size())
      return start.emptied[number - k_first_emptied] + ": is unlogged: the server empties it after a crash";
  }
  return {};
}

base::Result<std::vector<std::string>> list_unlogged(PgSession& session, const std::string& database) {
  std::vector<std::string> names;
  LG_ASSIGN(const std::vector<PgRow> rows, session.rows(k_relations));
  for (const PgRow& row : rows) {
    const Relation relation = relation_of(row);
    const bool is_listed = relation.is_unlogged && !relation.is_index && names.size() < k_unusable_max;
    if (is_listed) names.push_back(name_of(relation, database));
  }
  return names;
}

base::Result<std::vector<std::string>> fence_missing_rows(PgSession& session, const std::string& database,
                                                          CopiedRelations& copied, ScratchStart& start) {
  std::vector<std::string> fenced;
  LG_ASSIGN(const std::vector<PgRow> rows, session.rows(k_relations));
  for (const PgRow& row : rows) {
    const Relation relation = relation_of(row);
    if (relation.is_unlogged) {
      if (!copied.is_shut_down() && !relation.is_index) LG_TRY(fence_emptied(session, relation, database, start));
      continue;
    }
    LG_ASSIGN(const std::string reason, find_reason(session, relation, copied));
    if (reason.empty()) continue;
    if (relation.schema == "pg_catalog" && !relation.is_index)
      return base::Error{.code = base::ErrorCode::damaged_source,
                         .what = fmt::format("its list {}: {}", relation.name, reason)};
    const std::string name = name_of(relation, database);
    if (relation.is_index) {
      LG_TRY(session.rows(
          fmt::format("UPDATE pg_index SET indisvalid = false WHERE indexrelid = oid '{}'", relation.oid)));
      fenced.push_back(relation.path);
      if (start.left_out.size() < k_unusable_max) start.left_out.push_back(fmt::format("index {}: {}", name, reason));
      continue;
    }
    LG_TRY(point_at_no_file(session, relation, k_first_no_file + start.unusable.size()));
    fenced.push_back(relation.path);
    if (start.unusable.size() < k_unusable_max) start.unusable.push_back(fmt::format("{}: {}", name, reason));
  }
  return fenced;
}

}  // namespace lastgood::engines::postgresql
