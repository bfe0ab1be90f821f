// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/borg/load_objects.h"

#include <algorithm>
#include <set>

#include "sources/borg/segment_entry.h"

namespace lastgood::sources::borg {

using base::ByteView;
using base::Result;

namespace {

constexpr std::size_t k_index_head_bytes = 18;
constexpr std::size_t k_bucket_bytes = 40;
constexpr std::size_t k_buckets_per_read = 65'536;
constexpr std::uint32_t k_segments_end = 0xFFFFFF00;  // segment numbers from here on mark empty and deleted buckets
constexpr std::size_t k_objects_max = 2'000'000'000;
constexpr std::size_t k_tail_entries = 3;

model::Finding finding(std::string rule, std::string sentence, model::Weight weight = model::Weight::contradicts) {
  return {.rule = std::move(rule), .sentence = std::move(sentence), .weight = weight};
}

/// The last segment that ends with a commit; UINT32_MAX: none. Segments after it do not hold.
std::uint32_t find_last_commit(const SegmentStore& store, std::vector<model::Finding>& findings) {
  std::size_t after = 0;
  for (auto segment = store.segments().rbegin(); segment != store.segments().rend(); ++segment, ++after) {
    Result<os::EvidenceFile> file = store.open_segment(segment->number);
    const Result<bool> committed = file ? ends_with_commit(file.value()) : Result<bool>(file.error());
    if (!committed) findings.push_back(finding("borg.segment.read", committed.error().what));
    if (!committed || !committed.value()) continue;
    if (after > 0) {
      findings.push_back(finding("borg.segment.commit", "the last " + std::to_string(after) + " segments, from " +
                                                            std::to_string((segment - 1)->number) +
                                                            " on, were never committed and do not count"));
    }
    return segment->number;
  }
  return UINT32_MAX;
}

/// Nothing: the index cannot be used; why is among the findings.
std::optional<std::vector<ObjectPlace>> read_index(const SegmentStore& store, std::uint32_t number,
                                                   std::vector<model::Finding>& findings) {
  const std::string name = "index." + std::to_string(number);
  const auto broken = [&](const std::string& why) {
    findings.push_back(
        finding("borg.index.broken", "'" + name + "' cannot be used, the segments are replayed: " + why));
    return std::nullopt;
  };
  Result<os::EvidenceFile> file = store.open_file(name);
  if (!file) return broken(file.error().what);
  std::vector<std::uint8_t> bytes(k_index_head_bytes);
  Result<std::size_t> got = file.value().read(0, bytes);
  const ByteView head(bytes);
  const std::uint64_t entries = head.le32(8);
  const std::uint64_t buckets = head.le32(12);
  if (!got || got.value() != bytes.size() || !head.matches(0, "BORG_IDX") || head.u8(16) != 32 || head.u8(17) != 8 ||
      file.value().size_bytes() != k_index_head_bytes + buckets * k_bucket_bytes || entries > buckets ||
      buckets > k_objects_max) {
    return broken("its head makes no sense");
  }
  std::vector<ObjectPlace> places;
  places.reserve(static_cast<std::size_t>(entries));
  for (std::uint64_t bucket = 0; bucket < buckets; bucket += k_buckets_per_read) {
    const std::uint64_t count = std::min<std::uint64_t>(k_buckets_per_read, buckets - bucket);
    bytes.resize(static_cast<std::size_t>(count * k_bucket_bytes));
    got = file.value().read(k_index_head_bytes + bucket * k_bucket_bytes, bytes);
    if (!got || got.value() != bytes.size()) return broken("it cannot be read to its end");
    const ByteView view(bytes);
    for (std::size_t at = 0; at < bytes.size(); at += k_bucket_bytes) {
      ObjectPlace place{.segment = view.le32(at + 32), .offset_bytes = view.le32(at + 36)};
      if (place.segment >= k_segments_end) continue;
      std::copy_n(view.begin() + at, place.id.size(), place.id.begin());
      places.push_back(place);
    }
  }
  if (places.size() != entries) {
    return broken("it holds " + std::to_string(places.size()) + " entries and says " + std::to_string(entries));
  }
  return places;
}

/// The log's entries for one id are put in order by the table; a delete is noted as an entry that takes the id away.
struct Replayed {
  std::vector<ObjectPlace> places;
  std::vector<ObjectPlace> removed;
};

void drop_removed(Replayed& replayed) {
  const auto before = [](const ObjectPlace& a, const ObjectPlace& b) {
    if (a.id != b.id) return a.id < b.id;
    return a.segment != b.segment ? a.segment < b.segment : a.offset_bytes < b.offset_bytes;
  };
  std::sort(replayed.removed.begin(), replayed.removed.end(), before);
  std::erase_if(replayed.places, [&](const ObjectPlace& place) {
    // Taken away by any delete of the same id that comes later in the log.
    const auto later = std::upper_bound(replayed.removed.begin(), replayed.removed.end(), place, before);
    return later != replayed.removed.end() && later->id == place.id;
  });
}

void replay(const SegmentStore& store, std::uint32_t from, std::uint32_t to, Replayed& replayed,
            std::vector<model::Finding>& findings) {
  for (const SegmentFile& segment : store.segments()) {
    if (segment.number < from || segment.number > to) continue;
    Result<os::EvidenceFile> file = store.open_segment(segment.number);
    if (!file) {
      findings.push_back(finding("borg.segment.read", file.error().what));
      continue;
    }
    Result<std::vector<model::Finding>> walked =
        walk_segment(file.value(), segment.number, [&](const SegmentEntry& entry) {
          if (entry.tag == EntryTag::commit || entry.offset_bytes > UINT32_MAX) return;
          (entry.tag == EntryTag::put ? replayed.places : replayed.removed)
              .push_back({.id = entry.key,
                          .segment = segment.number,
                          .offset_bytes = static_cast<std::uint32_t>(entry.offset_bytes)});
        });
    if (!walked) {
      findings.push_back(finding("borg.segment.read", walked.error().what));
      continue;
    }
    findings.insert(findings.end(), walked.value().begin(), walked.value().end());
  }
}

/// Objects that lie in segments that are not there.
void count_missing(const SegmentStore& store, const ObjectTable& table, std::vector<model::Finding>& findings) {
  std::set<std::uint32_t> missing;
  std::uint64_t objects = 0;
  std::uint32_t last_present = UINT32_MAX;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const std::uint32_t segment = table.at(i).segment;
    if (segment == last_present) continue;
    if (store.find(segment) != nullptr) {
      last_present = segment;
      continue;
    }
    ++objects;
    missing.insert(segment);
  }
  if (objects == 0) return;
  findings.push_back(
      finding("borg.segment.missing", std::to_string(missing.size()) + " segments with " + std::to_string(objects) +
                                          " objects are missing, first segment " + std::to_string(*missing.begin())));
}

}  // namespace

