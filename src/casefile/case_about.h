// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a person said about the case: whose it is, who leads the inquiry, what the hospital calls its own. Small
// settings of the case store; everything may be empty, which letters and notices show as a field to fill in.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"

namespace lastgood::casefile {

struct CaseAbout {
  std::string organisation;
  std::string address;
  std::string contact;      // who answers for the organisation: name, office, telephone, mail
  std::string sector;       // "hospital", ...
  std::string police;       // station or unit that inquires
  std::string case_number;  // of the police: "FIR 349/2022"
  std::string officer;      // who leads the inquiry
  std::string offences;     // sections that are named: "IT Act 66, 66F; IPC 385"
  std::string zone;         // "+05:30": local time in what is printed
  std::string clock_error;  // of the organisation's clocks against a time server, and who compared them
  std::vector<std::string> own_domains;
  std::vector<std::string> own_blocks;     // of addresses
  std::vector<std::string> own_relays;     // of mail, as `trace --own-relay` takes them
  std::vector<std::string> family_tables;  // files that name families, beside the one that comes along
  bool operator==(const CaseAbout&) const = default;
};

[[nodiscard]] base::Result<CaseAbout> read_about(CaseStore& store);
/// Replaces all of it.
[[nodiscard]] base::Status write_about(CaseStore& store, const CaseAbout& about);

}  // namespace lastgood::casefile
