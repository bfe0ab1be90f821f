// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sightings/search_while_judged.h"

#include <algorithm>
#include <utility>

#include "base/checksum.h"
#include "os/clock.h"
#include "sightings/search_content.h"
#include "sightings/searched_file.h"

namespace lastgood::sightings {

class SearchWhileJudged::Look final : public inspect::FileLook {
 public:
  Look(SearchWhileJudged& search, base::ByteSource& file, os::EvidenceFile* on_disk, const std::string& path)
      : search_(search), content_(file, path, path.substr(path.rfind('/') + 1), search.own_) {
    // A scan that goes on leaves a file alone that is recorded: what was begun is ended.
    if (on_disk != nullptr) content_.look_into_store_of(*on_disk, [] { return false; });
  }

  void see(base::ByteView bytes) override {
    while (status_.ok() && !bytes.empty()) {
      const std::span<std::uint8_t> room = content_.room();
      const base::ByteView next = bytes.part(0, room.size());
      std::copy(next.begin(), next.end(), room.begin());
      bytes = bytes.part(next.size());
      status_ = content_.take(next.size());
    }
  }
  void fail(const base::Error& error) override {
    if (status_.ok()) status_ = error;
  }

  [[nodiscard]] std::optional<model::SearchedFile> finish(const std::vector<std::uint8_t>& sha256) override {
    // What stands before a place that cannot be read was seen, and is searched.
    const base::Status searched = content_.finish();
    if (status_.ok()) status_ = searched;
    const std::vector<std::string> left_out = content_.left_out();
    SeenFile seen = content_.take_seen();
    if (status_.ok()) seen.sha256 = base::hex(base::ByteView(std::span<const std::uint8_t>(sha256)));
    search_.note(status_, left_out, seen);
    if (seen.seen.empty()) return std::nullopt;
    return searched_file(seen, os::SystemClock().now_ns());
  }

 private:
  SearchWhileJudged& search_;
  ContentSearch content_;
  base::Status status_ = base::Done{};
};

void SearchWhileJudged::note(const base::Status& status, const std::vector<std::string>& left_out,
                             const SeenFile& seen) {
  const auto apart = std::count_if(seen.seen.begin(), seen.seen.end(),
                                   [](const SeenIndicator& each) { return each.apart != Apart::no; });
  const std::lock_guard lock(mutex_);
  ++tally_.collected.files;
  tally_.collected.bytes += seen.size_bytes;
  if (!status.ok() || !left_out.empty()) ++tally_.collected.unreadable;
  if (!seen.seen.empty()) ++tally_.holding_files;
  tally_.values += seen.seen.size();
  tally_.apart += static_cast<std::uint64_t>(apart);
  tally_.left_out += seen.left_out;
  if (!status.ok()) trouble_(seen.path, status.error());
  for (const std::string& what : left_out) trouble_(seen.path, left_out_error(seen.path, what));
}

base::Status SearchWhileJudged::note_begun(ledger::Ledger& ledger, const std::vector<std::string>& roots) const {
  return sightings::note_begun(ledger, roots, own_);
}

base::Status SearchWhileJudged::note_finished(ledger::Ledger& ledger, walk::WalkEnd end) const {
  const SearchTally tally = this->tally();
  return sightings::note_finished(ledger, {.tally = tally.collected, .finished = end == walk::WalkEnd::complete},
                                  tally.values);
}

std::unique_ptr<inspect::FileLook> SearchWhileJudged::begin(base::ByteSource& file, os::EvidenceFile* on_disk,
                                                            const std::string& path) {
  return std::make_unique<Look>(*this, file, on_disk, path);
}

void SearchWhileJudged::note_unreadable() {
  const std::lock_guard lock(mutex_);
  ++tally_.collected.unreadable;
}

SearchTally SearchWhileJudged::tally() const {
  const std::lock_guard lock(mutex_);
  return tally_;
}

}  // namespace lastgood::sightings
