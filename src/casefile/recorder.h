// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Recorder: collects judged files from all threads and stores them in batches. The thread that fills a batch stores it
// while the others go on, so a slow case disk slows the scan instead of filling memory.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <vector>

#include "casefile/case_store.h"

namespace lastgood::casefile {

/// What went through a recorder.
struct RecordedTally {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;  // sizes of the files judged
  std::uint64_t bytes_read = 0;
  std::uint64_t known = 0;
  std::uint64_t suspicious = 0;  // neither intact nor protected
  std::uint64_t unreadable = 0;
  std::uint64_t skipped = 0;
};

class Recorder {
 public:
  Recorder(CaseStore& store, std::int64_t scan_id) : store_(store), scan_id_(scan_id) {}

  /// Any thread. `sightings` have their path set. `content_key` names a content of a backup source; empty: a live file.
  /// `searched` is stored before its file: one whose record is there needs no second search.
  void add(model::FileRecord record, std::vector<model::Sighting> sightings, model::ContentKey content_key = {},
           std::optional<model::SearchedFile> searched = {});
  void add_skipped() { skipped_.fetch_add(1, std::memory_order_relaxed); }
  void add_known() { known_.fetch_add(1, std::memory_order_relaxed); }
  /// What the scan has stored of a folder already: the store takes one thread at a time, so the question goes through
  /// here.
  [[nodiscard]] base::Result<std::vector<KnownFile>> known_files(const std::string& folder);
  /// Stores what is left. After it, `failure` is final.
  void flush();

  /// The first error of the store: the scan must stop, because what it finds is no longer kept.
  [[nodiscard]] std::optional<base::Error> failure() const;
  [[nodiscard]] bool failed() const { return failed_.load(std::memory_order_relaxed); }
  [[nodiscard]] RecordedTally tally() const;

 private:
  struct Batch {
    std::vector<model::FileRecord> files;
    std::vector<model::Sighting> sightings;
    std::vector<model::JudgedContent> contents;
    std::vector<model::SearchedFile> searched;
    std::size_t weight_bytes = 0;
  };
  void store(Batch batch);

  CaseStore& store_;
  std::int64_t scan_id_;
  mutable std::mutex mutex_;  // batch_, failure_
  std::mutex store_mutex_;    // one thread at a time in the store
  Batch batch_;
  std::optional<base::Error> failure_;
  std::atomic<bool> failed_ = false;
  std::atomic<std::uint64_t> files_ = 0;
  std::atomic<std::uint64_t> bytes_ = 0;
  std::atomic<std::uint64_t> bytes_read_ = 0;
  std::atomic<std::uint64_t> suspicious_ = 0;
  std::atomic<std::uint64_t> unreadable_ = 0;
  std::atomic<std::uint64_t> skipped_ = 0;
  std::atomic<std::uint64_t> known_ = 0;
};

}  // namespace lastgood::casefile
