// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Does something listen there?
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace lastgood::os {

/// Connects and hangs up; nothing is sent. An Error says why not: refused, no such name, no answer within the time.
/// A name is looked up first, which takes as long as this machine's resolver takes. Any thread.
[[nodiscard]] base::Status try_tcp(const std::string& host, std::uint16_t port, double time_limit_s);

}  // namespace lastgood::os