Result<LiveObjects> load_objects(const SegmentStore& store) {
  LiveObjects live;
  live.last_commit = find_last_commit(store, live.findings);
  if (live.last_commit == UINT32_MAX) {
    live.findings.push_back(finding("borg.segment.commit", "no segment of " + std::to_string(store.segments().size()) +
                                                               " ends with a commit: all of them are taken"));
  }
  Replayed replayed;
  std::uint32_t from = 0;
  const std::optional<std::uint32_t> number = store.index_number();
  if (!number) {
    live.findings.push_back(finding("borg.index.missing", "there is no index, the segments are replayed"));
  } else if (*number > live.last_commit) {
    live.findings.push_back(finding("borg.index.ahead", "the index is of transaction " + std::to_string(*number) +
                                                            ", the last commit is in segment " +
                                                            std::to_string(live.last_commit)));
  } else if (std::optional<std::vector<ObjectPlace>> places = read_index(store, *number, live.findings)) {
    replayed.places = *std::move(places);
    from = *number + 1;
    if (*number < live.last_commit) {
      live.findings.push_back(finding("borg.index.stale",
                                      "the index is of transaction " + std::to_string(*number) +
                                          ", the last commit is in segment " + std::to_string(live.last_commit) +
                                          ": what lies between is replayed",
                                      model::Weight::remarks));
    }
  }
  if (from <= live.last_commit) replay(store, from, live.last_commit, replayed, live.findings);
  drop_removed(replayed);
  live.table = ObjectTable(std::move(replayed.places), ObjectTable::Copies::newest);
  count_missing(store, live.table, live.findings);
  return live;
}

Result<LoggedObjects> scan_log(const SegmentStore& store) {
  LoggedObjects log;
  std::vector<ObjectPlace> places;
  std::size_t uncommitted = 0;  // manifests that wait for their commit
  for (const SegmentFile& segment : store.segments()) {
    Result<os::EvidenceFile> file = store.open_segment(segment.number);
    if (!file) {
      log.findings.push_back(finding("borg.segment.read", file.error().what));
      continue;
    }
    const std::size_t before = places.size();
    Result<std::vector<model::Finding>> walked =
        walk_segment(file.value(), segment.number, [&](const SegmentEntry& entry) {
          if (entry.offset_bytes > UINT32_MAX) return;
          const auto offset = static_cast<std::uint32_t>(entry.offset_bytes);
          if (entry.tag == EntryTag::commit) {
            for (; uncommitted > 0; --uncommitted)
              log.manifests[log.manifests.size() - uncommitted].commit = segment.number;
          } else if (entry.tag == EntryTag::put && entry.key == ObjectId{}) {
            log.manifests.push_back({.segment = segment.number, .offset_bytes = offset, .commit = UINT32_MAX});
            ++uncommitted;
          } else if (entry.tag == EntryTag::put) {
            places.push_back({.id = entry.key, .segment = segment.number, .offset_bytes = offset});
          }
        });
    if (!walked) {
      log.findings.push_back(finding("borg.segment.read", walked.error().what));
      continue;
    }
    log.findings.insert(log.findings.end(), walked.value().begin(), walked.value().end());
    const std::size_t tail = std::min(places.size() - before, k_tail_entries);
    log.tails.insert(log.tails.end(), places.end() - static_cast<std::ptrdiff_t>(tail), places.end());
  }
  log.table = ObjectTable(std::move(places), ObjectTable::Copies::all);
  return log;
}

}  // namespace lastgood::sources::borg
