// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// From the files to the table of objects: by the index that borg keeps, or by replaying the log.
//
// index.T (borg documentation, "Data structures and file formats", section "Index"): "BORG_IDX" | entries i32 |
// buckets i32 | key bytes i8 = 32 | value bytes i8 = 8 | buckets of key, segment u32, offset u32; segment 0xFFFFFFFF is
// an empty bucket, 0xFFFFFFFE a deleted one. An entry of it is believed only as far as the object found there says.
#pragma once

#include <cstdint>
#include <vector>

#include "sources/borg/object_table.h"
#include "sources/borg/segment_store.h"

namespace lastgood::sources::borg {

/// The state as it is now: everything up to the last commit, deletes carried out.
struct LiveObjects {
  ObjectTable table;
  std::uint32_t last_commit = 0;  // number of the segment that ends with it
  std::vector<model::Finding> findings;
};

[[nodiscard]] base::Result<LiveObjects> load_objects(const SegmentStore& store);

/// One time that the manifest was written.
struct ManifestPlace {
  std::uint32_t segment = 0;
  std::uint32_t offset_bytes = 0;
  std::uint32_t commit = 0;  // the segment with the commit that made it hold; UINT32_MAX: none did
};

/// Everything that was ever put and still lies there: deleted, replaced and unfinished objects too. Names are digests
/// and checked when read, so that this table serves every moment of the past.
struct LoggedObjects {
  ObjectTable table;                     // all copies
  std::vector<ManifestPlace> manifests;  // in the order of the log
  std::vector<ObjectPlace>
      tails;  // the last puts of each segment: borg writes an archive's head just before a manifest
  std::vector<model::Finding> findings;
};

[[nodiscard]] base::Result<LoggedObjects> scan_log(const SegmentStore& store);

}  // namespace lastgood::sources::borg
