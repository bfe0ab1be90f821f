// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The words of 'lastgood sheets', one file for those that make and one for those that take back in.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "services/services_file.h"
#include "sheets/make_sheets.h"

namespace lastgood::cli {

/// A word of the command: declared on `app`, run when it was given.
struct SheetsWord {
  CLI::App* app = nullptr;
  Run run;
};

struct MakeSheetsOptions {
  std::string services;
  std::string service;
  std::string audience;
  std::string to;
  std::vector<std::string> forms;
  std::string scratch;
  std::string damaged_root;
  bool is_from_backups = false;  // also where a restore has put a database back
  std::string pack;
  std::string every;
  std::string readable_by;
  std::size_t keep = 0;  // 0: all runs stay, with `every` 24
};

/// The file named, else ./services.toml, else the one that the case keeps.
[[nodiscard]] base::Result<services::ServicesFile> read_services_of(const std::string& named,
                                                                    const std::string& case_folder);

/// Which file that was, where nobody named one and it is not the case's own: "the sheets are those of ./services.toml
/// here, not of the file that the case keeps"; empty: nothing to say.
[[nodiscard]] std::string describe_services_of(const std::string& named, const services::ServicesFile& read,
                                               const std::string& case_folder);

[[nodiscard]] Outcome make_sheets_once(const MakeSheetsOptions& options, Context& context);
[[nodiscard]] Outcome make_sheets_every(const MakeSheetsOptions& options, Context& context);

/// Where copies are made: `given`, else $TMPDIR; else in memory what is small, and below /var/tmp what is not.
void set_scratch(const std::string& given, sheets::MakeOptions& make);

/// enter, match, export.
[[nodiscard]] std::vector<SheetsWord> declare_back_entry(CLI::App& app);

}  // namespace lastgood::cli
