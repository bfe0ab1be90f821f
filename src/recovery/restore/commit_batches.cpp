// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What the journal, the ledger and the tally are told about batches.
#include <fmt/format.h>

#include "base/checksum.h"
#include "recovery/restore/file_batch.h"
#include "recovery/restore/fill_list.h"

namespace lastgood::recovery::restore {

base::Status announce_moves(RestoreRun& run, const FileBatches& written) {
  for (const std::unique_ptr<FileBatch>& batch : written) {
    IntentsRecord record;
    std::int64_t originals = 0;
    std::string first_path;
    for (const WrittenFile& file : batch->written) {
      const RestoreFile& restored = run.items.files[file.file];
      if (!run.replaces(restored) || !file.lost.empty()) continue;
      record.entries.push_back({restored.item, file.state, file.original.value_or(Original{}), file.kept_path});
      if (!file.original) continue;
      if (originals++ == 0) first_path = run.item(restored).current_path;
    }
    if (record.entries.empty()) continue;
    LG_TRY(run.journal.append_unsynced(record));
    if (originals == 0) continue;
    LG_TRY(run.journal.sync());
    const std::string frame = format_record(record);
    const base::Sha256Digest digest = base::sha256(base::ByteView(std::string_view(frame)));
    const auto entry =
        run.ledger.append("originals-moved-aside",
                          {{"plan_sha256", run.request.plan_sha256},
                           {"journal", run.journal.path()},
                           {"journal_record_sha256", base::hex(base::ByteView(std::span<const std::uint8_t>(digest)))},
                           {"originals", originals},
                           {"first_path", first_path}});
    if (!entry.ok()) return entry.error();
  }
  return base::Done{};
}

base::Status record_fills(RestoreRun& run, const std::vector<FilledEntry>& fills) {
  FilledRecord record;
  for (const FilledEntry& fill : fills) {
    add_fill(run.filled[fill.item], fill);
    record.entries.push_back(fill);
    if (record.entries.size() < k_entries_per_record) continue;
    LG_TRY(run.journal.append_unsynced(record));
    record.entries.clear();
  }
  return record.entries.empty() ? base::Status(base::Done{}) : run.journal.append_unsynced(record);
}

base::Status record_done(RestoreRun& run, const FileBatches& named) {
  for (const std::unique_ptr<FileBatch>& batch : named) {
    LG_TRY(record_fills(run, batch->fills));
    for (const FilledEntry& fill : batch->fills_in_part) add_fill(run.filled[fill.item], fill);
  }
  DoneRecord done;
  IncompleteRecord incomplete;
  for (const std::unique_ptr<FileBatch>& batch : named) {
    done.entries.insert(done.entries.end(), batch->done.begin(), batch->done.end());
    incomplete.entries.insert(incomplete.entries.end(), batch->incomplete.begin(), batch->incomplete.end());
    if (done.entries.size() < k_entries_per_record - k_batch_files_max) continue;
    LG_TRY(run.journal.append_unsynced(done));
    done.entries.clear();
  }
  if (!done.entries.empty()) LG_TRY(run.journal.append_unsynced(done));
  if (!incomplete.entries.empty()) LG_TRY(run.journal.append_unsynced(incomplete));
  return base::Done{};
}

void count_done(RestoreRun& run, const FileBatches& named) {
  RestoreTally& tally = run.outcome.tally;
  for (const std::unique_ptr<FileBatch>& batch : named) {
    tally.files += batch->done.size();
    tally.bytes += batch->done_bytes;
    tally.kept += batch->kept;
    run.journal.note_done(batch->done);
  }
}

}  // namespace lastgood::recovery::restore
