// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Start commands that were left running: CASE/services/logs/ID.process. The same start again must not put a second
// server beside the first.
#pragma once

#include <string>

#include "base/result.h"

namespace lastgood::readiness {

/// REQUIRES: the folder of the logs is there.
[[nodiscard]] base::Status keep_left_running(const std::string& case_folder, const std::string& service, int process);

/// The process that was kept last for this service; 0: none was, or it has ended, and another may have its number.
[[nodiscard]] int find_left_running(const std::string& case_folder, const std::string& service);

}  // namespace lastgood::readiness
