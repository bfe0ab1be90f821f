// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The damaged originals that restores in place moved aside: evidence, and the last resort should a key turn up. Listed,
// verified against the digests taken before they moved, and given up only on a person's word.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "ledger/ledger.h"
#include "recovery/plan.h"
#include "recovery/restore_plan.h"

namespace lastgood::recovery {

/// One restore in place.
struct KeptPlace {
  std::string target;  // the root it was restored to
  std::string journal_folder;
  std::string plan_sha256;
};

/// `unproven`: the folder of a unit of whose files no digests were kept when it was put aside.
enum class KeptState : std::uint8_t { kept, released, missing, differs, unreadable, unproven };
[[nodiscard]] std::string_view name_of(KeptState state);

/// A file, or the whole folder of a unit.
struct KeptOriginal {
  std::uint32_t item = 0;  // index in Plan::items
  std::string path;        // where it was: "/srv/lab/a.docx.bak9"
  std::string kept_path;   // where it is, below the target
  std::uint64_t size_bytes = 0;
  std::int64_t mtime_ns = 0;
  std::string sha256;  // 64 hex digits, as of before it moved; empty for a unit's folder
  bool is_folder = false;
  std::uint64_t files = 1;  // that lie in it
  KeptState state = KeptState::kept;
  std::string why;  // for people: what differs, why it stays
};

/// By path. States as far as a look at the names tells: kept, released, missing, differs (something else stands there).
[[nodiscard]] base::Result<std::vector<KeptOriginal>> list_kept(const Plan& plan, const KeptPlace& place);

/// Reads every kept original and compares its digest; of units' folders each file's, with what was written down when
/// they were put aside. ErrorCode::cancelled: `progress` wanted it.
[[nodiscard]] base::Result<std::vector<KeptOriginal>> verify_kept(const Plan& plan, const KeptPlace& place,
                                                                  RestoreProgress& progress);

/// A person's word, as it goes into the ledger.
struct ReleaseOrder {
  std::string person;                // who says so; not empty
  std::string reason;                // why; not empty
  std::vector<std::uint32_t> items;  // KeptOriginal::item
};

struct ReleaseOutcome {
  std::vector<KeptOriginal> released;
  std::vector<KeptOriginal> stayed;  // with their states, and why
};

/// Removes kept originals for good. Each is read before and removed only while it is what was kept; the ledger says
/// which, and who wanted it, before the first is gone. Units' folders always stay: a person removes them by hand.
[[nodiscard]] base::Result<ReleaseOutcome> release_kept(const Plan& plan, const KeptPlace& place,
                                                        const ReleaseOrder& order, ledger::Ledger& ledger);

}  // namespace lastgood::recovery
