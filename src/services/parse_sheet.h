// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One [[service.ID.sheet]].
#pragma once

#include <string>
#include <string_view>

#include "services/services_file.h"
#include "services/table_reader.h"
#include "services/toml_value.h"

namespace lastgood::services {

/// `where`: "service 'opd'".
[[nodiscard]] Sheet parse_sheet(const TomlValue& table, const std::string& where, Mistakes& mistakes);

/// Why this cannot be one question that only reads; empty: it may be one. The engine's own read-only account decides;
/// this says what can be said on reading the file.
[[nodiscard]] std::string_view find_no_question(std::string_view sql);

/// The same of a health check, which a live server is asked: it may also begin with SHOW, and writes no file there.
[[nodiscard]] std::string_view find_no_health_question(std::string_view sql);

}  // namespace lastgood::services
