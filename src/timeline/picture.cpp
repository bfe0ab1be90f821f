// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "timeline/picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/human.h"
#include "base/markup.h"

namespace lastgood::timeline {

namespace {

constexpr std::int64_t k_day_ns = 86'400'000'000'000;
constexpr int k_width = 960;
constexpr int k_left = 130;
constexpr int k_right = 20;
constexpr int k_top = 56;
constexpr int k_row_height = 44;
constexpr int k_bar_height = 34;
constexpr int k_bins = 120;

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
    TrackRow{Track::snapshots, "snapshots", "#2f855a"},
    TrackRow{Track::others, "others", "#a0aec0"},
};

struct Window {
  std::int64_t from_ns = 0;
  std::int64_t to_ns = 0;  // above from_ns
  [[nodiscard]] double x_of(std::int64_t at_ns) const {
    const double part = static_cast<double>(at_ns - from_ns) / static_cast<double>(to_ns - from_ns);
    return k_left + std::clamp(part, 0.0, 1.0) * (k_width - k_left - k_right);
  }
};

Window choose_window(const TimelineSummary& summary) {
  Window window{.from_ns = summary.first_ns, .to_ns = summary.last_ns};
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
  window.to_ns = std::max(window.to_ns, window.from_ns) + k_bucket_ns;
  return window;
}

using Bins = std::array<std::uint64_t, k_bins>;

Bins count_bins(const TimelineSummary& summary, const Window& window, Track track) {
  Bins bins{};
  const std::int64_t first = window.from_ns / k_bucket_ns;
  for (auto at = summary.buckets.lower_bound(first); at != summary.buckets.end(); ++at) {
    const std::int64_t at_ns = at->first * k_bucket_ns;
    if (at_ns >= window.to_ns) break;
    const double part = static_cast<double>(std::max<std::int64_t>(at_ns - window.from_ns, 0)) /
                        static_cast<double>(window.to_ns - window.from_ns);
    const auto bin = std::min<std::size_t>(k_bins - 1, static_cast<std::size_t>(part * k_bins));
    bins.at(bin) += at->second.at(static_cast<std::size_t>(track));
  }
  return bins;
}

/// One event is still seen beside a million: heights grow with the logarithm.
void draw_row(std::string& out, const TrackRow& row, const Bins& bins, int top) {
  const std::uint64_t most = *std::max_element(bins.begin(), bins.end());
  std::uint64_t all = 0;
  for (const std::uint64_t count : bins) all += count;
  out += fmt::format(R"(<text x="8" y="{}" class="n">{}</text><text x="8" y="{}" class="s">{}</text>)", top + 16,
                     row.name, top + 30, all == 0 ? "no event known" : base::human_count(all));
  out += fmt::format(R"(<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="#cbd5e0"/>)", k_left, top + k_bar_height,
                     k_width - k_right, top + k_bar_height);
  const double bin_width = static_cast<double>(k_width - k_left - k_right) / k_bins;
  for (std::size_t i = 0; i < k_bins; ++i) {
    if (bins.at(i) == 0) continue;
    const double height = std::max(3.0, k_bar_height * std::log1p(static_cast<double>(bins.at(i))) /
                                            std::log1p(static_cast<double>(std::max<std::uint64_t>(most, 1))));
    out += fmt::format(
        R"(<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="{}"><title>{}: {}</title></rect>)",
        k_left + static_cast<double>(i) * bin_width, top + k_bar_height - height, std::max(1.0, bin_width - 1), height,
        row.colour, row.name, bins.at(i));
  }
}

void draw_mark(std::string& out, const Window& window, std::int64_t at_ns, std::string_view words, int line,
               int bottom) {
  if (at_ns < window.from_ns || at_ns > window.to_ns) return;
  const double x = window.x_of(at_ns);
  const bool to_left = x > k_width * 0.6;
  out += fmt::format(R"(<line x1="{0:.1f}" y1="{1}" x2="{0:.1f}" y2="{2}" stroke="#1a202c" stroke-dasharray="3 3"/>)",
                     x, 14 * line, bottom);
  out += fmt::format(R"(<text x="{:.1f}" y="{}" class="m" text-anchor="{}">{}</text>)", to_left ? x - 4 : x + 4,
                     14 * line + 4, to_left ? "end" : "start",
                     base::escape_html(fmt::format("{} {}", words, base::utc_time(at_ns))));
}

}  // namespace

std::string draw_timeline(const TimelineSummary& summary) {
  if (summary.events == 0) return "<p>No event is known of this case.</p>";
  const Window window = choose_window(summary);
  const int bottom = k_top + static_cast<int>(k_rows.size()) * k_row_height;
  std::string out = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" aria-label="timeline of the case">)",
      k_width, bottom + 30);
  out +=
      "<style>.n{font:13px sans-serif;fill:#1a202c}.s{font:11px sans-serif;fill:#4a5568}.m{font:11px "
      "sans-serif;fill:#1a202c}</style>";
  int top = k_top;
  for (const TrackRow& row : k_rows) {
    draw_row(out, row, count_bins(summary, window, row.track), top);
    top += k_row_height;
  }
  for (int i = 0; i <= 4; ++i) {
    const std::int64_t at_ns = window.from_ns + (window.to_ns - window.from_ns) / 4 * i;
    out +=
        fmt::format(R"(<text x="{:.1f}" y="{}" class="s" text-anchor="{}">{}</text>)", window.x_of(at_ns), bottom + 18,
                    i == 0   ? "start"
                    : i == 4 ? "end"
                             : "middle",
                    base::escape_html(base::utc_time(at_ns)));
  }
  if (!summary.entries.empty())
    draw_mark(out, window, summary.entries.front().first_ns, "login from outside", 1, bottom);
  if (const Moment* first = first_encryption(summary))
    draw_mark(out, window, first->at_ns, "first encryption", 2, bottom);
  if (const Moment* last = last_encryption(summary)) draw_mark(out, window, last->at_ns, "last encryption", 3, bottom);
  out += "</svg>";
  return out;
}

}  // namespace lastgood::timeline
