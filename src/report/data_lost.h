// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// How much of what a service wrote is lost, as far as a case knows that: from the moment that its data are as of until
// the last moment at which it can have written, which is when it was seen down or its data came back; its files say
// more where it did not go on while it was struck. Nothing is called 0 without something that it stands on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/case_report.h"

namespace lastgood::report {

/// When the files of each service's data were changed last, as the scans of the attack saw them.
class LastChanges {
 public:
  explicit LastChanges(std::vector<ServiceShare>& services) : services_(services) {}
  /// Sets changed_ns of the services whose data lie there. The file's own time: attackers can set it.
  void see(std::string_view path, std::int64_t mtime_ns);

 private:
  std::vector<ServiceShare>& services_;
};

/// What counts of a service whose data are as of those that it waits for is when both wrote last. REQUIRES: each stands
/// behind all it waits for.
void settle_last_writes(std::vector<ServiceShare>& services);

/// "at most 5.2 s of 15 min 00 s allowed: kept; ..", "8 h 54 min of 1 h 00 min allowed: MISSED; ..", "unknown: ..".
[[nodiscard]] std::string data_lost_words(const facts::CaseFacts& facts, const ServiceShare& service);

/// "2 h 05 min of 4 h 00 min allowed: kept", with the word that counts.
[[nodiscard]] std::string against(double achieved_s, const std::optional<double>& target_s);

}  // namespace lastgood::report
