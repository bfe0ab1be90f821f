// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Services in a plan: which paths belong to which, in what order they come back, and when each is there again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "recovery/plan.h"
#include "recovery/restore_rate.h"
#include "services/services_file.h"

namespace lastgood::recovery {

/// Paths of `wanted` and of all it waits for, what can be made again left in. REQUIRES: the file has `wanted`.
[[nodiscard]] std::vector<std::string> paths_of_service(const services::ServicesFile& file, std::string_view wanted);

/// Fills Plan::services and Plan::rate_basis from the plan's items. Pure. `wanted` empty: all services.
void add_services(Plan& plan, const services::ServicesFile& file, std::string_view wanted, const RestoreRate& rate);

/// "Services, in the order in which they come back", a sentence each, and what the times stand on; empty without any.
[[nodiscard]] std::string format_services(const Plan& plan, std::string_view zone);

/// A service that does not come back, and why.
struct Hindered {
  std::string title;
  std::string why;
};
/// In the plan's order.
[[nodiscard]] std::vector<Hindered> find_hindered(const Plan& plan);

/// In which stage of a restore a path comes: services one after another, then what belongs to none, then what can be
/// made again. A plan without services has one stage.
class PlanStages {
 public:
  /// REQUIRES: `plan` outlives this.
  explicit PlanStages(const Plan& plan);
  [[nodiscard]] std::uint32_t count() const;
  [[nodiscard]] std::uint32_t stage_of(std::string_view path) const;
  /// Empty: the stage is of no service.
  [[nodiscard]] const PlanService* service_of(std::uint32_t stage) const;

 private:
  struct Place {
    std::string_view path;
    std::uint32_t stage = 0;
  };
  const Plan& plan_;
  std::vector<Place> places_;  // by path
};

/// As of when what a service itself brings back is, before any log is replayed; 0 or empty: nothing of that kind.
struct OwnTimes {
  struct Database {
    std::string path;
    std::int64_t as_of_ns = 0;  // 0: it cannot be used before its logs are replayed
  };
  std::vector<Database> databases;  // of servers, which logs may bring forward: PostgreSQL, MariaDB
  std::int64_t sets_ns = 0;         // of other sets that come back as one the oldest
  std::int64_t files_ns = 0;        // the newest snapshot that single files come from
};
/// One for each stage.
[[nodiscard]] std::vector<OwnTimes> find_own_times(const Plan& plan, const PlanStages& stages);

}  // namespace lastgood::recovery
