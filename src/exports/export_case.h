// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Writes what a case knows in a form that others read: checked before it is written, with an entry in the ledger before
// and after.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "exports/export_input.h"
#include "ledger/ledger.h"
#include "os/atomic_file.h"

namespace lastgood::exports {

enum class Form : std::uint8_t { stix, misp, csv, timesketch };
std::string_view name_of(Form form);
[[nodiscard]] std::optional<Form> find_form(std::string_view name);

struct ExportRequest {
  Form form = Form::stix;
  Tlp tlp = Tlp::amber_strict;
  Scope scope = Scope::tied;
  std::string out;  // as a person gave it
  os::Overwrite overwrite = os::Overwrite::no;
};

struct ExportOutcome {
  std::uint64_t bytes = 0;
  std::uint64_t objects = 0;
  std::uint64_t only_in_notes = 0;  // values that the form has no object for
  std::uint64_t beyond_limits = 0;  // values that the case itself leaves out
  std::string sha256;
  std::vector<std::string> faults;  // not empty: our bug; nothing was written
};

inline constexpr std::string_view k_kind_begun = "export-begun";
inline constexpr std::string_view k_kind_written = "export-written";

/// Reads the case: facts, times, mails. Errors: it cannot be read, its ledger is broken.
[[nodiscard]] base::Result<ExportInput> read_export_input(const std::string& case_folder, casefile::CaseStore& store);

/// The timeline for Timesketch is written whole, as the case has it: `scope` and `tlp` are recorded, not applied.
/// Errors: as above; the file is there and may not be replaced; it cannot be written.
[[nodiscard]] base::Result<ExportOutcome> export_case(const std::string& case_folder, casefile::CaseStore& store,
                                                      ledger::Ledger& ledger, const ExportRequest& request);

}  // namespace lastgood::exports
