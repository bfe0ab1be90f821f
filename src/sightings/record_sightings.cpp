// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sightings/record_sightings.h"

#include <atomic>

#include "os/clock.h"
#include "sightings/searched_file.h"

namespace lastgood::sightings {

namespace {

constexpr std::size_t k_batch_values = 10'000;

/// Passes everything on, and keeps it. Its calls come one at a time, but for cancelled().
class Recording final : public SightingSink {
 public:
  Recording(casefile::CaseStore& store, SightingSink& shown) : store_(store), shown_(shown) {}

  void take(SeenFile file) override {
    model::SearchedFile record = searched_file(file, clock_.now_ns());
    waiting_values_ += record.values.size();
    values_ += record.values.size();
    waiting_.push_back(std::move(record));
    if (waiting_values_ >= k_batch_values) flush();
    shown_.take(std::move(file));
  }
  void trouble(const std::string& path, const base::Error& error) override { shown_.trouble(path, error); }
  void progress(const CollectTally& tally) override { shown_.progress(tally); }
  [[nodiscard]] bool cancelled() const override { return failed_ || shown_.cancelled(); }

  void flush() {
    if (status_.ok()) status_ = store_.investigation().record_searched(waiting_);
    failed_ = !status_.ok();
    waiting_.clear();
    waiting_values_ = 0;
  }
  [[nodiscard]] const base::Status& status() const { return status_; }
  [[nodiscard]] std::uint64_t values() const { return values_; }

 private:
  casefile::CaseStore& store_;
  SightingSink& shown_;
  os::SystemClock clock_;
  std::vector<model::SearchedFile> waiting_;
  std::size_t waiting_values_ = 0;
  std::uint64_t values_ = 0;
  base::Status status_ = base::Done{};
  std::atomic<bool> failed_ = false;
};

}  // namespace

base::Result<CollectOutcome> collect_into_case(const walk::WalkRequest& files, const OwnPlaces& own,
                                               casefile::CaseStore& store, ledger::Ledger& ledger, SightingSink& sink) {
  LG_TRY(note_begun(ledger, files.roots, own));
  Recording recording(store, sink);
  auto outcome = collect_sightings(files, own, recording);
  recording.flush();
  if (!recording.status().ok()) return recording.status().error();
  if (!outcome.ok()) return outcome;
  LG_TRY(note_finished(ledger, outcome.value(), recording.values()));
  return outcome;
}

}  // namespace lastgood::sightings
