// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// From a source as the case knows it to an open one; and the names by which its snapshots stand in the case.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "ledger/ledger.h"
#include "model/backup_record.h"
#include "sources/open_source.h"

namespace lastgood::recovery {

/// Asks a person for a password. Implemented by the command line.
class PasswordPrompt {
 public:
  virtual ~PasswordPrompt() = default;
  /// Nothing: nobody can be asked.
  [[nodiscard]] virtual std::optional<std::string> ask(const std::string& question) = 0;
};

/// Opens it; a source without a password is tried without one first, then a person is asked. Names of its snapshots
/// that say no zone are read in the one that `store` knows (names_zone.h); `options` need not have it.
[[nodiscard]] base::Result<std::unique_ptr<sources::Source>> open_case_source(casefile::CaseStore& store,
                                                                              const model::BackupSource& source,
                                                                              const sources::OpenOptions& options,
                                                                              PasswordPrompt& prompt);

/// Opens the source, reads how many snapshots it has, and adds it to the case. The ledger first.
struct AddedSource {
  model::BackupSource source;
  std::vector<model::Snapshot> snapshots;
  std::vector<model::Finding> findings;
  std::size_t with_another_time = 0;  // judged snapshots of an earlier source of this name: `names_in` is another one
};
/// `names_in`: the zone of its snapshots' names that say none, "+05:30"; empty: that of the case.
[[nodiscard]] base::Result<AddedSource> add_source(model::BackupSource source, const std::string& names_in,
                                                   casefile::CaseStore& store, ledger::Ledger& ledger,
                                                   PasswordPrompt& prompt);

/// ErrorCode::not_found, with the names that there are, when the case has no such source.
[[nodiscard]] base::Result<model::BackupSource> find_source(casefile::CaseStore& store, std::string_view name);

/// A short name for each snapshot, unique among them, usable as a folder's name: "3fa1c2d0", "db1-2022-11-22".
[[nodiscard]] std::vector<std::string> label_snapshots(std::span<const model::Snapshot> snapshots);

/// Between a path in a snapshot and the path of the victim, by the prefixes of the source. Nothing: outside of them.
[[nodiscard]] std::optional<std::string> live_path_of(const model::BackupSource& source, std::string_view stored_path);
[[nodiscard]] std::optional<std::string> stored_path_of(const model::BackupSource& source, std::string_view live_path);

}  // namespace lastgood::recovery
