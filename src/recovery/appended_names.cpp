// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/appended_names.h"

#include <set>

namespace lastgood::recovery {

base::Result<std::vector<std::string>> appended_extensions(casefile::CaseStore& store) {
  std::set<std::string> found;
  LG_ASSIGN(const std::vector<model::Scan> scans, store.scans());
  for (const model::Scan& scan : scans) {
    LG_ASSIGN(const std::vector<model::Campaign> campaigns, store.campaigns(scan.id));
    for (const model::Campaign& campaign : campaigns) {
      if (campaign.extension.size() > 1 && campaign.extension[0] == '.') found.insert(campaign.extension);
    }
  }
  return std::vector<std::string>(found.begin(), found.end());
}

std::string original_name(std::string_view name, const std::vector<std::string>& extensions) {
  for (const std::string& extension : extensions) {
    if (name.size() > extension.size() && name.ends_with(extension))
      return std::string(name.substr(0, name.size() - extension.size()));
  }
  return std::string(name);
}

}  // namespace lastgood::recovery
