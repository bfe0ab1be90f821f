// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The words of 'lastgood sheets' that take back in what was written on paper, one file for each.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/command.h"

namespace lastgood::cli {

struct EntryOptions {
  std::string by;
  bool page = false;
  std::string patients;
  std::string kind;
  std::string database;
  std::string sql;
  std::string scratch;
  std::vector<std::uint64_t> decide;
  std::string number;
  bool is_new = false;
  bool as_written = false;
  bool overrule = false;
  std::string form = "hl7";
  std::string out;
  bool overwrite = false;
};

[[nodiscard]] Outcome run_enter(const EntryOptions& options, Context& context);
[[nodiscard]] Outcome run_match(const EntryOptions& options, Context& context);
[[nodiscard]] Outcome run_export(const EntryOptions& options, Context& context);

/// The book as it is now, into the ledger.
[[nodiscard]] base::Status seal_back_entries(const std::string& case_folder);

}  // namespace lastgood::cli
