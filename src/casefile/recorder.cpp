// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "casefile/recorder.h"

#include <utility>

namespace lastgood::casefile {

namespace {
constexpr std::size_t k_batch_files = 2048;
constexpr std::size_t k_batch_bytes = 8 * 1024 * 1024;

std::size_t weight_of(const model::FileRecord& record) {
  std::size_t bytes = sizeof record + record.path.size() + record.ranges.size() * sizeof(model::ByteRange);
  for (const model::Reason& reason : record.reasons) bytes += sizeof reason + reason.sentence.size();
  return bytes;
}

std::size_t weight_of(const model::SearchedFile& searched) {
  std::size_t bytes = sizeof searched + searched.path.size();
  for (const model::FoundValue& found : searched.values) bytes += sizeof found + found.value.size();
  return bytes;
}

bool is_suspicious(model::Verdict verdict) {
  return verdict != model::Verdict::intact && verdict != model::Verdict::protected_ &&
         verdict != model::Verdict::unreadable;
}
}  // namespace

void Recorder::add(model::FileRecord record, std::vector<model::Sighting> sightings, model::ContentKey content_key,
                   std::optional<model::SearchedFile> searched) {
  constexpr auto relaxed = std::memory_order_relaxed;
  files_.fetch_add(1, relaxed);
  bytes_.fetch_add(record.size_bytes, relaxed);
  bytes_read_.fetch_add(record.bytes_read, relaxed);
  if (is_suspicious(record.verdict)) suspicious_.fetch_add(1, relaxed);
  if (record.verdict == model::Verdict::unreadable) unreadable_.fetch_add(1, relaxed);
  Batch full;
  {
    const std::lock_guard lock(mutex_);
    batch_.weight_bytes += weight_of(record);
    if (!content_key.empty())
      batch_.contents.push_back({.key = std::move(content_key), .scan_id = scan_id_, .path = record.path});
    batch_.files.push_back(std::move(record));
    if (searched) {
      batch_.weight_bytes += weight_of(*searched);
      batch_.searched.push_back(std::move(*searched));
    }
    for (model::Sighting& sighting : sightings) batch_.sightings.push_back(std::move(sighting));
    if (batch_.files.size() < k_batch_files && batch_.weight_bytes < k_batch_bytes) return;
    full = std::exchange(batch_, {});
  }
  store(std::move(full));
}

base::Result<std::vector<KnownFile>> Recorder::known_files(const std::string& folder) {
  const std::lock_guard one(store_mutex_);
  return store_.known_files(scan_id_, folder);
}

void Recorder::flush() {
  Batch rest;
  {
    const std::lock_guard lock(mutex_);
    rest = std::exchange(batch_, {});
  }
  if (!rest.files.empty()) store(std::move(rest));
}

void Recorder::store(Batch batch) {
  const std::lock_guard one(store_mutex_);
  if (failed()) return;
  // What was found in files before the files: a scan that goes on leaves those alone that are recorded.
  base::Status stored = base::Done{};
  if (!batch.searched.empty()) stored = store_.investigation().record_searched(batch.searched);
  // Files before contents: a content whose file is not there yet is not shown, and is judged again.
  if (stored.ok()) stored = store_.record_files(scan_id_, batch.files, batch.sightings);
  if (stored.ok() && !batch.contents.empty()) stored = store_.backups().record_contents(batch.contents);
  if (stored.ok()) return;
  const std::lock_guard lock(mutex_);
  failure_ = stored.error();
  failed_ = true;
}

std::optional<base::Error> Recorder::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

RecordedTally Recorder::tally() const {
  return {.files = files_,
          .bytes = bytes_,
          .bytes_read = bytes_read_,
          .known = known_,
          .suspicious = suspicious_,
          .unreadable = unreadable_,
          .skipped = skipped_};
}

}  // namespace lastgood::casefile
