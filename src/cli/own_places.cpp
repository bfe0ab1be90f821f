// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/own_places.h"

#include <fmt/format.h>

#include "base/misuse.h"
#include "casefile/case_about.h"

namespace lastgood::cli {

base::Result<sightings::OwnPlaces> parse_own(const std::vector<std::string>& own) {
  sightings::OwnPlaces places;
  for (const std::string& text : own) {
    if (const auto block = model::parse_ip_block(text)) {
      places.blocks.push_back(*block);
      continue;
    }
    std::string domain = text;
    for (char& c : domain) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if (domain.find('.') == std::string::npos || domain.find('/') != std::string::npos) {
      return base::misuse(fmt::format("'{}' is no domain and no block of addresses", base::printable(text)),
                          "such as '--own hospital.example.in' or '--own 198.51.100.0/24'");
    }
    places.domains.push_back(std::move(domain));
  }
  return places;
}

base::Status add_own_of_case(casefile::CaseStore& store, sightings::OwnPlaces& own) {
  LG_ASSIGN(const casefile::CaseAbout about, casefile::read_about(store));
  own.domains.insert(own.domains.end(), about.own_domains.begin(), about.own_domains.end());
  for (const std::string& text : about.own_blocks) {
    if (const auto block = model::parse_ip_block(text)) own.blocks.push_back(*block);
  }
  return base::Done{};
}

}  // namespace lastgood::cli
