// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Reads evidence again and says what differs from what was taken, and where.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "evidence/custody.h"
#include "evidence/locate_change.h"
#include "evidence/manifest.h"
#include "ledger/ledger.h"

namespace lastgood::evidence {

enum class Reread : std::uint8_t { same, differs, missing, unreadable };
std::string_view name_of(Reread outcome);

struct CheckedFile {
  ManifestFile file;
  Reread outcome = Reread::same;
  ContentChange change;  // of those that differ
  std::string why;       // of those that are missing or unreadable
};

struct VerifyCounts {
  std::uint64_t same = 0;
  std::uint64_t differ = 0;
  std::uint64_t missing = 0;
  std::uint64_t unreadable = 0;
  std::uint64_t bytes = 0;
  [[nodiscard]] bool all_same() const { return differ == 0 && missing == 0 && unreadable == 0; }
};

enum class Where : std::uint8_t { original, kept };

/// `visitor` sees every file that is not the same, in the manifest's order. `path` empty: the original's own path. The
/// outcome is recorded in the ledger. Errors: what was kept of the evidence itself (manifest, states) is changed.
[[nodiscard]] base::Result<VerifyCounts> verify_evidence(const std::string& case_folder, ledger::Ledger& ledger,
                                                         const EvidenceItem& item, Where where, const std::string& path,
                                                         const std::function<void(const CheckedFile&)>& visitor);

}  // namespace lastgood::evidence
