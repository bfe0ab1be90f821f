// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "tables/hl7_reader.h"

#include <string>
#include <vector>

#include <fmt/format.h>

#include "tables/patient_row.h"
#include "tables/rows_to_sink.h"

namespace lastgood::tables {

namespace {

constexpr std::size_t k_segment_bytes_max = std::size_t{1} << 20;
constexpr std::size_t k_repetitions_max = 64;
constexpr char k_frame_begin = 0x0B;
constexpr char k_frame_end = 0x1C;

/// The letters of MSH-1 and MSH-2; those of the standard until a message says otherwise.
struct Separators {
  char field = '|';
  char component = '^';
  char repetition = '~';
  char escape = '\\';
};

std::vector<std::string_view> split(std::string_view text, char separator, std::size_t parts_max) {
  std::vector<std::string_view> parts;
  while (parts.size() < parts_max) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) break;
    text.remove_prefix(at + 1);
  }
  return parts;
}

std::string_view part_of(const std::vector<std::string_view>& parts, std::size_t index) {
  return index < parts.size() ? parts[index] : std::string_view();
}

/// \F\, \S\, \T\, \R\, \E\ (chapter 2.7.1); others are dropped.
std::string unescaped(std::string_view text, const Separators& separators) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != separators.escape) {
      out += text[i];
      continue;
    }
    const std::size_t end = text.find(separators.escape, i + 1);
    if (end == std::string_view::npos) break;
    const std::string_view code = text.substr(i + 1, end - i - 1);
    if (code == "F") out += separators.field;
    if (code == "S") out += separators.component;
    if (code == "T") out += '&';
    if (code == "R") out += separators.repetition;
    if (code == "E") out += separators.escape;
    i = end;
  }
  return out;
}

class Hl7Reader {
 public:
  Hl7Reader(TextInput& input, TableSink& sink) : input_(input), sink_(sink), findings_(sink, "hl7") {}

  void read() {
    PatientRow::begin("PID", sink_);
    while (!stopped_) {
      const std::size_t end = input_.rest().find_first_of("\r\n\x1C");
      if (end != std::string_view::npos) {
        segment(input_.rest().substr(0, end));
        input_.skip(end + 1);
        continue;
      }
      if (input_.rest().size() > k_segment_bytes_max) {
        findings_.see("long-segment", input_.offset(), "a segment is longer than 1 MiB and was left out");
        input_.skip(input_.rest().size());
        skipping_ = true;
      }
      if (input_.more()) continue;
      segment(input_.rest());
      break;
    }
    findings_.flush();
  }

 private:
  void segment(std::string_view text) {
    if (skipping_) {
      skipping_ = false;
      return;
    }
    while (!text.empty() && (text[0] == k_frame_begin || text[0] == k_frame_end || text[0] == ' '))
      text.remove_prefix(1);
    if (text.starts_with("MSH")) return header(text);
    if (text.size() > 4 && text.starts_with("PID") && text[3] == separators_.field) patient(text);
  }

  void header(std::string_view text) {
    if (text.size() < 8) return findings_.see("header", input_.offset(), "an MSH segment is cut");
    separators_ = {.field = text[3], .component = text[4], .repetition = text[5], .escape = text[6]};
  }

  void patient(std::string_view text) {
    const std::vector<std::string_view> fields = split(text, separators_.field, 64);
    if (fields.size() < 4) return findings_.see("patient", input_.offset(), "a PID segment has no identifiers");
    row_.clear();
    identifiers(part_of(fields, 3));
    identifiers(part_of(fields, 2));  // of version 2.2 and before
    const auto name = split(first_of(part_of(fields, 5)), separators_.component, 8);
    std::string whole = clean(part_of(name, 1));
    for (const std::size_t part : {std::size_t{2}, std::size_t{0}}) {
      const std::string next = clean(part_of(name, part));
      if (!next.empty()) whole += whole.empty() ? next : " " + next;
    }
    row_.set(PatientColumn::name, whole);
    row_.set(PatientColumn::birth, first_of(part_of(fields, 7)).substr(0, 8));
    phones(part_of(fields, 13));
    phones(part_of(fields, 14));
    if (!row_.empty()) stopped_ = !row_.give(sink_);
  }
  std::string clean(std::string_view component) const {
    return unescaped(component.substr(0, component.find('&')), separators_);
  }
  std::string_view first_of(std::string_view field) const {
    return field.substr(0, field.find(separators_.repetition));
  }

  /// CX: number ^ check digit ^ scheme ^ assigning authority ^ type.
  void identifiers(std::string_view field) {
    for (const std::string_view one : split(field, separators_.repetition, k_repetitions_max)) {
      const auto parts = split(one, separators_.component, 12);
      const std::string value = unescaped(part_of(parts, 0), separators_);
      if (value.empty() || value == "\"\"") continue;
      const std::string_view type = part_of(parts, 4);
      // VN and AN number a stay, not a person.
      if (type == "VN" || type == "AN") continue;
      row_.set_identifier(fmt::format("{} {}", type, part_of(parts, 3)), value);
    }
  }
  /// XTN: number ^ use ^ equipment ^ mail ^ country ^ area ^ local ...
  void phones(std::string_view field) {
    for (const std::string_view one : split(field, separators_.repetition, k_repetitions_max)) {
      const auto parts = split(one, separators_.component, 12);
      std::string number = unescaped(part_of(parts, 0), separators_);
      if (number.empty()) number = fmt::format("{}{}{}", part_of(parts, 4), part_of(parts, 5), part_of(parts, 6));
      row_.set(PatientColumn::phone, number);
      row_.set(PatientColumn::email, unescaped(part_of(parts, 3), separators_));
    }
  }

  TextInput& input_;
  TableSink& sink_;
  RowFindings findings_;
  Separators separators_;
  PatientRow row_;
  bool skipping_ = false;  // within a segment that is too long
  bool stopped_ = false;
};

}  // namespace

bool looks_like_hl7(std::string_view head) {
  while (!head.empty() && (head[0] == k_frame_begin || head[0] == '\r' || head[0] == '\n')) head.remove_prefix(1);
  for (const std::string_view name : {"MSH", "FHS", "BHS"})
    if (head.size() > 8 && head.starts_with(name) && head.substr(4, 3) == "^~\\") return true;
  return false;
}

void read_hl7(TextInput& input, TableSink& sink) { Hl7Reader(input, sink).read(); }

}  // namespace lastgood::tables
