// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a case knows of its backup sources: their names, what judging found in each snapshot, and the verdict of each
// content. Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/file_record.h"
#include "model/snapshot.h"
#include "model/tree_entry.h"

namespace lastgood::model {

/// Whether whoever struck the victim could reach the source, too. A person says so; nothing proves it.
enum class Independence : std::uint8_t {
  unknown = 0,
  apart = 1,     // neither mounted on the victim nor reachable with its credentials
  attached = 2,  // mounted on the victim, or reachable with its credentials
};

std::string_view name_of(Independence independence);

struct BackupSource {
  std::string name;     // chosen by a person; unique in the case
  std::string address;  // "restic:/backup/repo"
  std::string format;   // "restic v2", as seen when it was added
  Independence independence = Independence::unknown;
  /// Where its password comes from, never the password: "file:/path", "command:...", "" (asked for when needed).
  std::string password_from;
  std::string key_file;  // path of an escrowed key; empty: none
  /// Paths in its snapshots that begin with the first belong to paths of the victim that begin with the second.
  std::string stored_prefix;
  std::string live_prefix;
  std::int64_t added_ns = 0;
};

/// A snapshot, judged.
struct JudgedSnapshot {
  Snapshot snapshot;
  ScanCounts counts;          // of its files, by the verdicts of their contents; those not judged yet are in `open`
  std::uint64_t open = 0;     // contents without a verdict
  std::uint64_t added = 0;    // paths, against the snapshot before it in its series
  std::uint64_t changed = 0;  // paths whose content is another one
  std::uint64_t removed = 0;
  std::vector<Reason> oddities;  // what is unusual in the series: "series.jump: ..."
};

/// Where a content was judged, so that its findings can be looked up.
struct JudgedContent {
  ContentKey key;
  std::int64_t scan_id = 0;
  std::string path;  // in that scan
};

/// A content and what it came to.
struct ContentVerdict {
  ContentKey key;
  Verdict verdict = Verdict::undecided;
  Certainty certainty = Certainty::weak;
};

/// A database or another set of files that is only good together, in one snapshot, checked.
struct JudgedUnit {
  std::string snapshot;  // its id
  std::string kind;      // "postgresql"
  std::string path;      // absolute, in the snapshot
  std::string state;     // "consistent", "needs_recovery", "torn", "damaged", "encrypted", "rebuild"
  Certainty certainty = Certainty::weak;
  std::int64_t data_as_of_ns = 0;  // last commit that can be read; 0: not known
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::vector<Reason> findings;
};

}  // namespace lastgood::model
