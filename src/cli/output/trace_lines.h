// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A traced mail as JSON (docs/json.md) and as text. Both say the same, and neither says more than was seen: an address
// is a server, what the sender could have made up is called a claim.
#pragma once

#include <iosfwd>
#include <string>

#include <nlohmann/json.hpp>

#include "trace/trace_mail.h"

namespace lastgood::cli {

nlohmann::ordered_json json_of(const std::string& path, const trace::MailTrace& mail);

void print_text(std::ostream& out, const std::string& path, const trace::MailTrace& mail);

}  // namespace lastgood::cli
