// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "readiness/ask_health.h"

namespace lastgood::readiness {

/// GET; well when the answer is 200 to 399. Redirections are not followed, at most 1 MiB of the answer is read.
[[nodiscard]] HealthAnswer ask_http(const std::string& url, double time_limit_s);

}  // namespace lastgood::readiness
