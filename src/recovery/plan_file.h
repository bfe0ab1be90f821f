// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A plan as a file that people can read, compare and sign: JSON with one item per line, and its own digest near the
// top.
//
//   {"type":"plan","version":1,
//    "digest":"sha256:<64 hexadecimal digits>",   SHA-256 of the file with these digits replaced by zeros
//    "made":..., "case":..., "sources":[...], "snapshots":[...], "units":[...], "whys":[...], "tops":[...], ...
//    "losses":[...],
//    "items":[...]}
//
// A path that is not UTF-8 has NAME_b64 beside a readable NAME. docs/json.md lists every field.
#pragma once

#include <string>

#include "base/result.h"
#include "recovery/plan.h"

namespace lastgood::recovery {

/// Gives the digest, 64 hexadecimal digits. An existing file is replaced as a whole.
[[nodiscard]] base::Result<std::string> write_plan(const Plan& plan, const std::string& path);

struct ReadPlan {
  Plan plan;
  std::string digest;
};

/// ErrorCode::damaged_container when the digest does not match or a field makes no sense; unsupported when it is of a
/// newer program. Paths are absolute and without "..", indexes are in range: whoever carries it out may rely on it.
[[nodiscard]] base::Result<ReadPlan> read_plan(const std::string& path);

/// Where a case keeps a plan that was carried out in place, by its digest: another plan may take the name of the file
/// that a person made.
[[nodiscard]] std::string kept_plan_path(const std::string& journal_folder, const std::string& digest);

/// Copies the plan at `path` there, byte for byte, unless it is there. ErrorCode::damaged_container when `path` is not
/// the plan of this digest any more.
[[nodiscard]] base::Status keep_plan(const std::string& path, const std::string& digest,
                                     const std::string& journal_folder);

/// The fields of a plan's text, checked as read_plan says but for the digest. For read_plan and the fuzzer; `path` is
/// for messages.
[[nodiscard]] base::Result<Plan> parse_plan(std::string text, const std::string& path);

/// The same for people: what comes back from where, what does not, how much space, and lines to sign on; times as the
/// clocks of `zone` show them.
[[nodiscard]] std::string format_plan(const Plan& plan, const std::string& digest, std::string_view zone);

/// Databases that are exchanged though nothing of them is encrypted, and what goes with them; empty: none.
[[nodiscard]] std::string format_exchanges(const Plan& plan, std::string_view zone);

/// What a person has to look at, of Plan::unjudged; empty: nothing.
[[nodiscard]] std::string format_unjudged(const Plan& plan);

}  // namespace lastgood::recovery
