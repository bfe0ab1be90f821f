// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/time_option.h"

#include <fmt/format.h>

#include "base/rfc3339.h"

namespace lastgood::cli {

base::Result<std::int64_t> parse_time_option(const std::string& option, const std::string& text) {
  if (text.empty()) return std::int64_t{0};
  const auto time_ns = base::parse_rfc3339(text.size() == 10 ? text + "T00:00:00Z" : text);
  if (time_ns) return *time_ns;
  return base::Error{.code = base::ErrorCode::misuse,
                     .what = fmt::format("{} '{}' is no time", option, base::printable(text)),
                     .path = {},
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = "write 2022-11-22T03:00:00Z, 2022-11-22T08:30:00+05:30 or 2022-11-22"};
}

}  // namespace lastgood::cli
