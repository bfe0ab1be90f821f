// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What people add to the chain of custody after evidence was taken. Each is one ledger entry and nothing else.
#pragma once

#include <string>

#include "base/result.h"
#include "evidence/custody.h"
#include "ledger/ledger.h"

namespace lastgood::evidence {

/// A note two persons stand for. ErrorCode::misuse when one is missing or they are the same.
[[nodiscard]] base::Status note_evidence(ledger::Ledger& ledger, const EvidenceItem& item, const std::string& by,
                                         const std::string& second, const std::string& text);

struct HandOver {
  std::string from;
  std::string to;
  std::string place;
  std::string reason;
  std::string authority;
};
/// ErrorCode::misuse with what is missing.
[[nodiscard]] base::Status hand_over(ledger::Ledger& ledger, const EvidenceItem& item, const HandOver& hand_over);

}  // namespace lastgood::evidence
