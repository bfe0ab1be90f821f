// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "casefile/sqlite/backup_rows.h"

#include <fmt/format.h>

#include <utility>

#include "casefile/file_place.h"
#include "casefile/sqlite/packed_lists.h"

namespace lastgood::casefile {

namespace {

// A visit holds no statement open while the visitor runs: pieces of this many contents.
constexpr std::int64_t k_contents_piece = 4096;

std::vector<model::Reason> reasons_of(const std::vector<model::Finding>& findings) {
  std::vector<model::Reason> out;
  for (const model::Finding& finding : findings) out.push_back({.rule = finding.rule, .sentence = finding.sentence});
  return out;
}

std::vector<model::Finding> findings_of(const std::vector<model::Reason>& reasons) {
  std::vector<model::Finding> out;
  for (const model::Reason& reason : reasons) {
    model::Finding finding;
    finding.rule = reason.rule;
    finding.sentence = reason.sentence;
    out.push_back(std::move(finding));
  }
  return out;
}

/// `count` numbers, or nothing when `packed` is no such list.
std::optional<std::vector<std::uint64_t>> unpack_numbers(std::string_view packed, std::size_t count) {
  std::vector<std::uint64_t> out;
  std::size_t at = 0;
  while (at <= packed.size() && out.size() < count) {
    const std::size_t end = std::min(packed.find(' ', at), packed.size());
    std::uint64_t value = 0;
    const std::string_view text = packed.substr(at, end - at);
    if (text.empty() || text.size() > 20) return std::nullopt;
    for (const char digit : text) {
      if (digit < '0' || digit > '9') return std::nullopt;
      value = value * 10 + static_cast<std::uint64_t>(digit - '0');
    }
    out.push_back(value);
    at = end + 1;
  }
  if (out.size() != count || at <= packed.size()) return std::nullopt;
  return out;
}

base::Error no_source(std::string_view name) {
  return base::Error{.code = base::ErrorCode::not_found,
                     .what = fmt::format("the case has no source '{}'", base::printable(name)),
                     .path = {},
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = "'lastgood backups list' shows the sources of the case"};
}

base::Result<model::BackupSource> read_source(const Database& database, const Statement& row) {
  const std::int64_t independence = row.integer(3);
  if (independence < 0 || independence > static_cast<std::int64_t>(model::Independence::attached))
    return database.damaged("a source that cannot be read");
  return model::BackupSource{.name = std::string(row.bytes(0)),
                             .address = std::string(row.bytes(1)),
                             .format = std::string(row.bytes(2)),
                             .independence = static_cast<model::Independence>(independence),
                             .password_from = std::string(row.bytes(4)),
                             .key_file = std::string(row.bytes(5)),
                             .stored_prefix = std::string(row.bytes(6)),
                             .live_prefix = std::string(row.bytes(7)),
                             .added_ns = row.integer(8)};
}

base::Status insert_snapshot(Connection& connection, std::int64_t source_id, std::size_t number,
                             const model::JudgedSnapshot& judged) {
  const model::Snapshot& snapshot = judged.snapshot;
  const std::string origin = pack_texts({snapshot.host, snapshot.user, snapshot.program, snapshot.root});
  const std::string paths = pack_texts(snapshot.paths);
  const std::string tags = pack_texts(snapshot.tags);
  const std::string findings = pack_reasons(reasons_of(snapshot.findings));
  const std::string oddities = pack_reasons(judged.oddities);
  const std::string counts = pack_counts(judged.counts);
  const std::string changes = fmt::format("{} {} {} {}", judged.open, judged.added, judged.changed, judged.removed);
  LG_ASSIGN(Statement * prepared, connection.statement(Sql::insert_snapshot));
  const Using change(*prepared);
  change->bind(1, source_id).bind(2, static_cast<std::int64_t>(number)).bind_text(3, snapshot.id);
  change->bind(4, snapshot.time_ns).bind(5, snapshot.stored_ns).bind_blob(6, origin).bind_blob(7, paths);
  change->bind_blob(8, tags).bind(9, static_cast<std::int64_t>(snapshot.presence)).bind_blob(10, findings);
  change->bind_blob(11, oddities).bind_text(12, counts).bind_text(13, changes);
  return change->run();
}

base::Result<model::JudgedSnapshot> read_snapshot(const Database& database, const Statement& row) {
  const auto origin = unpack_texts(row.bytes(3));
  auto paths = unpack_texts(row.bytes(4));
  auto tags = unpack_texts(row.bytes(5));
  const std::int64_t presence = row.integer(6);
  const auto findings = unpack_reasons(row.bytes(7));
  auto oddities = unpack_reasons(row.bytes(8));
  const auto counts = unpack_counts(row.bytes(9));
  const auto changes = unpack_numbers(row.bytes(10), 4);
  if (!origin || origin->size() != 4 || !paths || !tags || !findings || !oddities || !counts || !changes ||
      presence < 0 || presence > static_cast<std::int64_t>(model::Presence::erased)) {
    return database.damaged("a snapshot that cannot be read");
  }
  model::JudgedSnapshot judged;
  judged.snapshot = {.id = std::string(row.bytes(0)),
                     .time_ns = row.integer(1),
                     .stored_ns = row.integer(2),
                     .host = origin->at(0),
                     .user = origin->at(1),
                     .paths = std::move(*paths),
                     .tags = std::move(*tags),
                     .program = origin->at(2),
                     .root = origin->at(3),
                     .presence = static_cast<model::Presence>(presence),
                     .claims = {},
                     .findings = findings_of(*findings)};
  judged.counts = *counts;
  judged.open = changes->at(0);
  judged.added = changes->at(1);
  judged.changed = changes->at(2);
  judged.removed = changes->at(3);
  judged.oddities = std::move(*oddities);
  return judged;
}

base::Status insert_unit(Connection& connection, std::int64_t source_id, std::size_t number,
                         const model::JudgedUnit& unit) {
  const std::string sizes = fmt::format("{} {}", unit.files, unit.bytes);
  const std::string findings = pack_reasons(unit.findings);
  LG_ASSIGN(Statement * prepared, connection.statement(Sql::insert_unit));
  const Using change(*prepared);
  change->bind(1, source_id).bind(2, static_cast<std::int64_t>(number)).bind_text(3, unit.snapshot);
  change->bind_text(4, unit.kind).bind_blob(5, unit.path).bind_text(6, unit.state);
  change->bind(7, static_cast<std::int64_t>(unit.certainty)).bind(8, unit.data_as_of_ns);
  change->bind_text(9, sizes).bind_blob(10, findings);
  return change->run();
}

base::Result<model::JudgedUnit> read_unit(const Database& database, const Statement& row) {
  const std::int64_t certainty = row.integer(4);
  const auto sizes = unpack_numbers(row.bytes(6), 2);
  auto findings = unpack_reasons(row.bytes(7));
  if (!sizes || !findings || certainty < 0 || certainty > static_cast<std::int64_t>(model::Certainty::proven))
    return database.damaged("a unit that cannot be read");
  return model::JudgedUnit{.snapshot = std::string(row.bytes(0)),
                           .kind = std::string(row.bytes(1)),
                           .path = std::string(row.bytes(2)),
                           .state = std::string(row.bytes(3)),
                           .certainty = static_cast<model::Certainty>(certainty),
                           .data_as_of_ns = row.integer(5),
                           .files = sizes->at(0),
                           .bytes = sizes->at(1),
                           .findings = std::move(*findings)};
}

base::Status delete_of(Connection& connection, Sql which, std::int64_t source_id) {
  LG_ASSIGN(Statement * prepared, connection.statement(which));
  const Using change(*prepared);
  change->bind(1, source_id);
  return change->run();
}

template <typename Row>
base::Result<std::vector<Row>> read_rows(Connection& connection, Sql which, std::optional<std::int64_t> key,
                                         base::Result<Row> (*read)(const Database&, const Statement&)) {
  LG_ASSIGN(Statement * prepared, connection.statement(which));
  const Using query(*prepared);
  if (key) query->bind(1, *key);
  std::vector<Row> out;
  while (true) {
    LG_ASSIGN(const Step step, query->step());
    if (step != Step::row) return out;
    LG_ASSIGN(Row row, read(connection.database(), *query));
    out.push_back(std::move(row));
  }
}

}  // namespace

base::Status SqliteBackupStore::put_source(const model::BackupSource& source) {
  return connection_.in_transaction(Durability::at_once, [&]() -> base::Status {
    LG_ASSIGN(Statement * prepared, connection_.statement(Sql::put_source));
    const Using change(*prepared);
    change->bind_text(1, source.name).bind_text(2, source.address).bind_text(3, source.format);
    change->bind(4, static_cast<std::int64_t>(source.independence)).bind_text(5, source.password_from);
    change->bind_text(6, source.key_file).bind_blob(7, source.stored_prefix).bind_blob(8, source.live_prefix);
    change->bind(9, source.added_ns);
    return change->run();
  });
}

base::Result<std::vector<model::BackupSource>> SqliteBackupStore::sources() {
  return read_rows<model::BackupSource>(connection_, Sql::select_sources, std::nullopt, read_source);
}

base::Result<std::optional<std::int64_t>> SqliteBackupStore::find_source(std::string_view name) {
  LG_ASSIGN(Statement * prepared, connection_.statement(Sql::find_source));
  const Using query(*prepared);
  query->bind_text(1, name);
  LG_ASSIGN(const Step step, query->step());
  if (step != Step::row) return std::optional<std::int64_t>();
  return std::optional<std::int64_t>(query->integer(0));
}

base::Status SqliteBackupStore::record_snapshots(std::string_view source,
                                                 std::span<const model::JudgedSnapshot> snapshots,
                                                 std::span<const model::JudgedUnit> units) {
  return connection_.in_transaction(Durability::at_once, [&]() -> base::Status {
    LG_ASSIGN(const std::optional<std::int64_t> id, find_source(source));
    if (!id) return no_source(source);
    LG_TRY(delete_of(connection_, Sql::delete_snapshots, *id));
    LG_TRY(delete_of(connection_, Sql::delete_units, *id));
    for (std::size_t i = 0; i < snapshots.size(); ++i) LG_TRY(insert_snapshot(connection_, *id, i, snapshots[i]));
    for (std::size_t i = 0; i < units.size(); ++i) LG_TRY(insert_unit(connection_, *id, i, units[i]));
    return base::Done{};
  });
}

base::Result<std::vector<model::JudgedSnapshot>> SqliteBackupStore::snapshots(std::string_view source) {
  LG_ASSIGN(const std::optional<std::int64_t> id, find_source(source));
  if (!id) return std::vector<model::JudgedSnapshot>();
  return read_rows<model::JudgedSnapshot>(connection_, Sql::select_snapshots, id, read_snapshot);
}

base::Result<std::vector<model::JudgedUnit>> SqliteBackupStore::units(std::string_view source) {
  LG_ASSIGN(const std::optional<std::int64_t> id, find_source(source));
  if (!id) return std::vector<model::JudgedUnit>();
  return read_rows<model::JudgedUnit>(connection_, Sql::select_units, id, read_unit);
}

base::Status SqliteBackupStore::record_contents(std::span<const model::JudgedContent> contents) {
  return connection_.in_transaction(Durability::after_next_sync, [&]() -> base::Status {
    for (const model::JudgedContent& content : contents) {
      LG_ASSIGN(const FilePlace place, place_of(content.path));
      LG_ASSIGN(const std::int64_t folder_id, connection_.folder_id(place.folder));
      LG_ASSIGN(Statement * prepared, connection_.statement(Sql::put_content));
      const Using change(*prepared);
      change->bind_blob(1, content.key).bind(2, content.scan_id).bind(3, folder_id).bind_blob(4, place.name);
      LG_TRY(change->run());
    }
    return base::Done{};
  });
}

base::Status SqliteBackupStore::visit_contents(const ContentVisitor& visitor) {
  std::string after;
  while (true) {
    std::vector<model::ContentVerdict> piece;
    {
      LG_ASSIGN(Statement * prepared, connection_.statement(Sql::select_contents));
      const Using query(*prepared);
      query->bind_blob(1, after).bind(2, k_contents_piece);
      while (true) {
        LG_ASSIGN(const Step step, query->step());
        if (step != Step::row) break;
        const std::int64_t verdict = query->integer(1);
        const std::int64_t certainty = query->integer(2);
        if (verdict < 0 || verdict >= model::k_verdict_count || certainty < 0 ||
            certainty > static_cast<std::int64_t>(model::Certainty::proven)) {
          return connection_.database().damaged("a verdict that cannot be read");
        }
        piece.push_back({.key = std::string(query->bytes(0)),
                         .verdict = static_cast<model::Verdict>(verdict),
                         .certainty = static_cast<model::Certainty>(certainty)});
      }
    }
    for (const model::ContentVerdict& content : piece) {
      if (!visitor(content)) return base::Done{};
    }
    if (piece.size() < static_cast<std::size_t>(k_contents_piece)) return base::Done{};
    after = piece.back().key;
  }
}

base::Result<std::optional<model::JudgedContent>> SqliteBackupStore::find_content(std::string_view key) {
  LG_ASSIGN(Statement * prepared, connection_.statement(Sql::find_content));
  const Using query(*prepared);
  query->bind_blob(1, key);
  LG_ASSIGN(const Step step, query->step());
  if (step != Step::row) return std::optional<model::JudgedContent>();
  model::JudgedContent content{.key = std::string(key), .scan_id = query->integer(0), .path = {}};
  content.path = std::string(query->bytes(1)) + "/" + std::string(query->bytes(2));
  return std::optional<model::JudgedContent>(std::move(content));
}

}  // namespace lastgood::casefile
