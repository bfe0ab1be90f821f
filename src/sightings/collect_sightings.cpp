// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sightings/collect_sightings.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <future>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "base/checksum.h"
#include "indicators/find_contacts.h"
#include "os/evidence_device.h"
#include "sightings/mail_parts.h"
#include "sightings/store_items.h"

namespace lastgood::sightings {

namespace {

constexpr std::size_t k_core_bytes = std::size_t{1} << 20;
constexpr std::size_t k_margin_bytes = indicators::k_indicator_bytes_max;
constexpr std::size_t k_name_contacts_max = 16;

/// Different values of one file.
class Values {
 public:
  Values(const OwnPlaces& own, SeenFile& file) : own_(own), file_(file) {}

  void add(indicators::FoundIndicator found, SeenIndicator::Place place, std::string_view part_encoding = {},
           const StorePlace& in_store = {}) {
    std::string key(found.kind);
    key += ' ';
    key += found.value;
    const auto at = places_.find(key);
    if (at != places_.end()) {
      SeenIndicator& known = file_.seen[at->second];
      // The bytes of a store hold again what its items say.
      if (known.store_item != 0 && in_store.item == 0 && place == SeenIndicator::Place::content) return;
      ++known.times;
      // Text of two bytes a letter is shown after all other text of a window. Offsets of two items tell no order.
      const bool comparable = known.store_item == in_store.item && known.store_part == in_store.part;
      if (known.place == place && comparable && found.offset_bytes < known.first.offset_bytes) {
        known.first = std::move(found);
        known.part_encoding = part_encoding;
      }
      return;
    }
    if (file_.seen.size() == k_values_per_file_max) {
      ++file_.left_out;
      return;
    }
    const Apart apart = decide_apart(found.kind, found.value, own_);
    places_.emplace(std::move(key), file_.seen.size());
    file_.seen.push_back({.first = std::move(found),
                          .times = 1,
                          .apart = apart,
                          .place = place,
                          .part_encoding = part_encoding,
                          .store_item = in_store.item,
                          .store_part = in_store.part});
  }

 private:
  const OwnPlaces& own_;
  SeenFile& file_;
  std::unordered_map<std::string, std::size_t> places_;
};

/// Kinds of find_contacts as constants: what was found lives longer than the contact.
std::string_view kind_of(const indicators::Contact& contact) {
  for (const std::string_view kind : {"email", "onion", "victim_id"}) {
    if (contact.kind == kind) return kind;
  }
  return "other";
}

std::string_view level_of(const indicators::Contact& contact) {
  for (const std::string_view level : {"checksum", "shape"}) {
    if (contact.level == level) return level;
  }
  return "context";
}

void add_from_name(std::string_view name, Values& values) {
  for (indicators::Contact& contact : indicators::find_name_contacts(name, k_name_contacts_max)) {
    values.add({.kind = kind_of(contact), .value = contact.value, .level = level_of(contact)},
               SeenIndicator::Place::name);
  }
}

/// One file from front to end: a core, and as much before and behind it as an indicator may need.
class WindowReader {
 public:
  /// `read_bytes` grows as the file is read: one file may be a whole disk.
  WindowReader(base::ByteSource& file, std::vector<std::uint8_t>& bytes, std::atomic<std::uint64_t>& read_bytes)
      : file_(file), bytes_(bytes), read_bytes_(read_bytes) {
    bytes_.resize(k_core_bytes + 2 * k_margin_bytes);
  }

  /// `left_out`: what of a mail was not looked into.
  base::Status read(const SightingSink& sink, SeenFile& seen, Values& values, std::vector<std::string>& left_out) {
    MailLook look;
    base::Sha256 digest;
    std::uint64_t from = 0;  // of bytes_[0] in the file
    std::size_t filled = 0;  // bytes_ that hold something
    std::size_t core = 0;    // where the next core begins in bytes_
    bool is_at_end = false;
    while (!is_at_end || core < filled) {
      if (sink.cancelled()) return base::Done{};
      if (!is_at_end) {
        const std::span<std::uint8_t> room = std::span(bytes_).subspan(filled);
        LG_ASSIGN(const std::size_t got, file_.read(from + filled, room));
        digest.update(base::ByteView(std::span<const std::uint8_t>(room.first(got))));
        filled += got;
        seen.size_bytes += got;
        read_bytes_ += got;
        is_at_end = got < room.size();
      }
      const std::size_t core_to = is_at_end ? filled : filled - k_margin_bytes;
      const base::ByteView window(std::span<const std::uint8_t>(bytes_).first(filled));
      if (from == 0 && core == 0) {
        LG_ASSIGN(look, look_into_mails(file_, window, [&](auto encoding, indicators::FoundIndicator found) {
                    values.add(std::move(found), SeenIndicator::Place::content, encoding);
                  }));
      }
      blank(look.encoded, from, filled);
      indicators::find_indicators(window, core, core_to, from, [&](indicators::FoundIndicator found) {
        values.add(std::move(found), SeenIndicator::Place::content);
      });
      // What an indicator at the beginning of the next core may need stays.
      const std::size_t keep = core_to > k_margin_bytes ? core_to - k_margin_bytes : 0;
      std::copy(bytes_.begin() + static_cast<std::ptrdiff_t>(keep),
                bytes_.begin() + static_cast<std::ptrdiff_t>(filled), bytes_.begin());
      core = core_to - keep;
      filled -= keep;
      from += keep;
    }
    const base::Sha256Digest sum = digest.finish();
    seen.sha256 = base::hex(base::ByteView(std::span<const std::uint8_t>(sum)));
    left_out = std::move(look.left_out);
    return base::Done{};
  }

