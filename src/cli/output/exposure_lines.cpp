// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/output/exposure_lines.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/human.h"
#include "cli/output/json_lines.h"

namespace lastgood::cli {

using base::human_bytes;
using base::human_count;
using base::printable;

namespace {

constexpr std::size_t k_tables_listed_max = 20;

void add_tables(const exposure::ExposureResults& results, ExposureDetail detail, std::string& out) {
  if (results.tables.empty()) {
    out += "no table that speaks of persons was found\n";
    return;
  }
  out += "tables that speak of persons\n";
  std::size_t listed = 0;
  for (const exposure::TableResult& table : results.tables) {
    if (++listed > k_tables_listed_max && detail == ExposureDetail::summary) break;
    const std::string name = table.database.empty() ? table.name : table.database + "." + table.name;
    out += fmt::format("  {} rows  '{}'{}{}{}\n", human_count(table.person_rows), printable(table.path),
                       name.empty() ? "" : ", " + printable(name),
                       table.files > 1 ? fmt::format(", and {} more files like it", human_count(table.files - 1)) : "",
                       table.in_encrypted ? " (copy of an encrypted file)" : "");
    for (const exposure::ColumnResult& column : table.recognised) {
      out += fmt::format("      {}: {} ({}){}\n", printable(column.name), name_of(column.kind),
                         model::name_of(column.certainty),
                         column.examples.empty() ? "" : ", such as " + printable(column.examples[0]));
      if (detail == ExposureDetail::columns)
        for (const std::string& reason : column.reasons) out += "          " + printable(reason) + "\n";
    }
  }
  if (results.table_count > listed || listed > k_tables_listed_max)
    out += fmt::format("  ... {} in all; 'lastgood exposure show --columns' lists more\n",
                       human_count(results.table_count));
}

template <typename List, typename Line>
void add_list(const List& list, std::uint64_t count, std::string_view title, const Line& line, std::string& out) {
  if (count == 0) return;
  out += fmt::format("{}: {}\n", title, human_count(count));
  std::size_t listed = 0;
  for (const auto& one : list) {
    if (++listed > k_tables_listed_max) break;
    out += "  " + line(one) + "\n";
  }
  if (count > k_tables_listed_max) out += "  ... all of them with --json\n";
}

nlohmann::ordered_json maybe(const std::optional<std::uint64_t>& number) {
  return number ? nlohmann::ordered_json(*number) : nlohmann::ordered_json(nullptr);
}

}  // namespace

std::string text_of(const exposure::ExposureResults& results, ExposureDetail detail) {
  std::string out = "how many persons, on four bases that must not be added up\n";
  for (const exposure::PersonBounds& bounds : results.bases) {
    out += fmt::format(
        "  {:<30} {}{}\n", exposure::title_of(bounds.basis), exposure::words_of(bounds),
        bounds.standing == exposure::Standing::unknown ? "" : fmt::format(" ({})", exposure::name_of(bounds.standing)));
    for (std::string_view rest = bounds.reason; !rest.empty();) {
      const std::size_t end = std::min(rest.find("; "), rest.size());
      out += "      " + printable(rest.substr(0, end)) + "\n";
      rest.remove_prefix(std::min(end + 2, rest.size()));
    }
  }
  const persons::PersonCount& count = results.bases[0].count;
  out += fmt::format(
      "{} rows speak of persons: {} different identifiers ({} of them second ones of somebody counted), {} "
      "contacts without anything else, {} rows without a good identifier, {} values that too many share\n",
      human_count(count.rows), human_count(count.identifiers), human_count(count.absorbed), human_count(count.contacts),
      human_count(count.rows_without_id), human_count(count.placeholders));
  out += "how it was counted\n";
  for (std::string_view rest = results.rule; !rest.empty();) {
    const std::size_t end = std::min(rest.find(". "), rest.size());
    out += "  " + printable(rest.substr(0, end)) + "\n";
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  add_tables(results, detail, out);
  add_list(
      results.unread, results.unread_count, "could not be read, which is not none",
      [](const exposure::UnreadFile& file) { return printable(file.path) + ": " + printable(file.why); }, out);
  add_list(
      results.findings, results.finding_count, "broken or odd in places, the rest of them counts",
      [](const exposure::FileFinding& file) { return printable(file.path) + ": " + printable(file.finding); }, out);
  out += fmt::format("{} {}, {} read; {} with tables, {} without in a form known here; count {} of {}\n",
                     human_count(results.files), results.files == 1 ? "file" : "files", human_bytes(results.bytes),
                     human_count(results.table_files), human_count(results.other_files), results.number, results.made);
  return out;
}

namespace {

using json = nlohmann::ordered_json;

json json_of(const exposure::TableResult& table) {
  json columns = json::array();
  for (const exposure::ColumnResult& column : table.recognised)
    columns.push_back({{"name", printable(column.name)},
                       {"kind", name_of(column.kind)},
                       {"certainty", model::name_of(column.certainty)},
                       {"reasons", column.reasons},
                       {"values", column.values},
                       {"present", column.present},
                       {"distinct_about", column.distinct_about},
                       {"examples", column.examples}});
  json line = {{"type", "table"}};
  set_text(line, "path", table.path);
  line.update({{"kind", table.kind},
               {"database", printable(table.database)},
               {"name", printable(table.name)},
               {"files", table.files},
               {"rows", table.rows},
               {"person_rows", table.person_rows},
               {"in_encrypted", table.in_encrypted},
               {"columns", std::move(columns)}});
  return line;
}

json json_of(const exposure::PersonBounds& bounds) {
  return {{"type", "persons"},
          {"basis", exposure::name_of(bounds.basis)},
          {"standing", exposure::name_of(bounds.standing)},
          {"lower", maybe(bounds.lower)},
          {"upper", maybe(bounds.upper)},
          {"at_least", bounds.is_at_least},
          {"reason", printable(bounds.reason)},
          {"evidence", bounds.evidence.empty() ? json(nullptr) : json(printable(bounds.evidence))},
          {"rows", bounds.count.rows},
          {"identifiers", bounds.count.identifiers},
          {"absorbed", bounds.count.absorbed},
          {"contacts", bounds.count.contacts},
          {"rows_without_id", bounds.count.rows_without_id},
          {"placeholders", bounds.count.placeholders}};
}

json json_of(const exposure::ShownStatement& shown) {
  json line = {{"type", "shown"},
               {"reach", exposure::name_of(shown.reach)},
               {"account", printable(shown.account)},
               {"address", printable(shown.address)},
               {"to_address", printable(shown.to_address)},
               {"why_tied", printable(shown.why_tied)},
               {"times", shown.times},
               {"bytes", shown.bytes},
               {"files", shown.files},
               {"parser", printable(shown.log.parser)},
               {"evidence", printable(shown.log.evidence_id)},
               {"offset", shown.offset_bytes},
               {"line", maybe(shown.line)}};
  set_text(line, "log", shown.log.path);
  return line;
}

}  // namespace

std::string json_lines_of(const exposure::ExposureResults& results) {
  std::string out;
  const auto add = [&](const json& line) { out += line.dump() + "\n"; };
  for (const exposure::TableResult& table : results.tables) add(json_of(table));
  for (const exposure::UnreadFile& file : results.unread) {
    json line = {{"type", "unread"}};
    set_text(line, "path", file.path);
    line["why"] = printable(file.why);
    add(line);
  }
  for (const exposure::FileFinding& finding : results.findings) {
    json line = {{"type", "finding"}};
    set_text(line, "path", finding.path);
    line["finding"] = printable(finding.finding);
    add(line);
  }
  for (const exposure::PersonBounds& bounds : results.bases) add(json_of(bounds));
  for (const exposure::ShownStatement& shown : results.shown) add(json_of(shown));
  add({{"type", "exposure"},
       {"number", results.number},
       {"made", results.made},
       {"host", printable(results.host)},
       {"files", results.files},
       {"bytes", results.bytes},
       {"table_files", results.table_files},
       {"other_files", results.other_files},
       {"unread", results.unread_count},
       {"findings", results.finding_count},
       {"encrypted_files", results.encrypted_files},
       {"encrypted_with_copy", results.encrypted_with_copy},
       {"accessed_files", results.accessed_files},
       {"access_doubtful", results.access_doubtful},
       {"timeline_events", results.timeline_events},
       {"doubts", results.doubts},
       {"sha256", results.sha256},
       {"rule", results.rule}});
  return out;
}

}  // namespace lastgood::cli
