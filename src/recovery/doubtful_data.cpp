// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/doubtful_data.h"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/human.h"
#include "recovery/below.h"
#include "services/leave_out.h"

namespace lastgood::recovery {

namespace {

struct Doubts {
  std::string service;
  services::Regenerable regenerable = services::Regenerable::no;
  std::uint64_t files = 0;
  std::string first;  // by name
};

std::string sentence_of(const Doubts& doubts) {
  const std::string what =
      fmt::format("the scan could not judge {} of it ('{}'), which may be struck, and no source has a copy of it",
                  base::counted(doubts.files, "file"), base::printable(doubts.first));
  if (doubts.regenerable == services::Regenerable::yes)
    return fmt::format(
        "service.regenerable: {}. Nothing is lost by that: '{}' makes it again from other data, last of all; until "
        "then what stands there is not to be used",
        what, doubts.service);
  return fmt::format("service.undecided: {}: it stays as it is, and '{}' stands on it", what, doubts.service);
}

}  // namespace

void name_doubtful_data(const services::ServicesFile& file, const LiveState& live,
                        const std::function<bool(const std::string& path)>& is_wanted, PlanBuilder& builder) {
  std::map<std::string, Doubts> by_path;
  for (const services::Service* const service : services::with_left_out(file)) {
    for (const services::DataUnit& data : service->data) {
      const bool is_server = data.kind == services::DataKind::postgresql || data.kind == services::DataKind::mariadb;
      if (is_server && !data.path.empty())
        by_path.try_emplace(data.path, Doubts{.service = service->id, .regenerable = data.regenerable});
    }
  }
  if (by_path.empty()) return;
  for (const auto& [path, hit] : live.hit) {
    if (hit.planned == HitFile::Planned::yes || hit.verdict != model::Verdict::undecided || !is_wanted(path)) continue;
    for (auto& [folder, doubts] : by_path) {
      if (!is_at_or_below(path, folder)) continue;
      if (doubts.files++ == 0 || hit.current_path < doubts.first) doubts.first = hit.current_path;
    }
  }
  for (const auto& [folder, doubts] : by_path)
    if (doubts.files > 0) builder.add_unjudged(folder, sentence_of(doubts));
}

}  // namespace lastgood::recovery
