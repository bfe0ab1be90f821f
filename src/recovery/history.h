// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// history: every version of one path, in every source and on the live disk, newest first, judged; last good marked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "recovery/opened_source.h"

namespace lastgood::recovery {

/// One content that the path had, over one or several snapshots in a row.
struct PathVersion {
  std::string source;          // its name; empty: the live disk
  std::string host;            // of the live disk: the label of the scan
  std::string first_snapshot;  // ids; the same when it stands in one
  std::string last_snapshot;
  std::int64_t first_ns = 0;
  std::int64_t last_ns = 0;
  std::string name;  // the name it has there: "x.docx.bak9"
  model::EntryKind kind = model::EntryKind::regular;
  std::uint64_t size_bytes = 0;
  std::int64_t mtime_ns = 0;
  model::ContentKey content_key;
  std::optional<model::FileRecord> judged;  // nothing: not judged
  enum class Rank : std::uint8_t { other, last_good } rank = Rank::other;
};

/// One snapshot's state of a database or other set at this path.
struct UnitVersion {
  std::string source;
  std::int64_t snapshot_ns = 0;
  model::JudgedUnit unit;
  PathVersion::Rank rank = PathVersion::Rank::other;
};

struct PathHistory {
  std::string path;
  std::vector<UnitVersion> units;     // newest first; empty: no unit was seen at this path
  std::vector<PathVersion> versions;  // newest first
  std::vector<std::string> remarks;   // folders that could not be read
};

/// `path` is absolute, as on the victim; with or without what an attack appended to its name.
[[nodiscard]] base::Result<PathHistory> read_history(const std::string& path, OpenedSources& sources,
                                                     casefile::CaseStore& store);

}  // namespace lastgood::recovery
