// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One version of one path, out of a source, ready to be looked at.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_source.h"
#include "base/result.h"
#include "casefile/case_store.h"
#include "recovery/opened_source.h"

namespace lastgood::recovery {

struct FoundVersion {
  model::Snapshot snapshot;
  model::TreeEntry entry;
  std::unique_ptr<base::ByteSource> bytes;  // lives at most as long as the source
};

/// The regular file `path`, absolute as on the victim, in the snapshot whose id begins with `snapshot`; empty: in the
/// newest one that has it. ErrorCode::not_found when there is none, ErrorCode::misuse when several ids begin so.
[[nodiscard]] base::Result<FoundVersion> find_version(OpenedSource& opened, const std::string& path,
                                                      std::string_view snapshot);

/// A database in one file (SQLite), intact by what judging says of its content. An empty file is none.
[[nodiscard]] bool is_good_database(const std::optional<model::FileRecord>& judged);

/// What the case says of a content; nothing when it was not judged.
[[nodiscard]] base::Result<std::optional<model::FileRecord>> find_judged(casefile::CaseStore& store,
                                                                         const model::ContentKey& key);

}  // namespace lastgood::recovery
