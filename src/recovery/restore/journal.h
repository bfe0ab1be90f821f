// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The journal of one restore: what is on disk, what is about to move. Format: journal_record.h.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/byte_source.h"
#include "base/result.h"
#include "os/append_file.h"
#include "os/file_lock.h"
#include "recovery/restore/journal_record.h"

namespace lastgood::recovery::restore {

/// Calls `visit` for each whole frame, in order, and says how many places were damaged (a torn end is not one).
[[nodiscard]] base::Result<std::uint64_t> read_journal(base::ByteSource& file,
                                                       const std::function<void(JournalRecord&&)>& visit);

/// What an earlier run left to know. Memory: a byte for each item, and what was under way.
struct JournalState {
  HeaderRecord header;
  bool resumed = false;                          // an earlier run began this restore
  std::vector<std::uint8_t> done;                // by item; 1: done
  std::map<std::uint32_t, DoneState> linkable;   // done, by item, where the inode is known: for further names
  std::map<std::uint32_t, IntentEntry> intents;  // of items that are not done
  std::map<std::uint32_t, std::vector<SegmentEntry>> segments;  // of items that are not done
  std::set<std::uint32_t> incomplete;
  std::map<std::uint32_t, std::vector<FilledEntry>> filled;  // what of an item came from other versions
  std::set<std::string> folders_made;
  std::set<std::uint32_t> units;                      // committed
  std::map<std::uint32_t, IntentEntry> kept_folders;  // of units, that were put aside or were about to be, by item
  std::set<std::uint32_t> kept_whole;                 // of those: digests of all their files are in the journal
  std::uint64_t damaged_places = 0;
  bool finished = false;

  [[nodiscard]] bool is_done(std::uint32_t item) const { return done[item] != 0; }
};

/// One thread at a time; one process at a time (a lock beside it).
class Journal {
 public:
  /// REQUIRES: `header` says what this restore is; its seed is used for a new journal only. An existing journal of
  /// another plan or target is ErrorCode::misuse; one in use ErrorCode::busy_retry.
  [[nodiscard]] static base::Result<std::unique_ptr<Journal>> open(const std::string& path, const HeaderRecord& header);

  [[nodiscard]] const JournalState& state() const { return state_; }
  [[nodiscard]] const std::string& path() const { return path_; }

  /// Returns when the record is on disk.
  [[nodiscard]] base::Status append(const JournalRecord& record);
  /// On disk with the next `append` or `sync` only.
  [[nodiscard]] base::Status append_unsynced(const JournalRecord& record);
  [[nodiscard]] base::Status sync() { return file_->sync(); }
  /// `state` knows of these as well, as if read.
  void note_done(const std::vector<DoneEntry>& entries) {
    for (const DoneEntry& entry : entries) {
      state_.done[entry.item] = 1;
      if (entry.state.inode != 0) state_.linkable[entry.item] = entry.state;
    }
  }

 private:
  Journal(std::string path, os::FileLock lock) : path_(std::move(path)), lock_(std::move(lock)) {}
  std::string path_;
  os::FileLock lock_;
  std::unique_ptr<os::AppendFile> file_;
  JournalState state_;
};

/// "DIR/restore-0123456789abcdef.journal": one for each plan, mode and target.
[[nodiscard]] std::string journal_path(const std::string& folder, const std::string& plan_sha256, std::uint8_t mode,
                                       const std::string& resolved_target);

[[nodiscard]] std::optional<std::array<std::uint8_t, 32>> parse_sha256(std::string_view digits);

}  // namespace lastgood::recovery::restore
