// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "report/struck_services.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "recovery/stands_as_seen.h"
#include "timeline/live_scans.h"

namespace lastgood::report {

base::Status count_struck(casefile::CaseStore& store, ServicesShare& services) {
  LG_ASSIGN(const std::vector<timeline::LiveScan> scans, timeline::find_live_scans(store, timeline::LiveScans::newest));
  for (ServiceShare& service : services.services) {
    const std::int64_t restored_ns = std::max(service.restored_ns, service.restored_again_ns);
    std::set<std::string> counted;  // data of a service may lie in each other
    for (const std::string& path : service.data_paths) {
      for (const timeline::LiveScan& live : scans) {
        const bool is_restored_since = live.scan.finished_ns != 0 && restored_ns >= live.scan.finished_ns;
        const auto count = [&](const model::FileRecord& file) {
          const bool is_its_own = file.path == path || file.path.starts_with(path + "/");
          const bool is_there =
              !is_restored_since ||
              recovery::stands_as_seen(
                  file.path, {.size_bytes = file.size_bytes, .mtime_ns = file.mtime_ns, .verdict = file.verdict});
          if (is_its_own && is_there) counted.insert(file.path);
          return counted.size() < 1'000'000;
        };
        casefile::FileFilter filter{.scan_id = {},
                                    .verdicts = {model::Verdict::encrypted, model::Verdict::partly_encrypted},
                                    .path = {},
                                    .path_below = path,
                                    .details = false};
        LG_TRY(timeline::visit_live_files(store, live, std::move(filter), count));
      }
    }
    service.struck = counted.size();
  }
  return base::Done{};
}

}  // namespace lastgood::report
