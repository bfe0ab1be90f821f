// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/system_tables.h"

#include <array>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace lastgood::engines::mariadb {

using base::ByteView;

namespace {

constexpr std::string_view k_system_tablespace = "ibdata1";
constexpr std::uint64_t k_system_page_bytes = 16384;  // of nearly every server
constexpr std::size_t k_tables_max = 1'000'000;

constexpr std::uint64_t k_next_at = 12;   // of the page to the right
constexpr std::uint64_t k_level_at = 64;  // 0: a leaf
constexpr std::uint64_t k_before_first = 101;
constexpr std::uint64_t k_behind_last = 116;

bool is_of_tables(ByteView page) {
  constexpr std::uint16_t k_index_page = 17855;
  constexpr std::uint64_t k_list_of_tables = 1;  // number of the index
  return page.be16(24) == k_index_page && page.be64(66) == k_list_of_tables;
}

/// Of the record whose fields begin at `at`, the length of the first. 0: it is no record.
std::uint64_t first_length(ByteView page, std::uint64_t at) {
  constexpr std::uint8_t k_one_byte_ends = 0x01;
  if (at < 8 || at >= page.size()) return 0;
  const bool is_short = (page.u8(at - 3) & k_one_byte_ends) != 0;
  return is_short ? page.u8(at - 7) & 0x7fU : page.be16(at - 8) & 0x3fffU;
}

/// Of a page above the leaves, the page that its first record leads to.
std::uint32_t first_child(ByteView page) {
  const std::uint64_t at = page.be16(k_before_first - 2);
  return page.be32(at + first_length(page, at));
}

/// The record whose name begins at `at`; nothing: it is no record, or one of a dropped table.
std::optional<std::pair<std::string, ListedTable>> read_record(ByteView page, std::uint64_t at) {
  constexpr std::uint8_t k_deleted = 0x20;
  constexpr std::uint64_t k_flags_at = 37;  // behind the name
  constexpr std::uint64_t k_space_at = 41;
  constexpr std::uint32_t k_temporary = 1;
  constexpr std::uint32_t k_discarded = 32;
  const std::uint64_t length = first_length(page, at);
  if (length == 0 || (page.u8(at - 6) & k_deleted) != 0 || !page.has(at + length + k_space_at, 4)) return std::nullopt;
  ListedTable table{.space = page.be32(at + length + k_space_at)};
  if ((page.be32(at + length + k_flags_at) & (k_temporary | k_discarded)) != 0)
    table.file = ListedTable::File::fileless;
  return std::pair(std::string(page.part(at, length).text()), table);
}

void take_records(ByteView page, std::map<std::string, ListedTable>& tables) {
  constexpr std::size_t k_records_max = 2000;  // of a page: none is as short as this lets it be
  std::uint64_t at = page.be16(k_before_first - 2);
  for (std::size_t count = 0; at > k_behind_last && at < page.size() && count < k_records_max; ++count) {
    auto record = read_record(page, at);
    if (record && tables.size() < k_tables_max) tables.insert(std::move(*record));
    at = page.be16(at - 2);
  }
}

/// Numbers of all tablespaces of the folder: one that is listed under another name was renamed, which the log makes
/// known later.
std::set<std::uint32_t> read_numbers(UnitCheck& check, const DataFolder& folder) {
  std::set<std::uint32_t> numbers;
  for (const Member& member : folder.members) {
    if (member.kind != model::EntryKind::regular || !is_tablespace(member.path) || member.size_bytes == 0) continue;
    const auto source = check.open(check.home(), member.path);
    std::array<std::uint8_t, 64> head{};
    if (source && check.read(*source, check.home().show(member.path), 0, head) == head.size())
      numbers.insert(ByteView(std::span<const std::uint8_t>(head)).be32(34));
  }
  return numbers;
}

/// Whether something of the table is in the folder, or its database is a link into what cannot be seen: of that, other
/// checks say what is wrong.
bool has_traces(const DataFolder& folder, const std::string& name) {
  if (folder.paths.contains(name.substr(0, name.find('/')))) return true;
  const auto begins_with = [&](const std::string& path) {
    const auto at = folder.paths.lower_bound(path);
    return at != folder.paths.end() && at->starts_with(path);
  };
  std::string small = name;
  if (const std::size_t part = small.find("#P#"); part != std::string::npos) small[part + 1] = 'p';
  const bool is_part = small.find("#p#") != std::string::npos;
  return begins_with(name + ".ibd") || begins_with(name + ".isl") || begins_with(small + ".ibd") ||
         (!is_part && begins_with(name + ".frm"));
}

}  // namespace

std::map<std::string, ListedTable> read_system_tables(UnitCheck& check, const DataFolder& folder) {
  constexpr std::uint32_t k_dictionary_page = 7;
  constexpr std::uint64_t k_root_at = 38 + 32;
  constexpr std::size_t k_leaves_max = 20'000;
  std::map<std::string, ListedTable> tables;
  if (!folder.paths.contains(std::string(k_system_tablespace))) return tables;
  const auto source = check.open(check.home(), k_system_tablespace);
  if (!source) return tables;
  const std::string shown = check.home().show(k_system_tablespace);
  std::vector<std::uint8_t> bytes(k_system_page_bytes);
  const auto read_page = [&](std::uint32_t number) {
    const std::uint64_t at = std::uint64_t{number} * k_system_page_bytes;
    if (at >= source->size_bytes() || check.read(*source, shown, at, bytes) < bytes.size()) return ByteView();
    return ByteView(std::span<const std::uint8_t>(bytes));
  };
  std::uint32_t number = read_page(k_dictionary_page).be32(k_root_at);
  ByteView page = read_page(number);
  for (std::uint16_t level = page.be16(k_level_at); is_of_tables(page) && level > 0; --level) {
    number = first_child(page);
    page = read_page(number);
    if (page.be16(k_level_at) + 1 != level) return tables;
  }
  std::set<std::uint32_t> seen;
  while (is_of_tables(page) && page.be16(k_level_at) == 0 && seen.size() < k_leaves_max && seen.insert(number).second) {
    take_records(page, tables);
    number = page.be32(k_next_at);
    page = read_page(number);
  }
  return tables;
}

void check_listed_tables(UnitCheck& check, const DataFolder& folder, const std::map<std::string, ListedTable>& listed) {
  const RedoLog& log = folder.log;
  // What a log that nobody follows here does to tables is not known.
  if (folder.rules.is_to_be_replayed && (folder.rules.newest == 0 || !log.are_facts_whole)) return;
  std::optional<std::set<std::uint32_t>> numbers;
  for (const auto& [name, table] : listed) {
    const bool is_own = name.find('/') != std::string::npos && name.find("#sql") == std::string::npos;
    if (!is_own || table.space == 0 || table.file == ListedTable::File::fileless || has_traces(folder, name)) continue;
    if (log.deleted_spaces.contains(table.space) || log.made_files.contains(name + ".ibd")) continue;
    if (!numbers) numbers = read_numbers(check, folder);
    if (numbers->contains(table.space)) continue;
    const std::string shown = check.home().show(name + ".ibd");
    // A backup of some databases has the list of all.
    if (folder.backup.state != BackupMark::State::none)
      check.remarks(shown, "mariadb.backup.partial", "InnoDB lists the table, and this backup does not hold it");
    else
      check.damaged(shown, "mariadb.table.missing",
                    "InnoDB lists the table, and neither its definition nor its data is there");
  }
}

}  // namespace lastgood::engines::mariadb
