// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The timeline as text and as JSON (docs/json.md). Both say the same; every statement has its place in the evidence,
// and what nothing says is called unknown.
#pragma once

#include <iosfwd>
#include <string>

#include <nlohmann/json.hpp>

#include "model/event.h"
#include "timeline/import_logs.h"
#include "timeline/summary.h"

namespace lastgood::cli {

nlohmann::ordered_json json_of(const timeline::ImportedLog& log);
nlohmann::ordered_json json_of(const model::Event& event);
nlohmann::ordered_json json_of(const timeline::TimelineSummary& summary);

void print_text(std::ostream& out, const timeline::ImportedLog& log);
/// One line. Times as the clocks of `zone` show them.
void print_text(std::ostream& out, const model::Event& event, const std::string& zone);
void print_text(std::ostream& out, const timeline::TimelineSummary& summary, const std::string& zone);

}  // namespace lastgood::cli
