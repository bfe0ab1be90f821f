// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sightings/collect_sightings.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <mutex>
#include <span>

#include <fmt/format.h>

#include "base/checksum.h"
#include "os/evidence_device.h"
#include "sightings/search_content.h"

namespace lastgood::sightings {

namespace {

class Collector final : public walk::FileVisitor {
 public:
  Collector(const OwnPlaces& own, SightingSink& sink) : own_(own), sink_(sink) {}

  void visit_file(const walk::OpenFolder& folder, const std::string& name) override {
    std::string path = folder.path.ends_with('/') ? folder.path + name : folder.path + "/" + name;
    auto file = os::open_evidence_file(folder.directory, name, path);
    if (!file.ok()) return note_trouble(path, file.error());
    search(file.value(), name, std::move(path), &file.value());
  }
  /// A whole disk or partition, by the calling thread.
  void visit_device(const std::string& path) {
    auto device = os::open_evidence_device(path);
    if (!device.ok()) return note_trouble(path, device.error());
    search(*device.value(), {}, path, nullptr);
  }
  void note_trouble(const std::string& path, const base::Error& error) override {
    const std::lock_guard lock(mutex_);
    ++tally_.unreadable;
    sink_.trouble(path, error);
  }
  void note_skipped() override {}
  [[nodiscard]] bool failed() const override { return sink_.cancelled(); }

  [[nodiscard]] CollectTally tally() const {
    const std::lock_guard lock(mutex_);
    return current(0);
  }
  /// The sink gets one call at a time, this one, too.
  void show(double seconds) {
    const std::lock_guard lock(mutex_);
    sink_.progress(current(seconds));
  }

 private:
  /// `store`: the file again, where it may be an Outlook store.
  void search(base::ByteSource& file, const std::string& name, std::string path, os::EvidenceFile* store) {
    ContentSearch search(file, std::move(path), name, own_);
    if (store != nullptr) search.look_into_store_of(*store, [this] { return sink_.cancelled(); });
    base::Sha256 digest;
    const base::Status read = read_all(file, search, digest);
    const std::vector<std::string> left_out = search.left_out();
    SeenFile seen = search.take_seen();
    if (read.ok()) {
      const base::Sha256Digest sum = digest.finish();
      seen.sha256 = base::hex(base::ByteView(std::span<const std::uint8_t>(sum)));
    }
    take(read, left_out, std::move(seen));
  }

  base::Status read_all(base::ByteSource& file, ContentSearch& search, base::Sha256& digest) {
    std::uint64_t at = 0;
    while (!sink_.cancelled()) {
      const std::span<std::uint8_t> room = search.room();
      LG_ASSIGN(const std::size_t got, file.read(at, room));
      digest.update(base::ByteView(std::span<const std::uint8_t>(room.first(got))));
      at += got;
      read_bytes_ += got;
      LG_TRY(search.take(got));
      if (got < room.size()) return search.finish();
    }
    return base::Done{};
  }

  void take(const base::Status& read, const std::vector<std::string>& left_out, SeenFile seen) {
    const std::lock_guard lock(mutex_);
    ++tally_.files;
    if (!read.ok() || !left_out.empty()) ++tally_.unreadable;
    if (!read.ok()) sink_.trouble(seen.path, read.error());
    for (const std::string& what : left_out) sink_.trouble(seen.path, left_out_error(seen.path, what));
    if (!seen.seen.empty()) sink_.take(std::move(seen));
  }

  /// REQUIRES: mutex_ is held.
  [[nodiscard]] CollectTally current(double seconds) const {
    CollectTally tally = tally_;
    tally.bytes = read_bytes_;
    tally.seconds = seconds;
    return tally;
  }

  const OwnPlaces& own_;
  SightingSink& sink_;
  mutable std::mutex mutex_;  // tally_, and one call of the sink at a time
  CollectTally tally_;
  std::atomic<std::uint64_t> read_bytes_ = 0;
};

/// Gives the seconds it took.
double read_devices(const std::vector<std::string>& devices, Collector& collector, SightingSink& sink) {
  const auto started = std::chrono::steady_clock::now();
  const auto elapsed = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  };
  auto work = std::async(std::launch::async, [&] {
    for (const std::string& device : devices) {
      if (!sink.cancelled()) collector.visit_device(device);
    }
  });
  while (work.wait_for(std::chrono::milliseconds(200)) != std::future_status::ready) collector.show(elapsed());
  return elapsed();
}

}  // namespace

std::string encoding_of(const SeenIndicator& seen) {
  const std::string_view text = name_of(seen.first.encoding);
  std::string words = seen.part_encoding.empty() ? std::string(text) : std::string(seen.part_encoding);
  if (!seen.part_encoding.empty() && seen.first.encoding != indicators::TextEncoding::ascii)
    words += " of " + std::string(text);
  if (seen.store_item != 0) words += fmt::format(" in item {}, {}", seen.store_item, seen.store_part);
  return words;
}

base::Result<CollectOutcome> collect_sightings(const walk::WalkRequest& files, const OwnPlaces& own,
                                               SightingSink& sink) {
  Collector collector(own, sink);
  double seconds = 0;
  double before_seconds = 0;
  const auto show = [&](const walk::WalkTally& walked) {
    seconds = before_seconds + walked.seconds;
    collector.show(seconds);
  };
  walk::WalkRequest folders = files;
  const auto devices = std::stable_partition(folders.roots.begin(), folders.roots.end(),
                                             [](const std::string& root) { return !os::is_block_device(root); });
  // A device is read by a thread of its own, so that progress is shown meanwhile.
  const std::vector<std::string> disks(devices, folders.roots.end());
  folders.roots.erase(devices, folders.roots.end());
  if (!disks.empty()) seconds = before_seconds = read_devices(disks, collector, sink);
  if (folders.roots.empty()) {
    CollectOutcome outcome{.tally = collector.tally(), .finished = !sink.cancelled()};
    outcome.tally.seconds = seconds;
    return outcome;
  }
  LG_ASSIGN(const walk::WalkEnd end,
            walk::walk_files(folders, collector, {.show = show, .cancelled = [&] { return sink.cancelled(); }}));
  CollectOutcome outcome{.tally = collector.tally(), .finished = end == walk::WalkEnd::complete};
  outcome.tally.seconds = seconds;
  return outcome;
}

}  // namespace lastgood::sightings
