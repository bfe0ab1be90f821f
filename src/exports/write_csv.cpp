// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "exports/write_csv.h"

#include <array>
#include <initializer_list>

#include <fmt/format.h>

#include "base/error.h"
#include "exports/public_words.h"
#include "exports/stix_bundle.h"

namespace lastgood::exports {

namespace {

constexpr std::string_view k_header =
    "row,kind,value,tied,certainty,standing,level,first_seen,last_seen,times,port,bytes_out,encrypted_files,notes,"
    "mails,"
    "rule,basis,place,tlp\r\n";

struct Row {
  std::string_view row;
  std::string kind;
  std::string value;
  const std::vector<facts::Link>* links = nullptr;
  std::string standing;
  std::string level;
  std::string first_seen;
  std::string last_seen;
  std::string times;
  std::string port;
  std::string bytes_out;
  std::string encrypted_files;
  std::string notes;
  std::string mails;
  std::string basis;
  std::string place;
};

std::string number_of(std::uint64_t number) { return std::to_string(number); }
/// Nothing where the evidence says nothing: 0 is not "unknown".
std::string number_if_said(std::uint64_t number) { return number == 0 ? std::string() : std::to_string(number); }

class CsvTable {
 public:
  CsvTable(const ExportInput& input, const PublicWords& words) : words_(words), tlp_(name_of(input.tlp)) {
    out_.bytes = k_header;
  }
  void add(const Row& row) {
    const bool tied = !row.links->empty();
    std::string basis = row.basis;
    if (basis.empty() && tied)
      for (const facts::Link& link : *row.links) basis += (basis.empty() ? "" : "; ") + words_.sentence(link);
    write({row.row, row.kind, row.value, tied ? "yes" : "no",
           tied ? model::name_of(row.links->front().certainty) : std::string_view(), row.standing, row.level,
           row.first_seen, row.last_seen, row.times, row.port, row.bytes_out, row.encrypted_files, row.notes, row.mails,
           tied ? std::string_view(row.links->front().rule) : std::string_view(), basis, row.place, "TLP:" + tlp_});
  }
  [[nodiscard]] Exported finish() && { return std::move(out_); }

 private:
  void write(std::initializer_list<std::string_view> cells) {
    for (const std::string_view cell : cells) out_.bytes += csv_cell(cell) + ",";
    out_.bytes.back() = '\r';  // in the place of the last comma
    out_.bytes += '\n';
    ++out_.objects;
  }
  const PublicWords& words_;
  std::string tlp_;
  Exported out_;
};

Row row_of(const facts::ContactFacts& contact, const PublicWords& words) {
  Row row{.row = "value", .kind = contact.kind, .value = contact.value, .links = &contact.links};
  row.level = contact.level;
  row.times = number_of(contact.encrypted_files + contact.notes + contact.mails);
  row.encrypted_files = number_of(contact.encrypted_files);
  row.notes = number_of(contact.notes);
  row.mails = number_of(contact.mails);
  std::vector<std::string> places;
  for (const facts::Place& place : contact.places) {
    const std::string line = words.place(place);
    if (std::find(places.begin(), places.end(), line) != places.end()) continue;  // its name is withheld
    places.push_back(line);
    row.place += (row.place.empty() ? "" : "; ") + line;
  }
  return row;
}

Row row_of(const facts::AddressFacts& address) {
  Row row{.row = "value", .kind = "address", .value = address.address, .links = &address.links};
  row.standing = facts::name_of(address.standing);
  row.times = number_of(address.times);
  row.bytes_out = number_if_said(address.bytes_out);
  for (const facts::Observation& seen : address.observations) {
    if (!seen.at_ns || seen.standing != facts::Standing::fact) continue;
    if (row.first_seen.empty()) row.first_seen = stix_time(*seen.at_ns);
    row.last_seen = stix_time(*seen.at_ns);
  }
  return row;
}

Row row_of(const facts::AddressFacts& address, const facts::Observation& seen, const PublicWords& words) {
  Row row{.row = "observation", .kind = "address", .value = address.address, .links = &address.links};
  row.standing = facts::name_of(seen.standing);
  if (seen.at_ns) row.first_seen = row.last_seen = stix_time(*seen.at_ns);
  row.times = "1";
  row.port = number_if_said(seen.port);
  row.bytes_out = number_if_said(seen.bytes_out);
  row.basis = fmt::format("{}; time {}", words.sentence(seen.what, seen.place),
                          seen.at_ns ? model::name_of(seen.basis) : std::string_view("unknown"));
  row.place = words.place(seen.place);
  return row;
}

}  // namespace

std::string csv_cell(std::string_view text) {
  std::string cell;
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) cell = "'";
  cell += base::printable(text);
  if (cell.find_first_of("\",\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

Exported write_csv(const ExportInput& input) {
  const PublicWords words(input.facts, input.scope);
  CsvTable table(input, words);
  for (const facts::ContactFacts* contact : chosen_contacts(input, words)) table.add(row_of(*contact, words));
  for (const facts::AddressFacts* address : chosen_addresses(input, words)) {
    table.add(row_of(*address));
    for (const facts::Observation& seen : address->observations) table.add(row_of(*address, seen, words));
  }
  return std::move(table).finish();
}

}  // namespace lastgood::exports
