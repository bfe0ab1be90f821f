// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A page for A4 paper that needs nothing from outside and lets nothing out. Pure.
#pragma once

#include <string>
#include <string_view>

namespace lastgood::evidence {

/// REQUIRES: `title` and `body` are markup already; texts in them went through base::escape_html.
std::string page(std::string_view title, std::string_view body);

}  // namespace lastgood::evidence
