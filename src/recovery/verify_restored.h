// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Re-reads what a restore wrote and compares it with the plan and the journal, path by path: contents by the digests
// taken while writing, owners, modes, times and attributes as they were set. Memory is dropped first, so that the
// disk answers. That the bytes were the right ones when they were written is the sources' proof; whether they are good
// is judged elsewhere.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "os/restore_target.h"
#include "recovery/plan.h"
#include "recovery/replay_plan.h"
#include "recovery/restore_plan.h"

namespace lastgood::recovery {

enum class PathState : std::uint8_t {
  same,
  differs,
  missing,     // recorded as restored, and not there
  unrestored,  // in the plan, and not recorded as restored: refused, incomplete or not reached
  extra,       // beside: there, and not in the plan
  unreadable,
};
[[nodiscard]] std::string_view name_of(PathState state);

struct VerifiedPath {
  std::string path;
  PathState state = PathState::same;
  std::string sentence;  // "content differs", "mode is 0644, was restored as 0600"
};

struct VerifyRequest {
  RestoreMode mode = RestoreMode::beside;
  std::string target;
  std::string journal_folder;
  std::string plan_sha256;
  std::string case_folder;  // its ledger says what was replayed since; empty: nothing was
  unsigned threads = 0;     // 0: one for each processor, two at least
};

struct VerifyTally {
  std::uint64_t paths_total = 0;
  std::uint64_t same = 0;
  std::uint64_t differs = 0;
  std::uint64_t missing = 0;
  std::uint64_t unrestored = 0;
  std::uint64_t extra = 0;
  std::uint64_t unreadable = 0;
  std::uint64_t bytes_read = 0;
};

/// Implemented by the command line. Called from any one thread at a time.
class VerifyProgress {
 public:
  virtual ~VerifyProgress() = default;
  virtual void verifying(const VerifyTally& tally) = 0;
  [[nodiscard]] virtual bool cancelled() const = 0;
};

struct VerifyOutcome {
  VerifyTally tally;
  std::vector<VerifiedPath> troubles;  // all that are not `same`, by path
  std::vector<MovedUnit> moved;        // databases that their logs brought forward since: compared where they are kept
  std::uint64_t journal_damages = 0;   // places of the journal that could not be read
  bool finished = false;
};

/// ErrorCode::not_found when this plan was never restored there. Nothing is changed, not even access times.
[[nodiscard]] base::Result<VerifyOutcome> verify_restored(const Plan& plan, const VerifyRequest& request,
                                                          VerifyProgress& progress);

}  // namespace lastgood::recovery
