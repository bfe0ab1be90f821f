// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Without a services file: which databases the copies of a case hold, and which pack knows their tables.
#pragma once

#include <string>
#include <vector>

#include "sheets/make_sheets.h"
#include "sheets/packs.h"

namespace lastgood::sheets {

/// A data unit of a pack, found.
struct FoundData {
  std::string pack;
  std::string data;  // its name in the pack
  std::string path;  // on the victim
  std::string database;
  std::int64_t data_as_of_ns = 0;
};

struct PackChoice {
  /// The packs' services with the paths that were found, of several (a primary and its standby) the one with the
  /// newest data; services of which no data was found are left out.
  services::ServicesFile file;
  std::vector<FoundData> found;
  std::vector<std::string> sentences;  // what was found where, near misses, what did not start
  std::size_t not_looked_at = 0;       // database folders of which no copy started: what they hold is not known
};

/// What the hospital's own file says of the same data, put into a pack's: without its logs the last rows are missing.
void take_logs(services::ServicesFile& of_pack, const services::ServicesFile& own);
/// Of databases of which nobody has said where their logs are saved: that their sheets are of the backup alone. Empty:
/// there is none.
[[nodiscard]] std::string describe_without_logs(const services::ServicesFile& of_pack);

/// Starts the newest usable copy (of three) of each database folder of the case (at most 50) and compares its tables.
/// `wanted` is a pack's id; empty: whichever fits. `watcher`: of engines that start; or null. ErrorCode::not_found with
/// what was seen when nothing fits.
[[nodiscard]] base::Result<PackChoice> choose_pack(CaseOfSheets& of, const std::vector<Pack>& packs,
                                                   const std::string& wanted, const MakeOptions& options,
                                                   MakeWatcher* watcher);

}  // namespace lastgood::sheets
