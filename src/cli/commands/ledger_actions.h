// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What `lastgood ledger ...` does, one function per word behind it.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace lastgood::cli::ledger_actions {

struct LedgerOptions {
  Outcome (*action)(const LedgerOptions& options, Context& context) = nullptr;
  std::string ledger;
  std::vector<std::string> anchors;
  std::string public_key;
  std::string html;
  std::string text;
  std::uint64_t entries = 0;
  std::string entry;
  std::string out;
  bool check = false;
  std::string head;
  std::string old_head;
  bool in_case = false;
  std::string passphrase_file;
  bool no_passphrase = false;
  std::string key;
  std::string reply;
  std::string trusted;
};

Outcome run_verify(const LedgerOptions& options, Context& context);
Outcome run_head(const LedgerOptions& options, Context& context);
Outcome run_proof(const LedgerOptions& options, Context& context);
Outcome run_consistency(const LedgerOptions& options, Context& context);
Outcome run_key_new(const LedgerOptions& options, Context& context);
Outcome run_sign(const LedgerOptions& options, Context& context);
Outcome run_stamp_request(const LedgerOptions& options, Context& context);
Outcome run_stamp_add(const LedgerOptions& options, Context& context);

/// Of the file that was named, else of the case.
struct LedgerPlace {
  std::string path;
  std::string case_folder;  // empty: no case around it
};
[[nodiscard]] base::Result<LedgerPlace> find_ledger(const LedgerOptions& options, const Context& context);
/// "Wrong use" with what is wrong and a hint.

}  // namespace lastgood::cli::ledger_actions
