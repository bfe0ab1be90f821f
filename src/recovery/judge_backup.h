// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// judge_backup: every content of every snapshot of a source, judged once. What is judged already is not read again, so
// an interrupted run goes on by being run again, and new snapshots cost what is new in them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "ledger/ledger.h"
#include "model/backup_record.h"
#include "recovery/tree_index.h"
#include "sources/source.h"

namespace lastgood::recovery {

/// Databases and other units need no verdict on any content: they come first where wards wait for their sheets.
enum class JudgeWhat : std::uint8_t { all, units };

struct JudgeRequest {
  model::BackupSource source;
  JudgeWhat what = JudgeWhat::all;  // units: contents without a verdict stay without
  model::Depth depth = model::Depth::standard;
  unsigned threads = 0;  // 0: two for each processor, as far as the source allows
};

/// How far judging is. Contents of this run.
struct JudgeTally {
  std::uint64_t contents = 0;  // judged
  std::uint64_t contents_total = 0;
  std::uint64_t bytes = 0;  // sizes of those judged
  std::uint64_t bytes_total = 0;
  std::uint64_t bytes_read = 0;
  std::uint64_t suspicious = 0;
  std::uint64_t unreadable = 0;
  double seconds = 0;
};

/// Implemented by the command line. Called from one thread, some times a second.
class JudgeProgress : public IndexProgress {
 public:
  virtual void judging(const JudgeTally& tally) = 0;
  virtual void step(const std::string& what) = 0;
};

struct JudgeOutcome {
  JudgeWhat what = JudgeWhat::all;
  std::vector<model::JudgedSnapshot> snapshots;  // oldest first
  std::vector<model::JudgedUnit> units;          // databases and other sets, by snapshot, then path
  std::vector<model::Campaign> campaigns;
  std::vector<model::Finding> findings;  // of the source as a whole
  std::uint64_t contents = 0;            // different contents in all snapshots
  std::uint64_t judged = 0;              // of them in this run
  std::uint64_t bytes = 0;               // sizes of the different contents
  std::uint64_t bytes_read = 0;          // in this run
  double seconds = 0;
  bool finished = false;  // false: cancelled
};

[[nodiscard]] base::Result<JudgeOutcome> judge_backup(const JudgeRequest& request, sources::Source& source,
                                                      casefile::CaseStore& store, ledger::Ledger& ledger,
                                                      JudgeProgress& progress);

}  // namespace lastgood::recovery
