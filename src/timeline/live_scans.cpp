// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "timeline/live_scans.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "casefile/file_place.h"
#include "casefile/scan_options.h"

namespace lastgood::timeline {

namespace {

using casefile::is_at_or_below;
using casefile::without_end_slash;
using model::Scan;
using model::Verdict;

std::uint64_t hits_of(const Scan& scan) {
  return scan.counts.files_by_verdict.at(static_cast<std::size_t>(Verdict::encrypted)) +
         scan.counts.files_by_verdict.at(static_cast<std::size_t>(Verdict::partly_encrypted));
}

bool covers(const Scan& scan, std::string_view path) {
  return std::any_of(scan.roots.begin(), scan.roots.end(), [&](const std::string& root) {
    return is_at_or_below(without_end_slash(path), without_end_slash(root));
  });
}

/// The roots of either that lie in the other; those inside of another one are left out.
std::vector<std::string> overlap_of(const Scan& one, const Scan& other) {
  std::vector<std::string> all;
  for (const std::string& root : one.roots) {
    if (covers(other, root)) all.push_back(root);
  }
  for (const std::string& root : other.roots) {
    if (covers(one, root)) all.push_back(root);
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
  std::vector<std::string> out;
  for (std::string& root : all) {
    const bool is_inside = std::any_of(out.begin(), out.end(), [&](const std::string& top) {
      return is_at_or_below(without_end_slash(root), without_end_slash(top));
    });
    if (!is_inside) out.push_back(std::move(root));
  }
  return out;
}

base::Result<std::uint64_t> count_hits(casefile::CaseStore& store, const Scan& scan,
                                       const std::vector<std::string>& roots) {
  std::uint64_t hits = 0;
  for (const std::string& root : roots) {
    const casefile::FileFilter filter{.scan_id = scan.id,
                                      .verdicts = {Verdict::encrypted, Verdict::partly_encrypted},
                                      .path = {},
                                      .path_below = root,
                                      .details = false};
    LG_TRY(store.visit_files(filter, [&](const model::FileRecord& /*file*/) {
      ++hits;
      return true;
    }));
  }
  return hits;
}

bool is_inside(const Scan& inner, const Scan& outer) {
  return std::all_of(inner.roots.begin(), inner.roots.end(),
                     [&](const std::string& root) { return covers(outer, root); });
}

/// A later scan of the same places on the same machine replaces an earlier one.
std::vector<Scan> one_for_each_place(const std::vector<Scan>& scans, LiveScans which) {
  const auto is_same_place = [](const Scan& a, const Scan& b) { return a.roots == b.roots && a.host == b.host; };
  std::vector<Scan> live;
  for (const Scan& scan : scans) {
    if (!scan.source.empty()) continue;
    std::uint64_t most = 0;
    for (const Scan& other : scans) {
      if (other.source.empty() && is_same_place(other, scan)) most = std::max(most, hits_of(other));
    }
    if (which == LiveScans::as_struck && hits_of(scan) * 2 < most) continue;
    std::erase_if(live, [&](const Scan& other) { return is_same_place(other, scan); });
    live.push_back(scan);
  }
  return live;
}

/// `ranks`: indexes of older scans, whose word counts most first. Gives where `scan` stands among them; nothing: one of
/// them holds all of its roots and tells more of the attack.
base::Result<std::optional<std::size_t>> find_rank(casefile::CaseStore& store, const std::vector<Scan>& live,
                                                   const std::vector<std::size_t>& ranks, const Scan& scan,
                                                   LiveScans which) {
  if (which == LiveScans::newest) return std::optional<std::size_t>(0);
  for (std::size_t rank = ranks.size(); rank > 0; --rank) {
    const Scan& older = live[ranks[rank - 1]];
    if (older.host != scan.host) continue;
    const std::vector<std::string> overlap = overlap_of(older, scan);
    if (overlap.empty()) continue;
    LG_ASSIGN(const std::uint64_t older_hits, count_hits(store, older, overlap));
    LG_ASSIGN(const std::uint64_t hits, count_hits(store, scan, overlap));
    if (hits * 2 >= older_hits) continue;
    if (is_inside(scan, older)) return std::optional<std::size_t>();
    return std::optional<std::size_t>(rank);
  }
  return std::optional<std::size_t>(0);
}

/// What the scans before one have of the folder that is being visited.
class ToldElsewhere {
 public:
  ToldElsewhere(casefile::CaseStore& store, const LiveScan& live) : store_(store), live_(live) {}

  base::Result<bool> has(const std::string& path) {
    if (live_.before.empty()) return false;
    const auto place = casefile::place_of(path);
    if (!place.ok()) return false;
    if (!folder_ || *folder_ != place.value().folder) LG_TRY(look_into(std::string(place.value().folder)));
    return is_whole_ || names_.contains(std::string(place.value().name));
  }

 private:
  base::Status look_into(std::string folder) {
    is_whole_ = false;
    names_.clear();
    for (const Scan& scan : live_.before) {
      // A root may be a single file of this folder.
      const bool is_covered = covers(scan, folder);
      const bool is_touched = std::any_of(scan.roots.begin(), scan.roots.end(),
                                          [&](const std::string& root) { return is_at_or_below(root, folder); });
      if (!is_covered && !is_touched) continue;
      LG_ASSIGN(const std::vector<casefile::KnownFile> known, store_.known_files(scan.id, folder));
      const bool is_finished = scan.finished_ns != 0 && scan.options.starts_with(casefile::k_all_names);
      is_whole_ = is_whole_ || (is_covered && is_finished && !known.empty());
      for (const casefile::KnownFile& file : known) names_.insert(file.name);
    }
    folder_ = std::move(folder);
    return base::Done{};
  }

  casefile::CaseStore& store_;
  const LiveScan& live_;
  std::optional<std::string> folder_;
  bool is_whole_ = false;  // what is not in it now was renamed or deleted since
  std::unordered_set<std::string> names_;
};

}  // namespace

base::Result<std::vector<LiveScan>> find_live_scans(casefile::CaseStore& store, LiveScans which) {
  LG_ASSIGN(const std::vector<Scan> all, store.scans());
  const std::vector<Scan> live = one_for_each_place(all, which);
  std::vector<std::size_t> ranks;
  for (std::size_t i = 0; i < live.size(); ++i) {
    LG_ASSIGN(const std::optional<std::size_t> rank, find_rank(store, live, ranks, live[i], which));
    if (rank) ranks.insert(ranks.begin() + static_cast<std::ptrdiff_t>(*rank), i);
  }
  std::vector<LiveScan> out;
  for (std::size_t i = 0; i < live.size(); ++i) {
    const auto own = std::find(ranks.begin(), ranks.end(), i);
    if (own == ranks.end()) continue;
    LiveScan scan{.scan = live[i], .before = {}};
    for (auto higher = ranks.begin(); higher != own; ++higher) {
      const Scan& other = live[*higher];
      if (other.host == scan.scan.host && !overlap_of(other, scan.scan).empty()) scan.before.push_back(other);
    }
    out.push_back(std::move(scan));
  }
  return out;
}

base::Status visit_live_files(casefile::CaseStore& store, const LiveScan& live, casefile::FileFilter filter,
                              const casefile::FileVisitor& visitor) {
  filter.scan_id = live.scan.id;
  ToldElsewhere elsewhere(store, live);
  base::Status status = base::Done{};
  LG_TRY(store.visit_files(filter, [&](const model::FileRecord& file) {
    const auto is_told = elsewhere.has(file.path);
    if (!is_told.ok()) status = is_told.error();
    if (!is_told.ok()) return false;
    return is_told.value() || visitor(file);
  }));
  return status;
}

base::Status visit_live_sightings(casefile::CaseStore& store, const LiveScan& live,
                                  const casefile::SightingVisitor& visitor) {
  ToldElsewhere elsewhere(store, live);
  base::Status status = base::Done{};
  LG_TRY(store.visit_sightings(live.scan.id, [&](const model::Sighting& sighting) {
    const auto is_told = elsewhere.has(sighting.path);
    if (!is_told.ok()) status = is_told.error();
    if (!is_told.ok()) return false;
    return is_told.value() || visitor(sighting);
  }));
  return status;
}

}  // namespace lastgood::timeline
