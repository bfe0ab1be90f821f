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

namespace lastgood::recovery {

/// One restore in place.
struct KeptPlace {
  std::string target;  // the root it was restored to
  std::string journal_folder;
  std::string plan_sha256;
};

enum class KeptState : std::uint8_t { kept, released, missing, differs, unreadable, unit_folder };
[[nodiscard]] std::string_view name_of(KeptState state);

struct KeptOriginal {
  std::uint32_t item = 0;  // index in Plan::items
  std::string path;        // where it was: "/srv/lab/a.docx.bak9"
  std::string kept_path;   // where it is, below the target
  std::uint64_t size_bytes = 0;
  std::int64_t mtime_ns = 0;
  std::string sha256;  // 64 hex digits, as of before it moved; empty for a unit's folder
  KeptState state = KeptState::kept;
};

/// By path. States as far as a look at the names tells: kept, released, missing, unit_folder.
[[nodiscard]] base::Result<std::vector<KeptOriginal>> list_kept(const Plan& plan, const KeptPlace& place);

/// Reads every kept original and compares its digest. Units' folders are not compared.
[[nodiscard]] base::Result<std::vector<KeptOriginal>> verify_kept(const Plan& plan, const KeptPlace& place);

/// A person's word, as it goes into the ledger.
struct ReleaseOrder {
  std::string person;                // who says so; not empty
  std::string reason;                // why; not empty
  std::vector<std::uint32_t> items;  // KeptOriginal::item
};

/// Removes kept originals for good, each only while it is the file that was kept; the ledger says so first. Gives back
/// those that are gone now. Units' folders are left: ErrorCode::unsupported when one is named.
[[nodiscard]] base::Result<std::vector<KeptOriginal>> release_kept(const Plan& plan, const KeptPlace& place,
                                                                   const ReleaseOrder& order, ledger::Ledger& ledger);

}  // namespace lastgood::recovery
