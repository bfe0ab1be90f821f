// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "timeline/picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <vector>

#include "base/error.h"
#include "base/human.h"
#include "base/local_time.h"
#include "base/markup.h"
#include "base/utf8.h"

namespace lastgood::timeline {

namespace {

constexpr std::int64_t k_day_ns = 86'400'000'000'000;
constexpr int k_width = 960;
constexpr int k_left = 130;
constexpr int k_right = 20;
constexpr int k_top = 56;
constexpr int k_row_height = 44;
constexpr int k_bar_height = 34;
constexpr std::int64_t k_bins_max = 120;

struct TrackRow {
  Track track;
  std::string_view name;
  std::string_view colour;
};

constexpr std::array k_rows = {
    TrackRow{Track::logins, "logins", "#2b6cb0"},
    TrackRow{Track::failed_logins, "failed logins", "#b7791f"},
    TrackRow{Track::file_changes, "file changes", "#4a5568"},
    TrackRow{Track::encryption, "encryption", "#c53030"},
    TrackRow{Track::flows, "flows", "#2c7a7b"},
    TrackRow{Track::requests, "requests", "#6b46c1"},
    TrackRow{Track::mails, "lines of mails", "#97266d"},
    TrackRow{Track::snapshots, "snapshots", "#2f855a"},
    TrackRow{Track::others, "others", "#a0aec0"},
};

/// Whole bins, each of whole buckets: a bar covers exactly the time in which its events were.
struct Window {
  std::int64_t from_ns = 0;
  std::int64_t to_ns = 0;  // above from_ns
  std::int64_t bin_ns = k_bucket_ns;
  std::string zone;  // in which times are written
  [[nodiscard]] double x_of(std::int64_t at_ns) const {
    const double part = static_cast<double>(at_ns - from_ns) / static_cast<double>(to_ns - from_ns);
    return k_left + std::clamp(part, 0.0, 1.0) * (k_width - k_left - k_right);
  }
};

Window choose_window(const TimelineSummary& summary, const std::string& zone) {
  Window window{.from_ns = summary.first_ns, .to_ns = summary.last_ns, .zone = zone};
  const Moment* first = first_encryption(summary);
  const Moment* last = last_encryption(summary);
  if (first != nullptr && last != nullptr) {
    std::int64_t begin_ns = first->at_ns - 7 * k_day_ns;
    // An entry that lies further back is shown, too, unless that would leave the encryption no room.
    if (!summary.entries.empty() && summary.entries.front().first_ns > first->at_ns - 90 * k_day_ns)
      begin_ns = std::min(begin_ns, summary.entries.front().first_ns - k_day_ns / 2);
    window.from_ns = std::max(window.from_ns, begin_ns);
    window.to_ns = std::min(window.to_ns, last->at_ns + k_day_ns);
  }
  window.to_ns = std::max(window.to_ns, window.from_ns);
  const std::int64_t buckets = (window.to_ns - window.from_ns) / k_bucket_ns + 2;  // the last may begin within one
  window.bin_ns = (buckets + k_bins_max - 1) / k_bins_max * k_bucket_ns;
  const auto begin_of = [&](std::int64_t at_ns) {
    const std::int64_t bin = at_ns / window.bin_ns - (at_ns % window.bin_ns < 0 ? 1 : 0);
    return bin * window.bin_ns;
  };
  window.from_ns = begin_of(window.from_ns);
  window.to_ns = begin_of(window.to_ns) + window.bin_ns;
  return window;
}

/// Counts by where a bin begins; only those with events.
using Bins = std::map<std::int64_t, std::uint64_t>;

Bins count_bins(const TimelineSummary& summary, const Window& window, Track track) {
  Bins bins;
  for (auto at = summary.buckets.lower_bound(window.from_ns / k_bucket_ns); at != summary.buckets.end(); ++at) {
    const std::int64_t at_ns = at->first * k_bucket_ns;
    if (at_ns >= window.to_ns) break;
    const std::uint64_t count = at->second.at(static_cast<std::size_t>(track));
    if (count > 0) bins[window.from_ns + (at_ns - window.from_ns) / window.bin_ns * window.bin_ns] += count;
  }
  return bins;
}

/// One event is still seen beside a million: heights grow with the logarithm.
void draw_row(std::string& out, const TrackRow& row, const Bins& bins, const Window& window, int top) {
  std::uint64_t most = 1;
  std::uint64_t all = 0;
  for (const auto& [from_ns, count] : bins) {
    most = std::max(most, count);
    all += count;
  }
  out += fmt::format(R"(<text x="8" y="{}" class="n">{}</text><text x="8" y="{}" class="s">{}</text>)", top + 16,
                     row.name, top + 30, all == 0 ? "no event known" : base::human_count(all));
  out += fmt::format(R"(<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="#cbd5e0"/>)", k_left, top + k_bar_height,
                     k_width - k_right, top + k_bar_height);
  for (const auto& [from_ns, count] : bins) {
    const double x = window.x_of(from_ns);
    const double width = window.x_of(from_ns + window.bin_ns) - x;
    const double height =
        std::max(3.0, k_bar_height * std::log1p(static_cast<double>(count)) / std::log1p(static_cast<double>(most)));
    out += fmt::format(
        R"(<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="{}"><title>{}: {} from {} on</title></rect>)",
        x, top + k_bar_height - height, std::max(1.0, width - 1), height, row.colour, row.name, count,
        base::time_in_zone(from_ns, window.zone));
  }
}

struct Mark {
  std::int64_t at_ns = 0;
  std::string words;
  int line = 1;  // of words, from the top
};

/// Lines first: none goes through the words of another mark, which stand on white.
void draw_marks(std::string& out, const Window& window, std::vector<Mark> marks, int bottom) {
  std::erase_if(marks, [&](const Mark& mark) { return mark.at_ns < window.from_ns || mark.at_ns > window.to_ns; });
  for (const Mark& mark : marks)
    out += fmt::format(R"(<line x1="{0:.1f}" y1="{1}" x2="{0:.1f}" y2="{2}" stroke="#1a202c" stroke-dasharray="3 3"/>)",
                       window.x_of(mark.at_ns), 14 * mark.line, bottom);
  for (const Mark& mark : marks) {
    const double x = window.x_of(mark.at_ns);
    const bool to_left = x > k_width / 2.0;
    out += fmt::format(R"(<text x="{:.1f}" y="{}" class="m" text-anchor="{}">{}</text>)", to_left ? x - 4 : x + 4,
                       14 * mark.line + 4, to_left ? "end" : "start", base::escape_html(mark.words));
  }
}

/// ": account 'games' from 203.0.113.9 (strong)"; names of strangers may be long.
std::string who_of(const std::string& account, const std::string& address, model::Certainty certainty) {
  constexpr std::size_t k_account_bytes_max = 24;
  std::size_t shown = 0;
  while (shown < account.size() && shown < k_account_bytes_max)
    shown += std::max<std::size_t>(1, base::utf8_length_at(account, shown));
  const std::string name = base::printable(std::string_view(account).substr(0, shown));
  return fmt::format(": account {}{} from {} ({})", name.empty() ? "unknown" : name, shown < account.size() ? ".." : "",
                     address.empty() ? "unknown" : address, model::name_of(certainty));
}

std::vector<Mark> marks_of(const TimelineSummary& summary, const std::string& zone) {
  std::vector<Mark> marks;
  const auto add = [&](std::int64_t at_ns, std::string_view words, const std::string& who, int line) {
    marks.push_back({at_ns, fmt::format("{} {}{}", words, base::time_in_zone(at_ns, zone), who), line});
  };
  if (!summary.entries.empty()) {
    const EntryCandidate& entry = summary.entries.front();
    add(entry.first_ns, "login from outside", who_of(entry.account, entry.address, entry.certainty), 1);
  }
  if (const Moment* first = first_encryption(summary)) {
    const std::string who = summary.encryptors.empty()
                                ? std::string()
                                : who_of(summary.encryptors.front().account, summary.encryptors.front().address,
                                         summary.encryptors.front().certainty);
    add(first->at_ns, "first encryption", who, 2);
  }
  if (const Moment* last = last_encryption(summary)) add(last->at_ns, "last encryption", {}, 3);
  return marks;
}

}  // namespace

std::string draw_timeline(const TimelineSummary& summary, const std::string& zone) {
  if (summary.events == 0) return "<p>No event is known of this case.</p>";
  const Window window = choose_window(summary, zone);
  const int bottom = k_top + static_cast<int>(k_rows.size()) * k_row_height;
  std::string out = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" aria-label="timeline of the case">)",
      k_width, bottom + 30);
  out +=
      "<style>svg .n{font:13px sans-serif;fill:#1a202c}svg .s{font:11px sans-serif;fill:#4a5568}svg .m{font:11px "
      "sans-serif;fill:#1a202c;paint-order:stroke;stroke:#fff;stroke-width:4px}</style>";
  int top = k_top;
  for (const TrackRow& row : k_rows) {
    draw_row(out, row, count_bins(summary, window, row.track), window, top);
    top += k_row_height;
  }
  constexpr int k_labels = 3;  // beside the first: more would run into each other
  for (int i = 0; i <= k_labels; ++i) {
    const std::int64_t at_ns = window.from_ns + (window.to_ns - window.from_ns) / k_labels * i;
    out +=
        fmt::format(R"(<text x="{:.1f}" y="{}" class="s" text-anchor="{}">{}</text>)", window.x_of(at_ns), bottom + 18,
                    i == 0          ? "start"
                    : i == k_labels ? "end"
                                    : "middle",
                    base::escape_html(base::time_in_zone(at_ns, window.zone)));
  }
  draw_marks(out, window, marks_of(summary, zone), bottom);
  out += "</svg>";
  return out;
}

}  // namespace lastgood::timeline
