// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What is known of how many persons are concerned: four counts, each with its own basis, never one made of another.
// Kept as CASE/exposure/0001.json, 0002.json, ...; the newest is what reports and notices state. No identifier is in
// it: examples are masked.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "exposure/shown_access.h"
#include "model/finding.h"
#include "persons/column_recognition.h"
#include "persons/person_counter.h"

namespace lastgood::exposure {

enum class Basis : std::uint8_t {
  held,       // in what was read: on affected systems, or the copies that a person named for them
  encrypted,  // in files that the case says were encrypted
  readable,   // readable by the attacker, where access is shown
  leaving,    // leaving the house, where egress is shown
};
inline constexpr std::size_t k_bases = 4;
[[nodiscard]] std::string_view name_of(Basis basis);

enum class Standing : std::uint8_t {
  unknown,   // nothing shows it
  estimate,  // something was not read, or the evidence does not say how much
  final,     // of the paths that were read
};
[[nodiscard]] std::string_view name_of(Standing standing);

/// Between `lower` and `upper` persons. Empty: unknown, which is not none.
struct PersonBounds {
  Basis basis = Basis::held;
  Standing standing = Standing::unknown;
  std::optional<std::uint64_t> lower;
  std::optional<std::uint64_t> upper;
  bool is_at_least = false;  // the upper bound is one of what was read only; more was not
  std::string reason;        // sentences: on what it rests, or why it is unknown
  std::string evidence;      // ids of the pieces of evidence that show access or egress; empty: none
  persons::PersonCount count;
};

struct ColumnResult {
  std::string name;
  persons::ColumnKind kind = persons::ColumnKind::other;
  model::Certainty certainty = model::Certainty::weak;
  std::vector<std::string> reasons;
  std::uint64_t values = 0;
  std::uint64_t present = 0;
  std::uint64_t distinct_about = 0;
  std::vector<std::string> examples;  // masked
};

/// One table of one file; of many files where each holds one or few rows (HL7, FHIR, DICOM).
struct TableResult {
  std::string path;  // of the first file
  std::string kind;  // "sql", "csv", ...
  std::string database;
  std::string name;
  std::uint64_t files = 1;
  std::uint64_t rows = 0;
  std::uint64_t person_rows = 0;
  std::uint64_t columns = 0;  // all
  bool in_encrypted = false;  // its file is a readable copy of an encrypted one
  std::vector<ColumnResult> recognised;
};

/// A database that its own engine was asked about.
struct AskedUnit {
  std::string path;
  std::string kind;           // "postgresql", "mariadb"
  std::int64_t as_of_ns = 0;  // the last commit in what answered; 0: not known
};

struct UnreadFile {
  std::string path;
  std::string why;
};

struct FileFinding {
  std::string path;
  std::string finding;  // "rule: sentence"
};

struct ExposureResults {
  std::uint64_t number = 0;
  std::string made;  // RFC 3339
  std::string host;  // that held it, as the person said; empty: not said
  std::vector<std::string> paths;
  std::array<PersonBounds, k_bases> bases;
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t table_files = 0;  // that hold tables
  std::uint64_t other_files = 0;  // that hold none in a form known here: free text, pictures, programs
  std::uint64_t unread_count = 0;
  std::uint64_t encrypted_files = 0;      // that the case knows
  std::uint64_t encrypted_with_copy = 0;  // of them: a readable copy was among what was read
  std::uint64_t finding_count = 0;
  std::uint64_t table_count = 0;
  std::vector<TableResult> tables;    // with persons; the first k_listed_max
  std::vector<AskedUnit> units;       // the first k_listed_max
  std::vector<UnreadFile> unread;     // the first k_listed_max
  std::vector<FileFinding> findings;  // the first k_listed_max
  std::vector<ShownStatement> shown;  // what the timeline shows of access and egress; the first k_shown_max
  std::vector<std::string> doubts;    // what it tells of and is not counted
  std::uint64_t accessed_files = 0;   // counted ones that a log names
  std::uint64_t access_doubtful = 0;  // that could be one of a log as well as others could
  std::uint64_t timeline_events = 0;  // that the timeline held when it was asked
  std::string rule;                   // how persons were counted
  std::string sha256;                 // of the file; set by whoever reads or writes it
};
inline constexpr std::size_t k_listed_max = 10'000;
inline constexpr std::size_t k_shown_max = 100;

/// The rule of counting, as printed beside each number.
[[nodiscard]] std::string_view counting_rule();
/// "between 1 200 and 1 340 persons", "at least ...", "unknown".
[[nodiscard]] std::string words_of(const PersonBounds& bounds);
/// What stands before it in a summary: "held on affected systems".
[[nodiscard]] std::string_view title_of(Basis basis);

/// Writes the next number's file below the case, whole or not at all; sets `number`, `made` and `sha256`.
[[nodiscard]] base::Status write_results(const std::string& case_folder, ExposureResults& results);

}  // namespace lastgood::exposure
