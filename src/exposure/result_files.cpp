// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "exposure/result_files.h"

#include <algorithm>

#include <fmt/format.h>

#include "os/directory_list.h"

namespace lastgood::exposure {

namespace {

/// 0: not one of ours.
std::uint64_t number_of(std::string_view name) {
  constexpr std::string_view k_end = ".json";
  if (!name.ends_with(k_end) || name.size() < 4 + k_end.size() || name.size() > 9 + k_end.size()) return 0;
  std::uint64_t number = 0;
  for (const char c : name.substr(0, name.size() - k_end.size())) {
    if (c < '0' || c > '9') return 0;
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return number;
}

}  // namespace

std::string name_of_results(std::uint64_t number) { return fmt::format("{:04}.json", number); }

base::Result<std::uint64_t> find_newest(const std::string& folder) {
  const auto directory = os::open_evidence_root(folder);
  if (!directory.ok()) {
    if (directory.error().code == base::ErrorCode::not_found) return std::uint64_t{0};
    return directory.error();
  }
  std::uint64_t newest = 0;
  LG_TRY(os::list_directory(directory.value(), folder, [&](std::string_view name, std::optional<os::FileKind>) {
    newest = std::max(newest, number_of(name));
    return true;
  }));
  return newest;
}

}  // namespace lastgood::exposure
