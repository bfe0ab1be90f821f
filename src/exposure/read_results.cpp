// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Our own file, but it may have been changed: every field is checked before it is believed.
#include "exposure/read_results.h"

#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include "base/checksum.h"
#include "base/rfc3339.h"
#include "exposure/result_files.h"
#include "os/append_file.h"

namespace lastgood::exposure {

namespace {

using ReadJson = nlohmann::json;

constexpr std::size_t k_results_bytes_max = std::size_t{256} << 20;
constexpr std::size_t k_table_columns_max = 4096;
constexpr std::size_t k_texts_max = 1000;

/// Thrown inside this file only, beside the library's own.
struct BadResults {
  std::string what;
};

base::Error damaged(std::string what) {
  return {.code = base::ErrorCode::damaged_container,
          .what = fmt::format("cannot use the exposure count: {}", what),
          .path = {},
          .offset_bytes = {},
          .system_errno = 0,
          .hint = "count again with 'lastgood exposure PATH...'"};
}

std::uint64_t number_in(const ReadJson& object, const char* name) {
  const ReadJson& value = object.at(name);
  if (!value.is_number_unsigned()) throw BadResults{fmt::format("'{}' is no number", name)};
  return value.get<std::uint64_t>();
}
std::string text_in(const ReadJson& object, const char* name) { return object.at(name).get<std::string>(); }

const ReadJson& list_in(const ReadJson& object, const char* name, std::size_t count_max) {
  const ReadJson& list = object.at(name);
  if (!list.is_array() || list.size() > count_max)
    throw BadResults{fmt::format("'{}' is no list of at most {}", name, count_max)};
  return list;
}
std::vector<std::string> texts_in(const ReadJson& object, const char* name, std::size_t count_max) {
  std::vector<std::string> texts;
  for (const ReadJson& text : list_in(object, name, count_max)) texts.push_back(text.get<std::string>());
  return texts;
}

template <typename Name>
Name named(const ReadJson& object, const char* field, std::initializer_list<Name> all) {
  const std::string text = text_in(object, field);
  for (const Name one : all)
    if (name_of(one) == text) return one;
  throw BadResults{fmt::format("'{}' is '{}'", field, base::printable(text))};
}

std::optional<std::uint64_t> maybe_number(const ReadJson& object, const char* name) {
  if (object.at(name).is_null()) return std::nullopt;
  return number_in(object, name);
}

PersonBounds bounds_of(const ReadJson& object) {
  PersonBounds out;
  out.basis = named(object, "basis", {Basis::held, Basis::encrypted, Basis::readable, Basis::leaving});
  out.standing = named(object, "standing", {Standing::unknown, Standing::estimate, Standing::final});
  out.lower = maybe_number(object, "lower");
  out.upper = maybe_number(object, "upper");
  if (out.upper.has_value() != (out.standing != Standing::unknown) || (out.upper && out.lower.value_or(0) > *out.upper))
    throw BadResults{"bounds that contradict each other"};
  out.is_at_least = object.at("at_least").get<bool>();
  out.reason = text_in(object, "reason");
  out.evidence = text_in(object, "evidence");
  out.count.rows = number_in(object, "rows");
  out.count.identifiers = number_in(object, "identifiers");
  out.count.absorbed = number_in(object, "absorbed");
  out.count.contacts = number_in(object, "contacts");
  out.count.rows_without_id = number_in(object, "rows_without_id");
  out.count.placeholders = number_in(object, "placeholders");
  out.count.lower = out.lower.value_or(0);
  out.count.upper = out.upper.value_or(0);
  return out;
}

ColumnResult column_of(const ReadJson& object) {
  ColumnResult out;
  out.name = text_in(object, "name");
  const auto kind = persons::find_column_kind(text_in(object, "kind"));
  if (!kind) throw BadResults{"a kind of column that is not known"};
  out.kind = *kind;
  const std::string certainty = text_in(object, "certainty");
  for (const auto one : {model::Certainty::weak, model::Certainty::strong, model::Certainty::proven})
    if (model::name_of(one) == certainty) out.certainty = one;
  out.reasons = texts_in(object, "reasons", k_texts_max);
  out.values = number_in(object, "values");
  out.present = number_in(object, "present");
  out.distinct_about = number_in(object, "distinct_about");
  out.examples = texts_in(object, "examples", k_texts_max);
  return out;
}

TableResult table_of(const ReadJson& object) {
  TableResult out;
  out.path = text_in(object, "path");
  out.kind = text_in(object, "kind");
  out.database = text_in(object, "database");
  out.name = text_in(object, "name");
  out.files = number_in(object, "files");
  out.rows = number_in(object, "rows");
  out.person_rows = number_in(object, "person_rows");
  out.columns = number_in(object, "columns");
  out.in_encrypted = object.at("in_encrypted").get<bool>();
  for (const ReadJson& column : list_in(object, "recognised", k_table_columns_max))
    out.recognised.push_back(column_of(column));
  return out;
}

ShownStatement shown_of(const ReadJson& object) {
  ShownStatement out;
  out.reach = named(object, "reach", {Reach::files, Reach::share, Reach::host, Reach::database, Reach::flow});
  out.account = text_in(object, "account");
  out.address = text_in(object, "address");
  out.to_address = text_in(object, "to_address");
  out.why_tied = text_in(object, "why_tied");
  out.times = number_in(object, "times");
  out.bytes = number_in(object, "bytes");
  out.files = number_in(object, "files");
  out.log = {
      .path = text_in(object, "log"), .parser = text_in(object, "parser"), .evidence_id = text_in(object, "evidence")};
  out.offset_bytes = number_in(object, "offset");
  out.line = maybe_number(object, "line");
  return out;
}

/// Counts that were made before the timeline was asked have none of it.
void take_shown(const ReadJson& document, ExposureResults& out) {
  if (!document.contains("shown")) return;
  for (const ReadJson& shown : list_in(document, "shown", k_shown_max)) out.shown.push_back(shown_of(shown));
  out.doubts = texts_in(document, "doubts", k_texts_max);
  out.accessed_files = number_in(document, "accessed_files");
  out.access_doubtful = number_in(document, "access_doubtful");
  out.timeline_events = number_in(document, "timeline_events");
}

/// Earlier versions did not write them down.
void take_units(const ReadJson& document, ExposureResults& out) {
  for (const ReadJson& unit : list_in(document, "units", k_listed_max)) {
    AskedUnit asked{.path = text_in(unit, "path"), .kind = text_in(unit, "kind")};
    if (!unit.at("as_of").is_null()) {
      const auto as_of_ns = base::parse_rfc3339(text_in(unit, "as_of"));
      if (!as_of_ns) throw BadResults{"a time that is none"};
      asked.as_of_ns = *as_of_ns;
    }
    out.units.push_back(std::move(asked));
  }
}

ExposureResults results_of(const ReadJson& document) {
  if (number_in(document, "format") != k_results_format) throw BadResults{"it is of another version"};
  ExposureResults out;
  out.number = number_in(document, "number");
  out.made = text_in(document, "made");
  out.host = text_in(document, "host");
  out.paths = texts_in(document, "paths", k_listed_max);
  const ReadJson& bases = list_in(document, "bases", k_bases);
  if (bases.size() != k_bases) throw BadResults{"a basis is missing"};
  for (std::size_t i = 0; i < k_bases; ++i) {
    out.bases.at(i) = bounds_of(bases[i]);
    if (out.bases.at(i).basis != static_cast<Basis>(i)) throw BadResults{"the bases are out of order"};
  }
  take_shown(document, out);
  out.rule = text_in(document, "rule");
  out.files = number_in(document, "files");
  out.bytes = number_in(document, "bytes");
  out.table_files = number_in(document, "table_files");
  out.other_files = number_in(document, "other_files");
  out.unread_count = number_in(document, "unread_count");
  out.encrypted_files = number_in(document, "encrypted_files");
  out.encrypted_with_copy = number_in(document, "encrypted_with_copy");
  out.finding_count = number_in(document, "finding_count");
  out.table_count = number_in(document, "table_count");
  for (const ReadJson& table : list_in(document, "tables", k_listed_max)) out.tables.push_back(table_of(table));
  if (document.contains("units")) take_units(document, out);
  for (const ReadJson& file : list_in(document, "unread", k_listed_max))
    out.unread.push_back({.path = text_in(file, "path"), .why = text_in(file, "why")});
  for (const ReadJson& finding : list_in(document, "findings", k_listed_max))
    out.findings.push_back({.path = text_in(finding, "path"), .finding = text_in(finding, "finding")});
  return out;
}

}  // namespace

base::Result<ExposureResults> parse_results(std::string_view text) {
  try {
    const ReadJson document = ReadJson::parse(text);
    ExposureResults out = results_of(document);
    out.sha256 = base::hex(base::ByteView(base::sha256(base::ByteView(text))));
    return out;
  } catch (const BadResults& bad) {
    return damaged(bad.what);
  } catch (const ReadJson::exception& bad) {
    return damaged(base::printable(bad.what()));
  }
}

base::Result<std::optional<ExposureResults>> read_results(const std::string& case_folder) {
  const std::string folder = case_folder + "/" + std::string(k_results_folder);
  LG_ASSIGN(const std::uint64_t newest, find_newest(folder));
  if (newest == 0) return std::optional<ExposureResults>();
  LG_ASSIGN(const std::string text, os::read_own_file(folder + "/" + name_of_results(newest), k_results_bytes_max));
  LG_ASSIGN(ExposureResults results, parse_results(text));
  return std::optional(std::move(results));
}

}  // namespace lastgood::exposure
