// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Whether what a scan found struck still stands there.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"
#include "casefile/case_store.h"
#include "recovery/restore_plan.h"

namespace lastgood::recovery {

/// By size and time of change: nobody has put anything else there since. `path` is on this machine.
[[nodiscard]] bool stands_as_seen(const std::string& path, const SeenFile& seen);

[[nodiscard]] inline bool is_encrypted(const SeenFile& seen) {
  return seen.verdict == model::Verdict::encrypted || seen.verdict == model::Verdict::partly_encrypted;
}

/// What stands at `path` of this machine, links followed: nothing at all, or no more than an empty file, an empty
/// folder or what a new disk has by itself: a mount point whose disk is not mounted looks so.
enum class Stands : std::uint8_t { something, emptied, nothing };
[[nodiscard]] Stands what_stands_at(const std::string& path);

/// What is left of what the newest scan of this machine saw at `path`. something: it stands there, whoever saw it, or
/// is as empty as it was. not_known: no scan of this machine looked there. emptied, gone: it holds nothing, or is not
/// there, and held something then. nothing: there is none, and was none then. A scan is of this machine by the
/// machine's name, or where a file that it saw stands here as it was seen (a disk of another machine, scanned under
/// that one's name).
enum class LeftHere : std::uint8_t { not_known, something, emptied, gone, nothing };
[[nodiscard]] base::Result<LeftHere> find_left_here(casefile::CaseStore& store, const std::string& path);

/// Encrypted files of the database at `path`, a folder or a file, that stand there as the newest scan saw them.
struct StruckStill {
  std::size_t files = 0;
  std::string first;
};
[[nodiscard]] StruckStill find_struck_still(const SeenFiles& seen, const std::string& path);
/// The same, with those that the scan called damaged or could not judge.
[[nodiscard]] StruckStill find_doubtful_still(const SeenFiles& seen, const std::string& path);

}  // namespace lastgood::recovery
