// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "report/backups_part.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/human.h"
#include "base/markup.h"
#include "report/findings_text.h"

namespace lastgood::report {

namespace {

using base::escape_html;
using base::human_count;
using model::JudgedSnapshot;
using model::Verdict;

constexpr int k_snapshots_height = 40;

std::uint64_t files_of(const JudgedSnapshot& snapshot) { return snapshot.counts.files + snapshot.open; }

std::uint64_t hit_of(const JudgedSnapshot& snapshot) {
  const auto count = [&](Verdict verdict) {
    return snapshot.counts.files_by_verdict.at(static_cast<std::size_t>(verdict));
  };
  return count(Verdict::encrypted) + count(Verdict::partly_encrypted);
}

const JudgedSnapshot* first_bad(const BackupShare& share) {
  const auto at = std::find_if(share.snapshots.begin(), share.snapshots.end(),
                               [](const JudgedSnapshot& snapshot) { return hit_of(snapshot) > 0; });
  return at == share.snapshots.end() ? nullptr : &*at;
}

const JudgedSnapshot* newest_clean(const BackupShare& share) {
  const auto at = std::find_if(share.snapshots.rbegin(), share.snapshots.rend(), [](const JudgedSnapshot& snapshot) {
    return hit_of(snapshot) == 0 && files_of(snapshot) > 0;
  });
  return at == share.snapshots.rend() ? nullptr : &*at;
}

std::string time_of(const facts::CaseFacts& facts, const JudgedSnapshot* snapshot) {
  return snapshot == nullptr ? std::string("none") : told_time(facts, snapshot->snapshot.time_ns);
}

/// Oldest at the left; the dark part of a bar is the share of its files that is hit.
std::string strip(const facts::CaseFacts& facts, const BackupShare& share) {
  std::string svg = fmt::format(
      "<svg class=\"snapshots\" role=\"img\" aria-label=\"share of encrypted files in each snapshot\" viewBox=\"0 0 {} "
      "{}\">",
      k_picture_width, k_snapshots_height);
  const double step =
      static_cast<double>(k_picture_width) / static_cast<double>(std::max<std::size_t>(share.snapshots.size(), 1));
  double x = 0;
  for (const JudgedSnapshot& snapshot : share.snapshots) {
    const double files = std::max<double>(1, static_cast<double>(files_of(snapshot)));
    const double hit = static_cast<double>(hit_of(snapshot)) / files * k_snapshots_height;
    const std::string title = fmt::format("{}: {} files, {} encrypted", told_time(facts, snapshot.snapshot.time_ns),
                                          human_count(files_of(snapshot)), human_count(hit_of(snapshot)));
    svg += fmt::format(
        "<rect x=\"{:.2f}\" y=\"0\" width=\"{:.2f}\" height=\"{}\" fill=\"#a9dcab\"><title>{}</title></rect>", x,
        std::max(step * 0.85, 0.5), k_snapshots_height, title);
    if (hit > 0)
      svg += fmt::format(
          "<rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\" "
          "fill=\"#9b1c31\"><title>{}</title></rect>",
          x, k_snapshots_height - std::max(hit, 1.0), std::max(step * 0.85, 0.5), std::max(hit, 1.0), title);
    x += step;
  }
  return svg + "</svg>";
}

std::string oddities(const facts::CaseFacts& facts, const BackupShare& share) {
  std::string html;
  for (const JudgedSnapshot& snapshot : share.snapshots) {
    for (const model::Reason& oddity : snapshot.oddities)
      html += fmt::format("<li>{}: {}</li>", told_time(facts, snapshot.snapshot.time_ns), escape_html(oddity.sentence));
  }
  return html.empty() ? html : "<details><summary>What is odd in this series</summary><ul>" + html + "</ul></details>";
}

/// What the data do not say themselves their snapshot says, about.
std::string as_of_words(const facts::CaseFacts& facts, const BackupShare& share, const model::JudgedUnit& unit) {
  if (unit.data_as_of_ns != 0) return told_time(facts, unit.data_as_of_ns);
  const auto at = std::find_if(share.snapshots.begin(), share.snapshots.end(), [&](const JudgedSnapshot& one) {
    return !unit.snapshot.empty() && one.snapshot.id == unit.snapshot;
  });
  return at == share.snapshots.end() ? "unknown" : "about " + told_time(facts, at->snapshot.time_ns);
}

/// A source that is one copy has no name for it: its folder and that one's time say which it is.
std::string snapshot_words(const facts::CaseFacts& facts, const BackupShare& share, const model::JudgedUnit& unit) {
  if (unit.snapshot.empty()) return "none";
  if (unit.snapshot != ".") return base::printable(unit.snapshot);
  const auto at = std::find_if(share.snapshots.begin(), share.snapshots.end(),
                               [](const JudgedSnapshot& one) { return one.snapshot.id == "."; });
  return at == share.snapshots.end() || at->snapshot.time_ns == 0
             ? std::string("the folder itself")
             : "the folder itself, of " + told_time(facts, at->snapshot.time_ns);
}

std::string units(const facts::CaseFacts& facts, const BackupShare& share) {
  std::string html;
  for (const model::JudgedUnit& unit : share.newest_usable_units) {
    html +=
        fmt::format("<tr><td>{}</td><td class=\"path\">{}</td><td>{}</td><td class=\"path\">{}</td><td>{}</td></tr>",
                    escape_html(unit.kind), escape_html(unit.path), escape_html(unit.state),
                    escape_html(snapshot_words(facts, share, unit)), as_of_words(facts, share, unit));
  }
  if (html.empty()) return html;
  return "<table><tr><th>set</th><th>where</th><th>newest state</th><th>newest usable snapshot</th><th>data as "
         "of</th></tr>" +
         html + "</table>";
}

}  // namespace

std::string backups_html(const CaseReport& report) {
  if (report.backups.empty())
    return "<p>No backup source was added yet: <code>lastgood backups add NAME URL</code>.</p>";
  std::string html;
  for (const BackupShare& share : report.backups) {
    html += fmt::format("<h3>{} <span class=\"path\">{}</span></h3>", escape_html(share.source.name),
                        escape_html(share.source.address));
    if (share.source.independence == model::Independence::attached)
      html += "<p><b>Attached:</b> whoever struck the server could reach this source, too.</p>";
    if (share.snapshots.empty()) {
      html += "<p>Not judged yet.</p>";
      continue;
    }
    html += fmt::format("<p>{}, {} to {}. Newest clean: <b>{}</b>. First with encrypted files: <b>{}</b>.</p>",
                        base::counted(share.snapshots.size(), "snapshot"),
                        told_time(report.facts, share.snapshots.front().snapshot.time_ns),
                        told_time(report.facts, share.snapshots.back().snapshot.time_ns),
                        time_of(report.facts, newest_clean(share)), time_of(report.facts, first_bad(share)));
    html += strip(report.facts, share) + units(report.facts, share) + oddities(report.facts, share);
  }
  return html +
         "<p class=\"caution\">Times of snapshots are what the snapshots say; they can be forged. A snapshot with "
         "encrypted "
         "files still holds good versions of the others: a plan chooses file by file.</p>";
}

std::string backups_text(const CaseReport& report) {
  std::string out;
  for (const BackupShare& share : report.backups) {
    out += fmt::format(
        "  {} ({}): {}, newest clean {}, first with encrypted files {}{}\n", base::printable(share.source.name),
        base::printable(share.source.address), base::counted(share.snapshots.size(), "snapshot"),
        time_of(report.facts, newest_clean(share)), time_of(report.facts, first_bad(share)),
        share.source.independence == model::Independence::attached ? "; attached: the attacker could reach it" : "");
    for (const model::JudgedUnit& unit : share.newest_usable_units)
      out += fmt::format("    {} {}: newest usable set {}, data as of {}\n", unit.kind, base::printable(unit.path),
                         snapshot_words(report.facts, share, unit), as_of_words(report.facts, share, unit));
  }
  return out.empty() ? "  no backup source was added yet\n" : out;
}

}  // namespace lastgood::report
