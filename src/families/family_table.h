// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What is publicly known of families of ransomware: appended extensions, names and texts of notes, addresses. Read from
// files in the form of the MISP galaxy (cluster JSON: `values[].value` and `values[].meta` with `extensions`,
// `ransomnotes-filenames`, `ransomnotes`, `links`), so that a newer table can be put beside ours. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lastgood::families {

struct Family {
  std::string name;
  std::vector<std::string> extensions;  // lower case, with the dot
  std::vector<std::string> note_names;  // lower case
  std::vector<std::string> texts;       // of notes, and addresses of its sites; lower case
};

struct FamilyTable {
  std::string name;     // of the table
  std::string version;  // as it says itself
  std::string date;     // of its facts: "2026-11-26"; empty: it does not say
  std::string caveat;   // why its facts are less than checked ones ("caveat"); empty: nothing speaks against them
  std::vector<Family> families;
};

inline constexpr std::uint64_t k_table_bytes_max = 64U << 20U;

/// `name` is for errors and stands for a table that names itself not. ErrorCode::misuse: it is no such table. Members
/// that are not understood are left out.
[[nodiscard]] base::Result<FamilyTable> parse_family_table(std::string_view json, const std::string& name);

/// The marks of one attack.
struct Marks {
  std::vector<std::string> extensions;  // ".bak9"
  std::vector<std::string> note_names;  // "README.txt"
  std::vector<std::string> contacts;    // "dog2398@mail.example", "abc...xyz.onion"
};

/// How much a name stands on. An extension or a note's name alone is used by many, also by honest programs.
enum class Strength : std::uint8_t { weak, strong };

struct NamedFamily {
  std::string name;
  Strength strength =
      Strength::weak;  // strong: a contact, or the extension together with the note's name, of a table without caveat
  std::vector<std::string> basis;  // one sentence for each mark that fits
  std::string table;               // "NAME, version VERSION of DATE: CAVEAT"
};

/// Strong ones first, then those with more marks, then by name; at most k_named_max. None is normal: the family is
/// unknown then. Notes' names that say nothing by themselves ("readme.txt") count for nothing.
[[nodiscard]] std::vector<NamedFamily> name_families(const FamilyTable& table, const Marks& marks);
inline constexpr std::size_t k_named_max = 10;

}  // namespace lastgood::families
