// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// run_drill: a practice incident from beginning to end, inside one folder that it makes itself.
//
//   FOLDER/before/      the hospital as it was          FOLDER/truth.json   what happened to each file, with the keys
//   FOLDER/attacked/    the hospital after the attack   FOLDER/score.json   the scan against the truth
//
// It never opens for writing what was there before, never renames, never deletes; ended at any moment it leaves nothing
// but its own folder, which may be removed by hand. It uses the same scan as the real thing, given as DrillScan.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "drill/attack_copies.h"
#include "drill/hospital_files.h"
#include "drill/score.h"
#include "model/file_record.h"

namespace lastgood::drill {

/// Scans the tree at `path` and gives a record for every file, intact ones too.
using DrillScan = std::function<base::Result<std::vector<model::FileRecord>>(const std::string& path)>;

/// Implemented by those who speak with people.
class DrillProgress {
 public:
  virtual ~DrillProgress() = default;
  /// A step begins: "making 2000 files".
  virtual void step(std::string_view sentence) = 0;
};

struct DrillOptions {
  std::string folder;  // made by the drill; must not exist
  std::string maker;   // path of make_hospital.py
  std::uint64_t seed = 1;
  unsigned files = 2000;
  AttackPlan plan;  // its seed is taken from above
  Goals goals;
};

struct DrillOutcome {
  std::string folder;                 // absolute
  std::vector<std::string> left_out;  // kinds of files that could not be made
  Score score;
};

/// An error means that the drill could not be carried out; an outcome that missed its goals is a value. The folder is
/// left in either case, and named in the error.
base::Result<DrillOutcome> run_drill(const DrillOptions& options, const DrillScan& scan, DrillProgress& progress);

}  // namespace lastgood::drill
