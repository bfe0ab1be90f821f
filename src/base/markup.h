// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace lastgood::base {

/// Evidence as text of a page: readable, and nothing in it can become markup.
[[nodiscard]] std::string escape_html(std::string_view text);

}  // namespace lastgood::base
