// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/case_zone.h"

#include <ostream>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/letters.h"
#include "casefile/case_about.h"
#include "cli/output/shell_word.h"
#include "recovery/names_zone.h"

namespace lastgood::cli {

std::string zone_of(casefile::CaseStore& store) {
  const auto about = casefile::read_about(store);
  return about.ok() ? about.value().zone : std::string();
}

bool is_zone(std::string_view text) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  return text.size() == 6 && (text[0] == '+' || text[0] == '-') && digit(1) && digit(2) && text[3] == ':' && digit(4) &&
         digit(5) && text.substr(1, 2) <= "14" && text[4] < '6';
}

std::string describe_assumed_zones(const Session& session) {
  const auto assumed = recovery::find_assumed_zones(*session.store);
  if (!assumed.ok() || assumed.value().empty()) return {};  // a case that cannot be read has said so elsewhere
  std::vector<std::string> names;
  for (const std::string& name : assumed.value()) names.push_back("'" + base::printable(name) + "'");
  return fmt::format(
      "names of snapshots in {} say a time and no zone: UTC is assumed, in all that follows. If that is wrong: "
      "lastgood --case {} case describe --zone +05:30   (your zone; or of one source: backups add --names-in)",
      fmt::join(names, ", "), shell_word(session.folder));
}

void print_assumed_zones(const Session& session, Context& context) {
  const std::string note = describe_assumed_zones(session);
  if (!note.empty()) context.err << "note: " << note << "\n";
}

}  // namespace lastgood::cli
