// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// inspect_content: one content in, one verdict with its reasons out. Knows nothing of folders, backups or cases.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.h"
#include "model/file_record.h"
#include "model/region.h"
#include "model/verdict.h"

namespace lastgood::inspect {

struct InspectOptions {
  model::Depth depth = model::Depth::standard;
  /// Secret of the case: sampled offsets follow from it, so that nobody can leave plain bytes just there.
  std::uint64_t seed = 0;
  /// Asked at each read, from the thread that reads; once it says no, what is said of the content is worth nothing.
  /// Empty: to the end.
  std::function<bool()> goes_on;
};

struct Inspection {
  model::Verdict verdict = model::Verdict::undecided;
  model::Certainty certainty = model::Certainty::weak;
  std::string format;
  std::string original_name;             // name without appended suffixes; empty: nothing was appended
  std::vector<model::ByteRange> ranges;  // encrypted (damaged) bytes as far as they could be told
  std::vector<model::Reason> reasons;
  std::vector<model::Sighting> sightings;  // contacts and IDs in contents that are not intact; path is left empty
  std::vector<std::uint8_t> head;          // first and last model::k_mark_bytes, of contents that are not intact
  std::vector<std::uint8_t> tail;
  std::vector<std::uint8_t> sha256;  // at Depth::full
  std::uint64_t bytes_read = 0;
};

/// Any thread; one content at a time per thread. `name` is the file's name without directories, may be empty.
/// Reading trouble is a verdict (`unreadable`), never an error: the caller goes on with the next file.
Inspection inspect_content(base::ByteSource& source, std::string_view name, const InspectOptions& options);

/// What every format that was tried said, for `explain`.
struct Explanation {
  Inspection inspection;
  std::string rule;  // id of the verdict rule that answered
  std::string rule_meaning;
  struct Trial {
    std::string format;
    std::string shape;
    std::string reach;
    std::vector<model::Finding> findings;
  };
  std::vector<Trial> trials;
  std::vector<model::Region> regions;  // map of the content, also for intact ones
};

Explanation explain_content(base::ByteSource& source, std::string_view name, const InspectOptions& options);

}  // namespace lastgood::inspect
