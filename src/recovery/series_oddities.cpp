// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/series_oddities.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "base/error.h"
#include "base/human.h"
#include "sources/name_time.h"

namespace lastgood::recovery {

namespace {

using model::JudgedSnapshot;

constexpr std::int64_t k_hour_ns = 3'600'000'000'000;
constexpr std::int64_t k_day_ns = 24 * k_hour_ns;
constexpr std::int64_t k_zone_ns = 14 * k_hour_ns;  // no clock is set further from UTC
constexpr std::uint64_t k_jump_files_min = 50;
constexpr std::uint64_t k_jump_factor = 5;
constexpr std::size_t k_struck_run_min = 5;
constexpr std::size_t k_series_min = 3;

void say(JudgedSnapshot& snapshot, std::string rule, std::string sentence) {
  snapshot.oddities.push_back({.rule = std::move(rule), .sentence = std::move(sentence)});
}

std::uint64_t files_of(const JudgedSnapshot& snapshot) { return snapshot.counts.files + snapshot.open; }
std::uint64_t moved(const JudgedSnapshot& snapshot) { return snapshot.added + snapshot.changed + snapshot.removed; }

std::uint64_t median(std::vector<std::uint64_t> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Within one series, oldest first. The first snapshot adds everything and says nothing.
void find_jumps(const std::vector<JudgedSnapshot*>& series) {
  std::vector<std::uint64_t> before;
  for (std::size_t i = 1; i < series.size(); ++i) {
    JudgedSnapshot& snapshot = *series[i];
    const std::uint64_t now = moved(snapshot);
    if (before.size() >= k_series_min - 1) {
      const std::uint64_t usual = median(before);
      if (now >= k_jump_files_min && now > usual * k_jump_factor)
        say(snapshot, "series.jump", fmt::format("{} files were added, changed or removed; {} are usual", now, usual));
    }
    const std::uint64_t files_before = files_of(*series[i - 1]);
    if (files_before > 0 && files_of(snapshot) == 0)
      say(snapshot, "series.empty", fmt::format("holds no file, the one before it held {}", files_before));
    else if (files_of(snapshot) * 2 < files_before)
      say(snapshot, "series.shrunk",
          fmt::format("holds {} files, the one before it held {}", files_of(snapshot), files_before));
    before.push_back(now);
  }
}

bool is_stored_at_another_time(const model::Snapshot& snapshot) {
  return snapshot.stored_ns != 0 && std::abs(snapshot.stored_ns - snapshot.time_ns) > 2 * k_day_ns;
}

void find_false_times(std::vector<JudgedSnapshot>& snapshots, std::int64_t now_ns, std::string_view names_in) {
  const auto others = std::count_if(snapshots.begin(), snapshots.end(), [](const JudgedSnapshot& judged) {
    return is_stored_at_another_time(judged.snapshot);
  });
  // A store that was copied is newer than all its snapshots; that says nothing of any of them.
  const bool is_copied = static_cast<std::size_t>(others) * 2 > snapshots.size();
  for (JudgedSnapshot& judged : snapshots) {
    const model::Snapshot& snapshot = judged.snapshot;
    const std::int64_t slack_ns = sources::is_zone_assumed(snapshot, names_in) ? k_zone_ns + k_hour_ns : k_hour_ns;
    if (snapshot.time_ns > now_ns + slack_ns) {
      say(judged, "series.future",
          fmt::format(
              "says that it was made at {}, which is later than now: a policy that keeps the newest would keep it "
              "and delete good ones",
              base::utc_time(snapshot.time_ns)));
    }
    if (!is_copied && is_stored_at_another_time(snapshot)) {
      say(judged, "series.stored",
          fmt::format("says that it was made at {}, the store has it since {}", base::utc_time(snapshot.time_ns),
                      base::utc_time(snapshot.stored_ns)));
    }
  }
}

/// A host or a set of paths that comes up late, after others.
void find_newcomers(std::vector<JudgedSnapshot>& snapshots) {
  for (std::size_t i = k_series_min; i < snapshots.size(); ++i) {
    const auto same = [&](const JudgedSnapshot& other) {
      return is_same_series(other.snapshot, snapshots[i].snapshot);
    };
    if (std::any_of(snapshots.begin(), snapshots.begin() + static_cast<std::ptrdiff_t>(i), same)) continue;
    const model::Snapshot& last = snapshots[i - 1].snapshot;
    const bool is_host =
        std::none_of(snapshots.begin(), snapshots.begin() + static_cast<std::ptrdiff_t>(i),
                     [&](const JudgedSnapshot& other) { return other.snapshot.host == snapshots[i].snapshot.host; });
    say(snapshots[i], is_host ? "series.host" : "series.paths",
        is_host ? fmt::format("is the first one from the host '{}', those before it came from '{}'",
                              base::printable(snapshots[i].snapshot.host), base::printable(last.host))
                : "is the first one of these paths: the backup was told to take something else");
  }
}

/// Deleting by count or by day keeps the newest: bad when the newest are struck.
void find_dangers_of_forgetting(const std::vector<JudgedSnapshot*>& series) {
  std::size_t struck = 0;
  while (struck < series.size() && is_struck(*series[series.size() - 1 - struck])) ++struck;
  if (struck >= k_struck_run_min && struck < series.size()) {
    say(*series.back(), "series.forget",
        fmt::format(
            "the newest {} snapshots hold encrypted files: a policy that keeps the last {} or fewer deletes every "
            "good one; stop automatic deletion now",
            struck, struck));
  }
  std::size_t same_day = 1;
  for (std::size_t i = 1; i < series.size(); ++i) {
    const bool is_close = series[i]->snapshot.time_ns - series[i - 1]->snapshot.time_ns < k_hour_ns / 6;
    same_day = is_close ? same_day + 1 : 1;
    if (same_day == k_struck_run_min) {
      say(*series[i], "series.crowd",
          fmt::format(
              "{} snapshots within minutes of each other: a policy that keeps the last few would keep only these",
              same_day));
    }
  }
}

}  // namespace

bool is_struck(const JudgedSnapshot& snapshot) {
  const auto count = [&](model::Verdict verdict) {
    return snapshot.counts.files_by_verdict.at(static_cast<std::size_t>(verdict));
  };
  return count(model::Verdict::encrypted) + count(model::Verdict::partly_encrypted) + count(model::Verdict::note) > 0;
}

void sort_by_time(std::vector<JudgedSnapshot>& snapshots) {
  std::stable_sort(snapshots.begin(), snapshots.end(), [](const JudgedSnapshot& a, const JudgedSnapshot& b) {
    return std::tie(a.snapshot.time_ns, a.snapshot.id) < std::tie(b.snapshot.time_ns, b.snapshot.id);
  });
}

bool is_same_series(const model::Snapshot& a, const model::Snapshot& b) {
  return a.host == b.host && a.paths == b.paths;
}

void find_oddities(std::vector<JudgedSnapshot>& snapshots, std::int64_t now_ns, std::string_view names_in) {
  for (JudgedSnapshot& snapshot : snapshots) snapshot.oddities.clear();
  find_false_times(snapshots, now_ns, names_in);
  find_newcomers(snapshots);
  std::vector<bool> done(snapshots.size());
  for (std::size_t first = 0; first < snapshots.size(); ++first) {
    if (done[first]) continue;
    std::vector<JudgedSnapshot*> series;
    for (std::size_t i = first; i < snapshots.size(); ++i) {
      if (done[i] || !is_same_series(snapshots[first].snapshot, snapshots[i].snapshot)) continue;
      done[i] = true;
      if (snapshots[i].snapshot.presence == model::Presence::listed) series.push_back(&snapshots[i]);
    }
    if (series.size() < 2) continue;
    find_jumps(series);
    find_dangers_of_forgetting(series);
  }
}

}  // namespace lastgood::recovery
