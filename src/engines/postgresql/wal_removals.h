// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a replayed write-ahead log drops, empties or deletes. The log knows numbers of files: names are those that the
// copy's own lists had before, and the server's after the replay. Private to engines/postgresql/.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engines/log_removals.h"
#include "engines/postgresql/wal_reader.h"
#include "engines/unit.h"

namespace lastgood::engines::postgresql {

using TableKey = std::pair<std::uint32_t, std::uint32_t>;  // database, and the table's file or its own number

/// Tables as a list has them at one moment.
struct KnownTables {
  std::map<std::uint32_t, std::string> databases;
  std::map<TableKey, std::uint32_t> numbers;  // by file
  std::map<TableKey, std::string> names;      // by number, "public.orders"; of a copy's own list without its schema
};

/// By the lists in the files of a copy, which the log that is still to be replayed may contradict: for names alone.
/// What cannot be read has none.
[[nodiscard]] KnownTables read_known_tables(const UnitView& copy, const std::string& folder);

/// Takes the records of the log in their order.
class WalRemovals {
 public:
  void note(const WalRecord& record);
  /// `before`: of the copy; `after`: of the server that replayed the log.
  [[nodiscard]] LogRemovals finish(const KnownTables& before, const KnownTables& after) const;

 private:
  struct Open {
    std::map<TableKey, std::uint64_t> deleted;  // rows by file
    std::vector<TableKey> made;                 // files
    std::vector<std::uint32_t> databases;       // that it drops
  };
  struct Event {
    std::int64_t time_ns = 0;
    enum class Kind : std::uint8_t { rows, file_dropped, file_made_empty, database_dropped } kind = Kind::rows;
    TableKey file;
    std::uint64_t rows = 0;
  };
  void note_storage(const WalRecord& record);
  void note_pages(const WalRecord& record);
  void commit(const WalRecord& record);
  void close(std::uint32_t transaction, std::int64_t time_ns);

  std::unordered_map<std::uint32_t, Open> open_;
  std::map<TableKey, bool> written_;  // files made by the log: whether it put a page there
  std::vector<Event> events_;
  std::size_t noted_ = 0;  // of all transactions, also of those that have ended: what is remembered is limited
};

}  // namespace lastgood::engines::postgresql
