// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What start commands left running: CASE/services/logs/ID.process. The same start again must not put a second server
// beside the first, and a stop must not call stopped what still runs.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "services/services_file.h"

namespace lastgood::readiness {

/// `process`: the start command itself, which has not ended; 0: it has. `session`: what it began, with all that is of
/// it still now. REQUIRES: the folder of the logs is there.
[[nodiscard]] base::Status keep_left_running(const std::string& case_folder, const std::string& service, int process,
                                             int session);

/// The ids of those whose start command is the same, itself among them: what one of them began is the others', too.
[[nodiscard]] std::vector<std::string> services_with_start_of(const services::ServicesFile& file,
                                                              const services::Service& service);

/// The start command that was kept last for one of `ids`; 0: none was, or it has ended, and another may have its
/// number.
[[nodiscard]] int find_left_running(const std::string& case_folder, const std::vector<std::string>& ids);

/// Of what the last start commands of `ids` began, the commands first, the processes that still run. A server that
/// made a session of its own is not among them.
[[nodiscard]] std::vector<int> find_begun(const std::string& case_folder, const std::vector<std::string>& ids);

}  // namespace lastgood::readiness
