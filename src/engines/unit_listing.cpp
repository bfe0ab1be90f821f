// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/unit_listing.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/counted.h"
#include "engines/unit_row.h"

namespace lastgood::engines {

namespace {

constexpr std::size_t k_names_max = 1'000'000;

bool is_file_with_others(UnitKind kind) {
  const auto rows = unit_table();
  return std::any_of(rows.begin(), rows.end(),
                     [&](const UnitRow* row) { return row->kind == kind && row->form == UnitRow::Form::file; });
}

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

}  // namespace

std::vector<std::string> list_unit(const UnitView& view, const FoundUnit& unit) {
  const bool is_file = is_file_with_others(unit.kind);
  const std::string home = is_file ? parent_of(unit.path) : unit.path;
  const std::string beginning = is_file ? unit.path.substr(home.empty() ? 0 : home.size() + 1) : std::string();
  std::vector<std::string> names;
  std::vector<std::string> folders = {home};
  for (std::size_t at = 0; at < folders.size(); ++at) {
    const std::string folder = folders[at];
    const auto entries = view.list(folder);
    for (const UnitEntry& entry : entries.ok() ? entries.value() : std::vector<UnitEntry>{}) {
      if (!entry.name.starts_with(beginning) || names.size() == k_names_max) continue;
      names.push_back(folder.empty() ? entry.name : folder + "/" + entry.name);
      if (entry.kind == model::EntryKind::folder && !is_file) folders.push_back(names.back());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string describe_gone(const std::vector<std::string>& before, const std::vector<std::string>& now) {
  std::vector<std::string> gone;
  std::set_difference(before.begin(), before.end(), now.begin(), now.end(), std::back_inserter(gone));
  if (gone.empty()) return {};
  if (gone.size() == 1) return fmt::format("'{}' is gone", base::printable(gone.front()));
  return fmt::format("'{}' and {} are gone", base::printable(gone.front()), base::counted(gone.size() - 1, "other"));
}

}  // namespace lastgood::engines
