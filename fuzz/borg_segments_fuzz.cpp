// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Any bytes as a segment of a borg repository: the walk ends, and every entry it shows lies in the file, behind the one
// before.
#include "base/assert.h"
#include "sources/borg/segment_entry.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgood;
  const base::ByteView bytes(std::span<const std::uint8_t>(data, size));
  base::MemorySource file(bytes);
  std::uint64_t end = 0;
  const auto findings = sources::borg::walk_segment(file, 7, [&](const sources::borg::SegmentEntry& entry) {
    LG_ASSERT(entry.offset_bytes >= end && entry.offset_bytes + entry.size_bytes <= size);
    end = entry.offset_bytes + entry.size_bytes;
  });
  LG_ASSERT(findings.ok());
  const auto committed = sources::borg::ends_with_commit(file);
  LG_ASSERT(committed.ok());
  return 0;
}
