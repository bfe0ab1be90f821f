// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a scan is asked to do, and the two small interfaces through which it speaks with whoever asked.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "casefile/recorder.h"
#include "model/file_record.h"
#include "model/verdict.h"
#include "walk/walk_files.h"

namespace lastgood::scan {

enum class Resume : std::uint8_t { no, yes };

struct ScanRequest {
  std::vector<std::string> roots;  // absolute; files or folders
  std::string host;                // label of the machine they belong to
  model::Depth depth = model::Depth::standard;
  std::vector<std::string> includes;  // globs on path or name; empty: every file
  std::vector<std::string> excludes;  // globs on path or name; a folder that matches is not entered
  walk::OtherFileSystems other_file_systems = walk::OtherFileSystems::skip;
  Resume resume = Resume::no;
  unsigned threads = 0;     // 0: as many as keep the disk's queue filled
  std::string case_folder;  // never scanned: it changes while we look
};

/// How far a scan is. Counts of this run; a resumed scan's earlier files are in `known`.
struct ScanTally : casefile::RecordedTally {
  std::uint64_t folders_seen = 0;
  std::uint64_t folders_done = 0;
  double seconds = 0;
};

/// Implemented by the command line. Called from one thread, some times a second.
class ScanProgress {
 public:
  virtual ~ScanProgress() = default;
  virtual void walking(const ScanTally& tally) = 0;
  /// A step after the walk began: "looking for what the suspicious files share".
  virtual void step(const std::string& what) = 0;
  /// Asked often; true ends the scan as soon as what is done is recorded.
  [[nodiscard]] virtual bool cancelled() const = 0;
};

struct ScanOutcome {
  std::int64_t scan_id = 0;
  model::ScanCounts counts;
  std::vector<model::Campaign> campaigns;
  double seconds = 0;
  bool finished = false;  // false: cancelled, `--resume` goes on
};

}  // namespace lastgood::scan
