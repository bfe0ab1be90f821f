// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What of a cluster's configuration could run or load something, told for people; none of it is ever used. Pure but for
// reading the view. Private to engines/postgresql/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engines/unit.h"

namespace lastgood::engines::postgresql {

/// "postgresql.auto.conf: archive_command", "recovery.signal", ...
[[nodiscard]] std::vector<std::string> list_left_out(const UnitView& view, const std::string& folder);

/// The last value of `name` in a configuration file's text, quotes removed; empty when it is not set.
[[nodiscard]] std::string find_setting(std::string_view text, std::string_view name);

}  // namespace lastgood::engines::postgresql
