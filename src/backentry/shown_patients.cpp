// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "backentry/shown_patients.h"

#include <vector>

#include "backentry/line_file.h"
#include "backentry/persons_of_numbers.h"
#include "os/folder.h"

namespace lastgood::backentry {

namespace {

std::string shown_path(const std::string& case_folder) { return case_folder + "/backentry/shown.jsonl"; }

/// Lines of before this was kept for each entry name none: they speak for nobody, and the facts are compared instead.
ShownPatients shown_in(const std::vector<nlohmann::json>& lines) {
  ShownPatients out;
  for (const nlohmann::json& line : lines) {
    const auto entry = line.find("entry");
    const auto number = line.find("patient_number");
    if (entry == line.end() || !entry->is_number_unsigned() || number == line.end() || !number->is_string()) continue;
    const auto but = line.find("but");
    const bool has_but = but != line.end() && but->is_string();
    out[entry->get<std::uint64_t>()][number->get<std::string>()] = has_but ? but->get<std::string>() : std::string();
  }
  return out;
}

}  // namespace

base::Status keep_shown(const std::string& case_folder, const ShownPatients& patient_numbers) {
  LG_TRY(os::make_private_folder(case_folder + "/backentry", os::WhenThere::accept));
  LG_ASSIGN(LineFile file, LineFile::open(shown_path(case_folder)));
  ShownPatients known = shown_in(file.lines());
  std::vector<nlohmann::ordered_json> lines;
  for (const auto& [entry, numbers] : patient_numbers) {
    for (const auto& [number, but] : numbers) {
      const auto [at, is_new] = known[entry].try_emplace(number, but);
      if (!is_new && at->second == but) continue;
      at->second = but;
      lines.push_back({{"entry", entry}, {"patient_number", number}, {"but", but}});
    }
  }
  if (!lines.empty()) LG_TRY(file.append(lines));
  return base::Done{};
}

base::Result<ShownPatients> read_shown(const std::string& case_folder) {
  LG_ASSIGN(const std::vector<nlohmann::json> lines, read_lines(shown_path(case_folder)));
  return shown_in(lines);
}

std::optional<std::string> shown_as(const ShownPatients& shown, std::uint64_t entry, std::string_view patient_number) {
  const auto found = shown.find(entry);
  if (found == shown.end()) return std::nullopt;
  const ShownOfEntry& numbers = found->second;
  if (const auto exact = numbers.find(std::string(patient_number)); exact != numbers.end()) return exact->first;
  std::optional<std::string> out;
  for (const auto& [number, but] : numbers) {
    if (written_key(number) != written_key(patient_number)) continue;
    if (out) return std::nullopt;  // two patients, told apart by capital letters alone
    out = number;
  }
  return out;
}

}  // namespace lastgood::backentry
