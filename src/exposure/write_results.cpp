// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include "base/base64.h"
#include "base/checksum.h"
#include "base/human.h"
#include "base/rfc3339.h"
#include "base/utf8.h"
#include "exposure/exposure_results.h"
#include "exposure/result_files.h"
#include "os/atomic_file.h"
#include "os/clock.h"
#include "os/folder.h"

namespace lastgood::exposure {

namespace {

using json = nlohmann::ordered_json;

json json_of(const PersonBounds& bounds) {
  const persons::PersonCount& count = bounds.count;
  return {{"basis", name_of(bounds.basis)},
          {"standing", name_of(bounds.standing)},
          {"lower", bounds.lower ? json(*bounds.lower) : json(nullptr)},
          {"upper", bounds.upper ? json(*bounds.upper) : json(nullptr)},
          {"at_least", bounds.is_at_least},
          {"reason", base::printable(bounds.reason)},
          {"evidence", base::printable(bounds.evidence)},
          {"rows", count.rows},
          {"identifiers", count.identifiers},
          {"absorbed", count.absorbed},
          {"contacts", count.contacts},
          {"rows_without_id", count.rows_without_id},
          {"placeholders", count.placeholders}};
}

json json_of(const ColumnResult& column) {
  json reasons = json::array();
  for (const std::string& reason : column.reasons) reasons.push_back(base::printable(reason));
  json examples = json::array();
  for (const std::string& example : column.examples) examples.push_back(base::printable(example));
  return {{"name", base::printable(column.name)},
          {"kind", name_of(column.kind)},
          {"certainty", model::name_of(column.certainty)},
          {"reasons", std::move(reasons)},
          {"values", column.values},
          {"present", column.present},
          {"distinct_about", column.distinct_about},
          {"examples", std::move(examples)}};
}

json json_of(const TableResult& table) {
  json columns = json::array();
  for (const ColumnResult& column : table.recognised) columns.push_back(json_of(column));
  return {
      {"path", base::printable(table.path)}, {"kind", table.kind},       {"database", base::printable(table.database)},
      {"name", base::printable(table.name)}, {"files", table.files},     {"rows", table.rows},
      {"person_rows", table.person_rows},    {"columns", table.columns}, {"in_encrypted", table.in_encrypted},
      {"recognised", std::move(columns)}};
}

json json_of(const ShownStatement& shown) {
  return {{"reach", name_of(shown.reach)},
          {"account", base::printable(shown.account)},
          {"address", base::printable(shown.address)},
          {"to_address", base::printable(shown.to_address)},
          {"why_tied", base::printable(shown.why_tied)},
          {"times", shown.times},
          {"bytes", shown.bytes},
          {"files", shown.files},
          {"log", base::printable(shown.log.path)},
          {"parser", base::printable(shown.log.parser)},
          {"evidence", base::printable(shown.log.evidence_id)},
          {"offset", shown.offset_bytes},
          {"line", shown.line ? json(*shown.line) : json(nullptr)}};
}

std::string text_of(const ExposureResults& results) {
  json document = {{"format", k_results_format},
                   {"number", results.number},
                   {"made", results.made},
                   {"host", base::printable(results.host)}};
  document["paths"] = json::array();
  for (const std::string& path : results.paths) document["paths"].push_back(base::printable(path));
  document["bases"] = json::array();
  for (const PersonBounds& bounds : results.bases) document["bases"].push_back(json_of(bounds));
  document["shown"] = json::array();
  for (const ShownStatement& shown : results.shown) document["shown"].push_back(json_of(shown));
  document["doubts"] = json::array();
  for (const std::string& doubt : results.doubts) document["doubts"].push_back(base::printable(doubt));
  document["rule"] = results.rule;
  for (const auto& [name, value] :
       {std::pair("files", results.files), std::pair("bytes", results.bytes),
        std::pair("table_files", results.table_files), std::pair("other_files", results.other_files),
        std::pair("unread_count", results.unread_count), std::pair("encrypted_files", results.encrypted_files),
        std::pair("encrypted_with_copy", results.encrypted_with_copy),
        std::pair("finding_count", results.finding_count), std::pair("table_count", results.table_count),
        std::pair("accessed_files", results.accessed_files), std::pair("access_doubtful", results.access_doubtful),
        std::pair("timeline_events", results.timeline_events)})
    document[name] = value;
  document["tables"] = json::array();
  for (const TableResult& table : results.tables) document["tables"].push_back(json_of(table));
  document["units"] = json::array();
  for (const AskedUnit& unit : results.units)
    document["units"].push_back(
        {{"path", base::printable(unit.path)},
         {"kind", unit.kind},
         {"as_of", unit.as_of_ns == 0 ? json(nullptr) : json(base::format_rfc3339(unit.as_of_ns))}});
  document["unread"] = json::array();
  for (const UnreadFile& file : results.unread)
    document["unread"].push_back({{"path", base::printable(file.path)}, {"why", base::printable(file.why)}});
  document["findings"] = json::array();
  for (const FileFinding& finding : results.findings)
    document["findings"].push_back(
        {{"path", base::printable(finding.path)}, {"finding", base::printable(finding.finding)}});
  return document.dump(1) + "\n";
}

}  // namespace

base::Status write_results(const std::string& case_folder, ExposureResults& results) {
  const std::string folder = case_folder + "/" + std::string(k_results_folder);
  LG_TRY(os::make_private_folder(folder, os::WhenThere::accept));
  LG_ASSIGN(const std::uint64_t newest, find_newest(folder));
  results.number = newest + 1;
  results.made = base::utc_time(os::SystemClock().now_ns());
  results.rule = counting_rule();
  const std::string text = text_of(results);
  results.sha256 = base::hex(base::ByteView(base::sha256(base::ByteView(text))));
  return os::write_atomic_file(folder + "/" + name_of_results(results.number), base::ByteView(text), os::Overwrite::no);
}

}  // namespace lastgood::exposure
