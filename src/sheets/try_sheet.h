// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One sheet's question, asked of a server: for making it, and as a dry run for those who check a services file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "engines/scratch_server.h"
#include "services/services_file.h"
#include "sheets/sheet_rows.h"

namespace lastgood::sheets {

/// What '{{...}}' in a question stands for. Digits and signs only, so that nothing can be smuggled in by them:
///   {{as_of_date}}  2022-11-23           the day of the last commit, in the zone of the case
///   {{as_of}}       2022-11-23 07:06:58  the moment of it, in that zone
/// A copy whose last commit is not known has the moment of its snapshot.
struct AsOf {
  std::int64_t time_ns = 0;  // UTC
  std::string zone;          // "+05:30"; empty: UTC
};
/// ErrorCode::misuse when a word in braces is another one. Pure.
[[nodiscard]] base::Result<std::string> fill_in_times(const std::string& sql, const AsOf& as_of);

/// The one database that a sheet means: `wanted`, or the only one there is. ErrorCode::misuse names those there are.
[[nodiscard]] base::Result<std::string> find_database(engines::ScratchServer& server, const std::string& wanted);

/// At most k_rows_max rows; an answer that is larger, or was not there in time, comes as far as it came, with a note.
/// ErrorCode::misuse: the question is wrong. ErrorCode::damaged_source: its tables do not answer.
[[nodiscard]] base::Result<SheetRows> ask_sheet(engines::ScratchServer& server, const services::Sheet& sheet,
                                                const std::string& database, const AsOf& as_of);

/// What it came to that a question was ended after `took_s`: over which limit, and what helps. Pure.
[[nodiscard]] base::Error ran_over(const base::Error& asked, const engines::RowLimits& limits, double took_s);

struct SheetTrial {
  std::uint64_t rows = 0;
  double seconds = 0;
  std::vector<std::string> columns;
  std::vector<std::string> mistakes;  // in sentences; empty: the sheet works
  std::vector<std::string> notes;     // what of it is said on each page, though it works
};
/// Asks and looks whether all that the sheet names is in the answer. Never an error: what is wrong is a mistake.
[[nodiscard]] SheetTrial try_sheet(engines::ScratchServer& server, const services::Sheet& sheet,
                                   const std::string& database, const AsOf& as_of);

}  // namespace lastgood::sheets
