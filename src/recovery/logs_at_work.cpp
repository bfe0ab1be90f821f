// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/logs_at_work.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/human.h"
#include "recovery/below.h"
#include "services/leave_out.h"

namespace lastgood::recovery {

namespace {

bool is_encrypted_hit(const HitFile& hit) {
  return hit.verdict == model::Verdict::encrypted || hit.verdict == model::Verdict::partly_encrypted;
}

bool has_encrypted(const LiveState& live, const std::string& folder) {
  return std::any_of(live.hit.begin(), live.hit.end(), [&](const auto& one) {
    return is_encrypted_hit(one.second) && is_at_or_below(one.first, folder);
  });
}

}  // namespace

void LogsAtWork::look(const services::ServicesFile& file, const LiveState& live) {
  const std::vector<const services::Service*> all = services::with_left_out(file);
  const auto holds_data = [&](const std::string& folder) {
    return std::any_of(all.begin(), all.end(), [&](const services::Service* service) {
      return std::any_of(service->data.begin(), service->data.end(),
                         [&](const services::DataUnit& data) { return is_at_or_below(data.path, folder); });
    });
  };
  for (const services::Service* const service : all) {
    for (const services::DataUnit& data : service->data) {
      if (data.path.empty() || data.logs.empty() || holds(data.logs)) continue;
      if (is_at_or_below(data.logs, data.path) || holds_data(data.logs) || !live.covers(data.logs)) continue;
      const auto user = os::find_folder_user(data.path);
      if (user && !has_encrypted(live, data.path)) places_.push_back({.logs = data.logs, .user = *user});
    }
  }
}

bool LogsAtWork::holds(std::string_view path) const {
  return std::any_of(places_.begin(), places_.end(),
                     [&](const Place& place) { return is_at_or_below(path, place.logs); });
}

void LogsAtWork::leave_struck(LiveState& live, PlanBuilder& builder) const {
  for (const Place& place : places_) {
    std::uint64_t files = 0;
    std::string first;
    for (auto& [path, hit] : live.hit) {
      if (!is_at_or_below(path, place.logs)) continue;
      hit.planned = HitFile::Planned::yes;
      if (!is_encrypted_hit(hit)) continue;
      if (files++ == 0 || hit.current_path < first) first = hit.current_path;
    }
    if (files == 0) continue;
    builder.add_unjudged(
        place.logs, fmt::format("logs.in-use: {} of these saved logs {} struck ('{}'), and the server that writes them "
                                "is at work ({}, process {}): nothing is put there. Stop it, scan and plan again",
                                base::counted(files, "file"), files == 1 ? "is" : "are", base::printable(first),
                                base::printable(place.user.name), place.user.process_id));
  }
}

bool is_state_of_binlog(const std::string& path, const LiveState& live) {
  constexpr std::string_view k_end = ".state";
  if (!path.ends_with(k_end) || !live.covers(path) || live.hit.contains(path) || live.is_left_alone(path)) return false;
  return live.is_left_alone(path.substr(0, path.size() - k_end.size()) + ".index");
}

}  // namespace lastgood::recovery
