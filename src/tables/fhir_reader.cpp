// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "tables/fhir_reader.h"

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tables/patient_row.h"
#include "tables/rows_to_sink.h"

namespace lastgood::tables {

namespace {

constexpr std::size_t k_resource_bytes_max = std::size_t{4} << 20;
constexpr std::size_t k_depth_max = 64;  // of objects and arrays; FHIR itself needs a dozen

using nlohmann::json;

/// A text below `object`; empty where it is not one.
std::string text_at(const json& object, const char* name) {
  const auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}
const json& list_at(const json& object, const char* name) {
  static const json empty = json::array();
  const auto at = object.find(name);
  return at != object.end() && at->is_array() ? *at : empty;
}

/// Type codes and addresses of an identifier, as one text to look for words in.
std::string system_of(const json& identifier) {
  std::string out = text_at(identifier, "system");
  const auto type = identifier.find("type");
  if (type == identifier.end() || !type->is_object()) return out;
  out += ' ' + text_at(*type, "text");
  for (const json& coding : list_at(*type, "coding"))
    if (coding.is_object()) out += ' ' + text_at(coding, "code");
  return out;
}

void set_name(const json& patient, PatientRow& row) {
  for (const json& name : list_at(patient, "name")) {
    if (!name.is_object()) continue;
    std::string whole;
    for (const json& given : list_at(name, "given"))
      if (given.is_string()) whole += given.get<std::string>() + " ";
    whole += text_at(name, "family");
    row.set(PatientColumn::name, whole.size() > 1 ? whole : text_at(name, "text"));
    return;
  }
}

/// The resource, read. Everything that is not as it should be is passed over.
void set_patient(const json& patient, PatientRow& row) {
  bool has_number = false;
  for (const json& identifier : list_at(patient, "identifier")) {
    if (!identifier.is_object()) continue;
    const std::string value = text_at(identifier, "value");
    if (value.empty()) continue;
    row.set_identifier(system_of(identifier), value);
    has_number = true;
  }
  // The server's own id is a number too where nothing else is.
  if (!has_number) row.set_identifier("", text_at(patient, "id"));
  set_name(patient, row);
  row.set(PatientColumn::birth, text_at(patient, "birthDate"));
  for (const json& telecom : list_at(patient, "telecom")) {
    if (!telecom.is_object()) continue;
    const std::string system = text_at(telecom, "system");
    if (system == "phone" || system == "sms") row.set(PatientColumn::phone, text_at(telecom, "value"));
    if (system == "email") row.set(PatientColumn::email, text_at(telecom, "value"));
  }
}

/// Follows brackets and strings; keeps the bytes of the resource that is open.
class FhirReader {
 public:
  FhirReader(TextInput& input, TableSink& sink) : input_(input), sink_(sink), findings_(sink, "fhir") {}

  void read() {
    PatientRow::begin("Patient", sink_);
    while (!stopped_) {
      if (input_.rest().empty() && !input_.more()) break;
      const std::string_view text = input_.rest();
      for (const char c : text) {
        take(c);
        if (stopped_) break;
      }
      input_.skip(text.size());
    }
    if (depth_ > 0) findings_.see("end", input_.offset(), "a resource ends in the middle");
    findings_.flush();
  }

 private:
  void take(char c) {
    if (is_kept_ && depth_ > 0) keep(c);
    if (in_string_) return take_in_string(c);
    switch (c) {
      case '"':
        in_string_ = true;
        key_.clear();
        break;
      case '{': open(c); break;
      case '[': open(c); break;
      case '}':
      case ']': close(); break;
      case ':': last_key_ = key_; break;
      case ',': last_key_.clear(); break;
      default: break;
    }
  }
  void take_in_string(char c) {
    if (is_escaped_) {
      is_escaped_ = false;
    } else if (c == '\\') {
      is_escaped_ = true;
    } else if (c == '"') {
      in_string_ = false;
    } else if (key_.size() < 32) {
      key_ += c;
    }
  }
  void keep(char c) {
    if (resource_.size() < k_resource_bytes_max) {
      resource_ += c;
    } else {
      is_too_long_ = true;
    }
  }
  void open(char c) {
    ++depth_;
    // Within a Bundle each entry's "resource" is one; else the document is.
    const bool begins_entry = c == '{' && depth_ == 4 && last_key_ == "resource";
    const bool begins_document = c == '{' && depth_ == 1;
    if (begins_entry || begins_document) {
      is_kept_ = true;
      is_too_long_ = false;
      kept_depth_ = depth_;
      resource_.assign(1, c);
    }
    if (depth_ == k_depth_max + 1) findings_.see("depth", input_.offset(), "brackets are nested more than 64 deep");
    last_key_.clear();
  }
  void close() {
    if (depth_ == 0) return findings_.see("brackets", input_.offset(), "a bracket is closed that was not opened");
    if (is_kept_ && depth_ == kept_depth_) {
      is_kept_ = false;
      parse();
    }
    --depth_;
    last_key_.clear();
  }

  void parse() {
    if (is_too_long_) {
      // A Bundle that is long and has entries of an unknown form; or one resource that no patient needs.
      return findings_.see("long-resource", input_.offset(), "a resource is longer than 4 MiB and was left out");
    }
    if (resource_.find("\"Patient\"") == std::string::npos) return;
    if (depth_too_large()) return;
    const json document = json::parse(resource_, nullptr, false);
    if (document.is_discarded()) return findings_.see("json", input_.offset(), "a resource is no JSON");
    if (!document.is_object() || text_at(document, "resourceType") != "Patient") return;
    row_.clear();
    set_patient(document, row_);
    if (!row_.empty()) stopped_ = !row_.give(sink_);
  }
  /// The library goes one call deeper for each bracket when it clears up.
  bool depth_too_large() const {
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < resource_.size(); ++i) {
      const char c = resource_[i];
      if (in_string) {
        if (c == '\\') ++i;
        if (c == '"') in_string = false;
        continue;
      }
      if (c == '"') in_string = true;
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && depth > 0) --depth;
      if (depth > k_depth_max) return true;
    }
    return false;
  }

  TextInput& input_;
  TableSink& sink_;
  RowFindings findings_;
  PatientRow row_;
  std::string resource_;
  std::string key_;       // the string that is open, or was last
  std::string last_key_;  // the name in front of the value that comes
  std::size_t depth_ = 0;
  std::size_t kept_depth_ = 0;
  bool is_kept_ = false;
  bool is_too_long_ = false;
  bool in_string_ = false;
  bool is_escaped_ = false;
  bool stopped_ = false;
};

}  // namespace

bool looks_like_fhir(std::string_view head) {
  const std::size_t at = head.find_first_not_of(" \t\r\n");
  return at != std::string_view::npos && head[at] == '{' && head.find("\"resourceType\"") != std::string_view::npos;
}

void read_fhir(TextInput& input, TableSink& sink) { FhirReader(input, sink).read(); }

}  // namespace lastgood::tables
