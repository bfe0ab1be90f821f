// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Collects sightings in the read of a scan: the same values, rows and ledger entries as collect_into_case.
#pragma once

#include <functional>
#include <mutex>

#include "inspect/file_search.h"
#include "ledger/ledger.h"
#include "sightings/collect_sightings.h"

namespace lastgood::sightings {

/// What one run of a scan searched.
struct SearchTally {
  CollectTally collected;           // `seconds` stay 0
  std::uint64_t holding_files = 0;  // in which something was found
  std::uint64_t values = 0;         // different ones of each file, added up
  std::uint64_t apart = 0;          // of them: the hospital's own, a private network's, a vendor's
  std::uint64_t left_out = 0;       // values beyond what is kept of one file
};

class SearchWhileJudged final : public inspect::FileSearch {
 public:
  /// Something of a file that was opened could not be searched. One call at a time.
  using Trouble = std::function<void(const std::string& path, const base::Error& error)>;

  SearchWhileJudged(OwnPlaces own, Trouble trouble) : own_(std::move(own)), trouble_(std::move(trouble)) {}

  /// Before the scan and after it, with its own entries between.
  [[nodiscard]] base::Status note_begun(ledger::Ledger& ledger, const std::vector<std::string>& roots) const;
  [[nodiscard]] base::Status note_finished(ledger::Ledger& ledger, walk::WalkEnd end) const;

  [[nodiscard]] std::unique_ptr<inspect::FileLook> begin(base::ByteSource& file, os::EvidenceFile* on_disk,
                                                         const std::string& path) override;
  void note_unreadable() override;

  /// Any thread.
  [[nodiscard]] SearchTally tally() const;

 private:
  class Look;
  void note(const base::Status& status, const std::vector<std::string>& left_out, const SeenFile& seen);

  OwnPlaces own_;
  Trouble trouble_;
  mutable std::mutex mutex_;  // tally_, and one call of trouble_ at a time
  SearchTally tally_;
};

}  // namespace lastgood::sightings
