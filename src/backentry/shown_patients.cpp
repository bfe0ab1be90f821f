// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "backentry/shown_patients.h"

#include <vector>

#include "backentry/line_file.h"
#include "os/folder.h"

namespace lastgood::backentry {

namespace {

std::string shown_path(const std::string& case_folder) { return case_folder + "/backentry/shown.jsonl"; }

std::set<std::string> shown_in(const std::vector<nlohmann::json>& lines) {
  std::set<std::string> out;
  for (const nlohmann::json& line : lines) {
    const auto found = line.find("patient_number");
    if (found != line.end() && found->is_string()) out.insert(found->get<std::string>());
  }
  return out;
}

}  // namespace

base::Status keep_shown(const std::string& case_folder, const std::set<std::string>& patient_numbers) {
  LG_TRY(os::make_private_folder(case_folder + "/backentry", os::WhenThere::accept));
  LG_ASSIGN(LineFile file, LineFile::open(shown_path(case_folder)));
  const std::set<std::string> known = shown_in(file.lines());
  std::vector<nlohmann::ordered_json> lines;
  for (const std::string& number : patient_numbers) {
    if (known.count(number) == 0) lines.push_back({{"patient_number", number}});
  }
  if (!lines.empty()) LG_TRY(file.append(lines));
  return base::Done{};
}

base::Result<bool> was_shown(const std::string& case_folder, const std::string& patient_number) {
  LG_ASSIGN(const std::vector<nlohmann::json> lines, read_lines(shown_path(case_folder)));
  return shown_in(lines).count(patient_number) > 0;
}

}  // namespace lastgood::backentry
