// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Takes evidence: ledger entry -> every content read once, digested three ways -> manifest and states -> ledger entry.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "evidence/custody.h"
#include "ledger/ledger.h"

namespace lastgood::evidence {

enum class Keep : std::uint8_t { no, yes };

struct TakeRequest {
  std::string path;  // absolute
  CustodyStatement statement;
  DeviceDescription device;
  Keep keep = Keep::no;  // copy what is read into the case
};

/// Called from the calling thread; `stop` ends the work with ErrorCode::cancelled.
struct TakeHooks {
  std::function<void(std::uint64_t files, std::uint64_t bytes)> progressed;
  std::function<bool()> stop;
};

/// What could not be read is in the manifest with its reason, and counted in `unreadable`; a device that cannot be read
/// to its end is an error: then the ledger says that taking it began, and no more.
[[nodiscard]] base::Result<EvidenceItem> take_evidence(const std::string& case_folder, ledger::Ledger& ledger,
                                                       const TakeRequest& request, const TakeHooks& hooks);

}  // namespace lastgood::evidence
