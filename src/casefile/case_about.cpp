// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "casefile/case_about.h"

#include <array>
#include <string_view>
#include <utility>

namespace lastgood::casefile {

namespace {

constexpr std::array<std::pair<std::string_view, std::string CaseAbout::*>, 10> k_texts = {{
    {"about.organisation", &CaseAbout::organisation},
    {"about.address", &CaseAbout::address},
    {"about.contact", &CaseAbout::contact},
    {"about.sector", &CaseAbout::sector},
    {"about.police", &CaseAbout::police},
    {"about.case_number", &CaseAbout::case_number},
    {"about.officer", &CaseAbout::officer},
    {"about.offences", &CaseAbout::offences},
    {"about.zone", &CaseAbout::zone},
    {"about.clock_error", &CaseAbout::clock_error},
}};
constexpr std::array<std::pair<std::string_view, std::vector<std::string> CaseAbout::*>, 4> k_lists = {{
    {"about.own_domains", &CaseAbout::own_domains},
    {"about.own_blocks", &CaseAbout::own_blocks},
    {"about.own_relays", &CaseAbout::own_relays},
    {"about.family_tables", &CaseAbout::family_tables},
}};

}  // namespace

base::Result<CaseAbout> read_about(CaseStore& store) {
  CaseAbout about;
  for (const auto& [name, member] : k_texts) {
    LG_ASSIGN(auto value, store.setting(name));
    if (value) about.*member = std::move(*value);
  }
  for (const auto& [name, member] : k_lists) {
    LG_ASSIGN(const auto value, store.setting(name));
    if (!value) continue;
    for (std::size_t at = 0; at < value->size();) {
      const std::size_t end = std::min(value->find('\n', at), value->size());
      if (end > at) (about.*member).push_back(value->substr(at, end - at));
      at = end + 1;
    }
  }
  return about;
}

base::Status write_about(CaseStore& store, const CaseAbout& about) {
  for (const auto& [name, member] : k_texts) LG_TRY(store.put_setting(name, about.*member));
  for (const auto& [name, member] : k_lists) {
    std::string value;
    for (const std::string& item : about.*member) value += item + '\n';
    LG_TRY(store.put_setting(name, value));
  }
  return base::Done{};
}

}  // namespace lastgood::casefile
