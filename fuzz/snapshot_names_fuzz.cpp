// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Names of folders and archives, one on each line, and the times in tar's texts.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "sources/folder/snapshot_rules.h"
#include "sources/name_time.h"
#include "sources/open_source.h"
#include "sources/tar/pax_records.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using namespace lastgood::sources;

void demand(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

void check_name(const std::string& name) {
  const auto time = find_time_in_name(name);
  if (time) {
    demand(time->from < time->to && time->to <= name.size(), "a time lies in the name");
    // 1979-12-31 to 2100-01-01 with zones.
    demand(time->time_ns > 315'400'000'000'000'000 && time->time_ns < 4'102'600'000'000'000'000,
           "a time is of our days");
    demand(folder::find_snapshot_rule(name).has_value(), "a name with a time follows a rule");
  }
  (void)tar::parse_pax_time(name);
  const auto address = parse_source_address(name);
  if (address.ok()) {
    const auto again = parse_source_address(format_source_address(address.value()));
    demand(again.ok() && again.value() == address.value(), "an address has one spelling");
  } else {
    demand(!address.error().hint.empty(), "a mistake is answered with a hint");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::string> names(1);
  for (std::size_t i = 0; i < size; ++i) {
    if (data[i] == '\n') {
      names.emplace_back();
    } else {
      names.back().push_back(static_cast<char>(data[i]));
    }
  }
  for (const std::string& name : names) check_name(name);
  const auto rule = folder::decide_snapshot_rule(names);
  demand(!rule || names.size() >= folder::k_snapshot_siblings_min, "one folder alone is no snapshot");
  return 0;
}
