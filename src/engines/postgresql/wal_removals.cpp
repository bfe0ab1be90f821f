// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/wal_removals.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <span>

#include <fmt/format.h>

#include "engines/postgresql/catalogue.h"
#include "engines/postgresql/cluster_copy.h"
#include "engines/scratch_copy.h"

namespace lastgood::engines::postgresql {

using base::ByteView;

namespace {

// Limits of what is remembered: what an attacker's log says beyond them is not told.
constexpr std::size_t k_transactions_max = 100'000;
constexpr std::size_t k_files_max = 1'000'000;
constexpr std::size_t k_events_max = 1'000'000;
constexpr std::size_t k_databases_max = 10'000;
constexpr std::size_t k_file_map_bytes_max = 64 * 1024;
constexpr std::uint64_t k_list_bytes_max = std::uint64_t{1} << 30U;
constexpr std::size_t k_page_bytes = 8192;
constexpr std::uint32_t k_first_own_number = 16384;  // FirstNormalObjectId: access/transam.h

void visit_list(const UnitView& copy, const std::string& path, const std::function<void(ByteView)>& on_page) {
  const auto source = copy.open(path);
  if (!source.ok()) return;
  std::vector<std::uint8_t> page(k_page_bytes);
  const std::uint64_t size_bytes = std::min(source.value()->size_bytes(), k_list_bytes_max);
  for (std::uint64_t at = 0; at + k_page_bytes <= size_bytes; at += k_page_bytes) {
    const auto got = source.value()->read(at, page);
    if (!got.ok() || got.value() != page.size()) return;
    on_page(ByteView(std::span<const std::uint8_t>(page)));
  }
}

RelationMap read_map(const UnitView& copy, const std::string& folder) {
  const std::string bytes = read_text(copy, folder + "/pg_filenode.map", k_file_map_bytes_max);
  return parse_relation_map(ByteView(std::string_view(bytes)));
}

/// Of the table whose file it is or was, in which of the lists it is known by.
std::optional<TableKey> number_of(const KnownTables& tables, const TableKey& file) {
  const auto found = tables.numbers.find(file);
  return found == tables.numbers.end() ? std::optional<TableKey>() : TableKey{file.first, found->second};
}

std::string in_database(const KnownTables& before, const KnownTables& after, std::uint32_t database) {
  for (const KnownTables* tables : {&after, &before}) {
    const auto found = tables->databases.find(database);
    if (found != tables->databases.end()) return fmt::format(" (database {})", found->second);
  }
  return fmt::format(" (database number {})", database);
}

}  // namespace

KnownTables read_known_tables(const UnitView& copy, const std::string& folder) {
  KnownTables tables;
  const std::string global = join(folder, "global");
  visit_list(copy, fmt::format("{}/{}", global, read_map(copy, global).pg_database), [&](ByteView page) {
    for (const DatabaseRow& row : parse_database_page(page))
      if (tables.databases.size() < k_databases_max) tables.databases.emplace(row.number, row.name);
  });
  for (const auto& [database, name] : tables.databases) {
    const std::string own = join(folder, fmt::format("base/{}", database));
    const std::uint32_t list = read_map(copy, own).pg_class;
    if (list == 0) continue;
    visit_list(copy, fmt::format("{}/{}", own, list), [&, number = database](ByteView page) {
      for (const TableFile& row : parse_table_files(page)) {
        if (row.number < k_first_own_number || tables.numbers.size() >= k_files_max) continue;
        tables.numbers[{number, row.relation_file}] = row.number;
        tables.names[{number, row.number}] = row.name;
      }
    });
  }
  return tables;
}

void WalRemovals::note(const WalRecord& record) {
  const std::uint8_t operation = record.info & 0x70;
  if (record.manager == k_manager_transaction) {
    if (operation == 0x00 || operation == 0x30) commit(record);
    if (operation == 0x20 || operation == 0x40) open_.erase(record.transaction);  // given up
    return;
  }
  if (record.transaction != 0 && open_.size() >= k_transactions_max && !open_.contains(record.transaction)) return;
  if (record.manager == k_manager_storage) return note_storage(record);
  // In PostgreSQL before 15 0x10 drops a database, since then 0x20; those that are still there are left out later.
  if (record.manager == k_manager_database && (record.info & 0xF0) != 0x00 && noted_++ < k_files_max)
    open_[record.transaction].databases.push_back(record.data.le32(0));
  note_pages(record);
}

/// create = tablespace(4) database(4) relation(4) fork(4)
void WalRemovals::note_storage(const WalRecord& record) {
  if ((record.info & 0xF0) != 0x10 || record.data.le32(12) != 0 || written_.size() >= k_files_max) return;
  const TableKey file{record.data.le32(4), record.data.le32(8)};
  if (written_.emplace(file, false).second) open_[record.transaction].made.push_back(file);
}

void WalRemovals::note_pages(const WalRecord& record) {
  for (const BlockReference& block : record.blocks) {
    const auto made = written_.find({block.place.database, block.place.relation});
    if (made != written_.end()) made->second = true;
  }
  constexpr std::uint8_t k_delete = 0x10;
  if (record.manager != k_manager_heap || (record.info & 0x70) != k_delete || record.blocks.empty()) return;
  const BlockPlace& place = record.blocks.front().place;
  if (place.relation < k_first_own_number) return;
  auto& deleted = open_[record.transaction].deleted;
  const auto known = deleted.find({place.database, place.relation});
  if (known != deleted.end())
    ++known->second;
  else if (noted_++ < k_files_max)
    deleted.emplace(TableKey{place.database, place.relation}, 1);
}

void WalRemovals::commit(const WalRecord& record) {
  const CommitFacts facts = parse_commit(record);
  // Rows of one table that a transaction and those below it delete count as one.
  for (const std::uint32_t below : facts.transactions) {
    const auto found = open_.find(below);
    if (found == open_.end() || below == record.transaction) continue;
    Open taken = std::move(found->second);
    open_.erase(found);
    Open& all = open_[record.transaction];
    for (const auto& [file, rows] : taken.deleted) all.deleted[file] += rows;
    all.made.insert(all.made.end(), taken.made.begin(), taken.made.end());
    all.databases.insert(all.databases.end(), taken.databases.begin(), taken.databases.end());
  }
  for (const BlockPlace& place : facts.dropped) {
    if (events_.size() >= k_events_max) break;
    events_.push_back(
        {.time_ns = facts.time_ns, .kind = Event::Kind::file_dropped, .file = {place.database, place.relation}});
  }
  close(record.transaction, facts.time_ns);
}

void WalRemovals::close(std::uint32_t transaction, std::int64_t time_ns) {
  const auto found = open_.find(transaction);
  if (found == open_.end()) return;
  const Open open = std::move(found->second);
  open_.erase(found);
  if (events_.size() + open.deleted.size() + open.made.size() + open.databases.size() > k_events_max) return;
  for (const auto& [file, rows] : open.deleted)
    if (rows >= k_many_rows)
      events_.push_back({.time_ns = time_ns, .kind = Event::Kind::rows, .file = file, .rows = rows});
  for (const TableKey& file : open.made)
    if (!written_[file]) events_.push_back({.time_ns = time_ns, .kind = Event::Kind::file_made_empty, .file = file});
  for (const std::uint32_t database : open.databases)
    events_.push_back({.time_ns = time_ns, .kind = Event::Kind::database_dropped, .file = {database, 0}});
}

LogRemovals WalRemovals::finish(const KnownTables& before, const KnownTables& after) const {
  LogRemovals found;
  std::set<TableKey> gone;  // each is said once
  for (const Event& event : events_) {
    const std::string where = in_database(before, after, event.file.first);
    const std::optional<TableKey> was = number_of(before, event.file);
    const std::optional<TableKey> is = number_of(after, event.file);
    const auto add = [&](std::string what) { found.add({.time_ns = event.time_ns, .what = std::move(what)}); };
    const auto name = [&](const TableKey& number) {
      const auto now = after.names.find(number);
      return now != after.names.end() ? now->second : before.names.at(number);
    };
    switch (event.kind) {
      case Event::Kind::rows:  // without a name: of the server's own, or of a table that came and went
        if (was || is) add(fmt::format("{} rows deleted from {}{}", event.rows, name(is ? *is : *was), where));
        break;
      case Event::Kind::file_dropped:
        if (was && after.databases.contains(event.file.first) && !after.names.contains(*was) &&
            gone.insert(*was).second)
          add(fmt::format("table {} dropped{}", name(*was), where));
        break;
      case Event::Kind::file_made_empty:  // one that is new was empty as it was made
        if (is && before.names.contains(*is))
          add(fmt::format("table {} emptied, or made anew while it was empty{}", name(*is), where));
        break;
      case Event::Kind::database_dropped:
        if (!after.databases.contains(event.file.first) && before.databases.contains(event.file.first) &&
            gone.insert({event.file.first, 0}).second)
          add(fmt::format("database {} dropped", before.databases.at(event.file.first)));
        break;
    }
  }
  return found;
}

}  // namespace lastgood::engines::postgresql