 private:
  /// What was looked at decoded is no text as it stands. The digest has been taken before.
  void blank(const std::vector<model::ByteRange>& encoded, std::uint64_t from, std::size_t filled) {
    auto range = std::upper_bound(encoded.begin(), encoded.end(), from,
                                  [](std::uint64_t offset, const model::ByteRange& each) { return offset < each.to; });
    for (; range != encoded.end() && range->from < from + filled; ++range) {
      const std::uint64_t begin = std::max(range->from, from) - from;
      const std::uint64_t end = std::min<std::uint64_t>(range->to - from, filled);
      std::fill(bytes_.begin() + static_cast<std::ptrdiff_t>(begin), bytes_.begin() + static_cast<std::ptrdiff_t>(end),
                std::uint8_t{0});
    }
  }

  base::ByteSource& file_;
  std::vector<std::uint8_t>& bytes_;
  std::atomic<std::uint64_t>& read_bytes_;
};

class Collector final : public walk::FileVisitor {
 public:
  Collector(const OwnPlaces& own, SightingSink& sink) : own_(own), sink_(sink) {}

  void visit_file(const walk::OpenFolder& folder, const std::string& name) override {
    SeenFile seen;
    seen.path = folder.path.ends_with('/') ? folder.path + name : folder.path + "/" + name;
    auto file = os::open_evidence_file(folder.directory, name, seen.path);
    if (!file.ok()) return note_trouble(seen.path, file.error());
    search(file.value(), name, seen, &file.value());
  }
  /// A whole disk or partition, by the calling thread.
  void visit_device(const std::string& path) {
    auto device = os::open_evidence_device(path);
    if (!device.ok()) return note_trouble(path, device.error());
    SeenFile seen;
    seen.path = path;
    search(*device.value(), {}, seen, nullptr);
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
  void search(base::ByteSource& file, const std::string& name, SeenFile& seen, os::EvidenceFile* store) {
    Values values(own_, seen);
    add_from_name(name, values);
    const base::Status in_items =
        store == nullptr ? base::Status(base::Done{}) : search_items(*store, values, seen.path);
    thread_local std::vector<std::uint8_t> buffer;  // most files are small: none of them pays for it again
    std::vector<std::string> left_out;
    const base::Status read = WindowReader(file, buffer, read_bytes_).read(sink_, seen, values, left_out);
    std::sort(seen.seen.begin(), seen.seen.end(), [](const SeenIndicator& a, const SeenIndicator& b) {
      return std::pair(a.first.offset_bytes, a.first.value) < std::pair(b.first.offset_bytes, b.first.value);
    });
    take(read.ok() ? in_items : read, std::move(left_out), std::move(seen));
  }

  /// What the items of an Outlook store say, through the helper. Its bytes as they stand are searched beside: deleted
  /// items lie there.
  base::Status search_items(os::EvidenceFile& file, Values& values, const std::string& path) {
    std::array<std::uint8_t, 4> opening{};
    const auto got = file.read(0, opening);
    if (!got.ok() || got.value() < opening.size() || !is_store(base::ByteView(std::span<const std::uint8_t>(opening))))
      return base::Done{};
    const std::lock_guard lock(one_store_);
    LG_ASSIGN(const StoreLook look,
              look_into_store(
                  file, [&] { return sink_.cancelled(); },
                  [&](const StorePlace& place, std::string_view encoding, indicators::FoundIndicator found) {
                    values.add(std::move(found), SeenIndicator::Place::content, encoding, place);
                  }));
    for (const std::string& what : look.left_out) {
      base::Error error;
      error.code = base::ErrorCode::limit_reached;
      error.what = what;
      error.path = path;
      note_trouble(path, error);
    }
    return base::Done{};
  }

  void take(const base::Status& read, std::vector<std::string> left_out, SeenFile seen) {
    const std::lock_guard lock(mutex_);
    ++tally_.files;
    if (!read.ok() || !left_out.empty()) ++tally_.unreadable;
    if (!read.ok()) sink_.trouble(seen.path, read.error());
    for (std::string& what : left_out) {
      base::Error error;
      error.code = base::ErrorCode::limit_reached;
      error.what = std::move(what);
      error.path = seen.path;
      sink_.trouble(seen.path, error);
    }
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
  std::mutex one_store_;      // its helper may take much memory
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
