// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What one thread does in one go: write a batch of small files, a segment of a large one, or name what was synced.
#pragma once

#include <memory>
#include <vector>

#include "recovery/restore/large_file.h"
#include "recovery/restore/place_file.h"
#include "recovery/restore/write_content.h"

namespace lastgood::recovery::restore {

/// What belongs to one thread.
struct WorkerTools {
  explicit WorkerTools(RestoreRun& run)
      : folders(run.tree, run.target), kept_folders(run.tree, run.target), buffers(run.journal.state().header.seed) {}
  FolderCache folders;
  FolderCache kept_folders;
  WriteBuffers buffers;
};

struct FileBatch {
  std::vector<std::uint32_t> files;
  std::uint64_t bytes = 0;  // that count as unsynced
  std::vector<WrittenFile> written;
  std::vector<DoneEntry> done;              // named and whole
  std::vector<IncompleteEntry> incomplete;  // named, with losses
  std::vector<FilledEntry> fills;           // of those that are done
  std::vector<FilledEntry> fills_in_part;   // of those that are incomplete: filled anew by the next run
  std::uint64_t done_bytes = 0;
  std::uint64_t kept = 0;  // originals moved aside
};

struct Segment {
  std::shared_ptr<LargeFile> large;
  std::uint32_t span = 0;
  std::uint64_t bytes = 0;
  WrittenContent content;
  std::vector<FilledEntry> fills;
};

inline constexpr std::size_t k_batch_files_max = 250;
using FileBatches = std::vector<std::unique_ptr<FileBatch>>;

/// Fills `batch.written`. Errors stop the restore; so does ErrorCode::cancelled.
[[nodiscard]] base::Status write_batch(RestoreRun& run, WorkerTools& tools, FileBatch& batch);
[[nodiscard]] base::Status write_segment(RestoreRun& run, WorkerTools& tools, Segment& segment);
/// Fills `batch.done` and `.incomplete`, and lets go of the files.
[[nodiscard]] base::Status name_batch(RestoreRun& run, WorkerTools& tools, FileBatch& batch);

/// Before anything moves: the journal names each original, the ledger names the journal's record, both on disk.
[[nodiscard]] base::Status announce_moves(RestoreRun& run, const FileBatches& written);
/// What other versions gave of done files and of whole segments: before these are recorded themselves.
[[nodiscard]] base::Status record_fills(RestoreRun& run, const std::vector<FilledEntry>& fills);
/// On disk with the journal's next sync.
[[nodiscard]] base::Status record_done(RestoreRun& run, const FileBatches& named);
/// After that sync.
void count_done(RestoreRun& run, const FileBatches& named);

}  // namespace lastgood::recovery::restore
