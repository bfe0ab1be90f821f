// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A sheet as it will stand on paper, before anybody thinks of paper: packets, rows, blank rows, and the stamp that
// every page carries. Plain values; prepare_sheet.h makes them, write_*.h write them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lastgood::sheets {

/// What every page says of the data on it.
struct Stamp {
  std::int64_t data_as_of_ns = 0;  // UTC; 0: not known
  std::string data_as_of_basis;    // "last commit record in ...", "time of the snapshot"
  std::int64_t made_ns = 0;
  std::string zone;          // "+05:30"; empty: UTC
  std::string source;        // "restic:b2 snapshot ab12cd34"
  double stale_after_s = 0;  // 0: never
};

/// "5 h 12 min old", "3 days 4 h old", "of unknown age", or that one of the clocks is wrong.
[[nodiscard]] std::string age_of(const Stamp& stamp);
[[nodiscard]] bool is_stale(const Stamp& stamp);
/// "OLDER THAN 24 h"; empty when it is not stale. Data of unknown age is stale where a limit is given.
[[nodiscard]] std::string stale_words(const Stamp& stamp);

struct Row {
  std::vector<std::string> cells;  // as many as the sheet has columns
  std::string code;                // what its QR code says; empty: none
};

struct Packet {
  std::string name;  // the value of group_by; empty: all of the sheet
  std::vector<Row> rows;
  std::vector<Row> blank_rows;  // their first cell is the downtime number
  std::uint64_t cut_cells = 0;  // of its rows: texts of which the end stands on no page
};

struct PreparedSheet {
  [[nodiscard]] std::vector<std::string> all_notes() const;
  [[nodiscard]] bool is_on_disk() const { return could_not.empty() && no_room.empty(); }

  std::string id;
  std::string title;
  std::string service;   // its title
  std::string audience;  // "ward"
  std::string group_by;  // as people call it: "ward"; empty: one packet
  std::vector<std::string> columns;
  std::vector<Packet> packets;         // by name; never empty, unless `could_not` says why
  std::vector<std::string> notes;      // what is missing or was left out; on every page
  std::vector<std::string> shortened;  // of the whole sheet; a page says what is cut in its own packet
  std::string could_not;               // the whole sheet could not be made: why, in sentences
  std::string no_room;                 // its own files have no room on the disk: what they need
  bool is_stand_in = false;            // what would have come first, newer or kept apart, did not answer
  bool lacks_logs = false;             // later commits were saved, or may have been, and are not in it
  bool is_from_attached = false;       // from a backup that the attacker could reach
  Stamp stamp;
};

}  // namespace lastgood::sheets
