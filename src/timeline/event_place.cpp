// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "timeline/event_place.h"

#include <fmt/format.h>

#include <algorithm>

#include "os/directory_list.h"
#include "os/evidence.h"

namespace lastgood::timeline {

namespace {

constexpr std::size_t k_digits = 10;
constexpr std::string_view k_end = ".events";

bool is_event_file(std::string_view name) {
  if (name.size() != k_digits + k_end.size() || !name.ends_with(k_end)) return false;
  return name.substr(0, k_digits).find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::string events_folder(const std::string& case_folder) { return case_folder + "/events"; }

std::string event_file_name(std::uint64_t entry) { return fmt::format("{:010}{}", entry, k_end); }

base::Result<std::vector<std::string>> find_event_files(const std::string& case_folder) {
  std::vector<std::string> paths;
  const std::string folder = events_folder(case_folder);
  auto opened = os::open_evidence_root(folder);
  if (!opened.ok() && opened.error().code == base::ErrorCode::not_found) return paths;
  LG_ASSIGN(const os::Descriptor directory, std::move(opened));
  LG_TRY(os::list_directory(directory, folder, [&](std::string_view name, std::optional<os::FileKind> /*kind*/) {
    if (is_event_file(name)) paths.push_back(folder + "/" + std::string(name));
    return true;
  }));
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace lastgood::timeline
