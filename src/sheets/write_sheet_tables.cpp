// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sheets/write_sheet_tables.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/local_time.h"
#include "base/rfc3339.h"
#include "documents/csv_cell.h"

namespace lastgood::sheets {

namespace {

void add_line(std::string& out, const std::vector<std::string>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ',';
    out += documents::csv_cell(cells[i]);
  }
  out += "\r\n";
}

void add_rows(std::string& out, const Packet& packet, const std::vector<Row>& rows, bool grouped) {
  for (const Row& row : rows) {
    std::vector<std::string> cells = row.cells;
    if (grouped) cells.insert(cells.begin(), packet.name);
    add_line(out, cells);
  }
}

nlohmann::ordered_json json_of(const std::vector<Row>& rows) {
  auto out = nlohmann::ordered_json::array();
  for (const Row& row : rows) out.push_back(row.cells);
  return out;
}

nlohmann::ordered_json time_or_null(std::int64_t time_ns) {
  return time_ns == 0 ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(base::format_rfc3339(time_ns));
}

}  // namespace

std::string write_sheet_csv(const PreparedSheet& sheet) {
  std::string out;
  const Stamp& stamp = sheet.stamp;
  add_line(out, {"# " + sheet.title + " (sheet " + sheet.id + ")"});
  const std::string made = base::time_in_zone(stamp.made_ns, stamp.zone);
  add_line(out, {sheet.could_not.empty()
                     ? fmt::format("# READ ONLY, data as of {}, {} when made at {}",
                                   base::time_in_zone(stamp.data_as_of_ns, stamp.zone), age_of(stamp), made)
                     : "# NO DATA, tried at " + made});
  add_line(out, {"# from " + stamp.source});
  if (is_stale(stamp)) add_line(out, {"# " + stale_words(stamp)});
  for (const std::string& note : sheet.all_notes()) add_line(out, {"# " + note});
  if (!sheet.could_not.empty()) {
    add_line(out, {"# could not be made: " + sheet.could_not});
    return out;
  }
  const bool grouped = !sheet.group_by.empty();
  std::vector<std::string> header = sheet.columns;
  if (grouped) header.insert(header.begin(), sheet.group_by);
  add_line(out, header);
  for (const Packet& packet : sheet.packets) add_rows(out, packet, packet.rows, grouped);
  return out;
}

std::string write_sheet_json(const PreparedSheet& sheet) {
  const Stamp& stamp = sheet.stamp;
  nlohmann::ordered_json out = {
      {"type", "sheet"}, {"id", sheet.id}, {"title", sheet.title}, {"service", sheet.service}};
  out["for"] = sheet.audience;
  out["data_as_of"] = time_or_null(stamp.data_as_of_ns);
  out["data_as_of_basis"] = stamp.data_as_of_basis;
  out["made"] = time_or_null(stamp.made_ns);
  out["source"] = stamp.source;
  out["stale"] = is_stale(stamp);
  out["notes"] = sheet.all_notes();
  out["could_not"] =
      sheet.could_not.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(sheet.could_not);
  out["group_by"] = sheet.group_by;
  out["columns"] = sheet.columns;
  out["packets"] = nlohmann::ordered_json::array();
  for (const Packet& packet : sheet.packets) {
    nlohmann::ordered_json one = {{"name", packet.name}, {"rows", json_of(packet.rows)}};
    one["numbers"] = nlohmann::ordered_json::array();
    for (const Row& row : packet.blank_rows) one["numbers"].push_back(row.cells.front());
    out["packets"].push_back(std::move(one));
  }
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace lastgood::sheets
