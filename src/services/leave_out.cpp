// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "services/leave_out.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/error.h"

namespace lastgood::services {

namespace {

/// Who waits for one that is left out is left out, too; to the last that waits.
void pass_on(std::vector<Service>& services) {
  std::map<std::string_view, std::vector<std::size_t>> waiting_for;
  std::vector<std::size_t> left_out;
  for (std::size_t i = 0; i < services.size(); ++i) {
    for (const Dependency& dependency : services[i].depends_on) waiting_for[dependency.service].push_back(i);
    if (!services[i].mistake.empty()) left_out.push_back(i);
  }
  for (std::size_t at = 0; at < left_out.size(); ++at) {
    const Service& needed = services[left_out[at]];
    for (const std::size_t i : waiting_for[needed.id]) {
      if (!services[i].mistake.empty()) continue;
      services[i].mistake = fmt::format("it waits for {}, which is left out", needed.id);
      left_out.push_back(i);
    }
  }
}

/// Its page needs a name of its own, also where its id is missing or another's.
void name_apart(Sheet& sheet, std::set<std::string>& ids) {
  if (sheet.id.empty()) sheet.id = "sheet";
  if (sheet.title.empty()) sheet.title = fmt::format("Sheet of line {}", sheet.line);
  if (ids.insert(sheet.id).second) return;
  sheet.id += fmt::format("-line-{}", sheet.line);
  while (!ids.insert(sheet.id).second) sheet.id += "-again";
}

}  // namespace

void leave_out_mistakes(ServicesFile& file) {
  pass_on(file.services);
  std::set<std::string> ids;
  for (Service& service : file.services) {
    const auto wrong = std::stable_partition(service.sheets.begin(), service.sheets.end(),
                                             [](const Sheet& sheet) { return sheet.mistake.empty(); });
    service.left_out_sheets.assign(std::move_iterator(wrong), std::move_iterator(service.sheets.end()));
    service.sheets.erase(wrong, service.sheets.end());
    for (const Sheet& sheet : service.sheets) ids.insert(sheet.id);
  }
  for (Service& service : file.services) {
    for (Sheet& sheet : service.left_out_sheets) name_apart(sheet, ids);
  }
  const auto wrong = std::stable_partition(file.services.begin(), file.services.end(),
                                           [](const Service& service) { return service.mistake.empty(); });
  file.left_out.assign(std::move_iterator(wrong), std::move_iterator(file.services.end()));
  file.services.erase(wrong, file.services.end());
}

std::vector<const Service*> with_left_out(const ServicesFile& file) {
  std::vector<const Service*> out;
  for (const auto* services : {&file.services, &file.left_out}) {
    for (const Service& service : *services) out.push_back(&service);
  }
  return out;
}

std::vector<std::string> describe_left_out(const ServicesFile& file, std::string_view wanted) {
  std::vector<std::string> out;
  if (!wanted.empty()) return out;
  out = file.unknown_keys;
  for (const Service& service : file.left_out)
    out.push_back(fmt::format("{} ({}) is left out: {}", service.id, base::printable(service.title), service.mistake));
  return out;
}

}  // namespace lastgood::services
