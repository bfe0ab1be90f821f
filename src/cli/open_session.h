// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Session: the case a command works on, opened as the command needs it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "casefile/case_store.h"
#include "cli/command.h"
#include "ledger/ledger.h"

namespace lastgood::cli {

struct Session {
  std::string folder;
  std::unique_ptr<casefile::CaseStore> store;
  std::unique_ptr<ledger::Ledger> ledger;  // open for writing sessions only
};

enum class WhenNoCase : std::uint8_t { fail, make };

/// The case folder: --case or $LASTGOOD_CASE, else the only *.case in the current folder; nothing when there is none.
[[nodiscard]] base::Result<std::optional<std::string>> find_case(const Context& context);

/// Opens the case to read. Fails with a hint when there is none.
[[nodiscard]] std::variant<Session, Failure> open_to_read(const Context& context);
/// Opens the case to write, one writer at a time; makes a new one named after today when asked to.
[[nodiscard]] std::variant<Session, Failure> open_to_write(const Context& context, WhenNoCase when_no_case);
/// Makes a new case in `folder`.
[[nodiscard]] std::variant<Session, Failure> make_case(const std::string& folder);

}  // namespace lastgood::cli
