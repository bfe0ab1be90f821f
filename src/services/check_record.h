// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a run of `services check` found: for each data unit whether its newest copy works, for each sheet whether it can
// be made. Kept as CASE/services/checks/NNNN.json; its digest is in the ledger.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace lastgood::services {

/// CASE/services
[[nodiscard]] std::string services_folder(const std::string& case_folder);

/// What was done to believe it.
enum class Proof : std::uint8_t {
  none,     // nothing could be tried
  planned,  // files: every one that is planned was judged
  checked,  // its structure was read as a whole
  started,  // its own engine ran on a copy
};

enum class TrialOutcome : std::uint8_t {
  passed,
  complaints,  // it works, but something in it does not
  failed,
  not_tried,    // this machine cannot: no such engine, no rights
  no_copy,      // no source has it
  regenerated,  // is made again from other data; nothing to try
};
std::string_view name_of(TrialOutcome outcome);
std::string_view name_of(Proof proof);

struct DataTrial {
  std::string service;
  std::string data;  // the unit's name in the service
  std::string kind;
  std::string path;
  TrialOutcome outcome = TrialOutcome::not_tried;
  Proof proof = Proof::none;
  std::string sentence;  // for people, whole
  std::string source;    // empty: none
  std::string snapshot;
  std::int64_t snapshot_ns = 0;
  std::int64_t data_as_of_ns = 0;
  std::int64_t logs_reach_ns = 0;  // last commit in the saved logs that follow the copy; 0: none, or not known
  /// Why commits that were saved, or may have been, do not come back with its logs; empty: all of these do.
  std::string logs_lack;
  std::uint64_t bytes = 0;
  std::uint64_t files = 0;
  std::uint64_t lost = 0;  // files that have no good version
  double seconds = 0;
  std::vector<std::string> complaints;  // the first 20
};

struct SheetTrial {
  std::string service;
  std::string sheet;
  TrialOutcome outcome = TrialOutcome::not_tried;
  std::string sentence;
  std::uint64_t rows = 0;
  double seconds = 0;
};

struct CheckRecord {
  unsigned number = 0;  // of the file; 0: not kept yet
  std::int64_t made_ns = 0;
  std::string services_path;
  std::string services_sha256;
  std::vector<DataTrial> data;
  std::vector<SheetTrial> sheets;
};

[[nodiscard]] std::string write_check(const CheckRecord& record);
/// ErrorCode::damaged_container.
[[nodiscard]] base::Result<CheckRecord> parse_check(const std::string& text);

/// Keeps it under the next free number and gives that and the digest.
struct KeptCheck {
  unsigned number = 0;
  std::string path;
  std::string sha256;
};
[[nodiscard]] base::Result<KeptCheck> keep_check(const CheckRecord& record, const std::string& case_folder);

/// All that are kept, oldest first. One that cannot be read is left out and said in `unreadable`.
struct KeptChecks {
  std::vector<CheckRecord> records;
  std::vector<base::Error> unreadable;
  /// The newest trial of a service's data unit at this path, and when it was; null: none. One that was not tried says
  /// nothing, and counts only where there is no other.
  [[nodiscard]] std::pair<const DataTrial*, std::int64_t> newest(std::string_view service, std::string_view data,
                                                                 std::string_view path) const;
};
[[nodiscard]] base::Result<KeptChecks> read_checks(const std::string& case_folder);

}  // namespace lastgood::services
