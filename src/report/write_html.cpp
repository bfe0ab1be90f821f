// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The page. Drawings are inline SVG; a content security policy forbids everything that is not in the page itself, so
// that nothing an attacker put into a file name can reach out.
#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "base/error.h"
#include "base/human.h"
#include "base/markup.h"
#include "report/backups_part.h"
#include "report/case_report.h"
#include "report/findings_text.h"
#include "report/investigation_part.h"
#include "report/services_part.h"

namespace lastgood::report {

namespace {

using base::escape_html;
using base::human_bytes;
using base::human_count;
using model::Verdict;

/// Told apart by lightness too, for those who do not see colours and for printers without them.
std::string_view color_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::intact: return "#a9dcab";
    case Verdict::encrypted: return "#9b1c31";
    case Verdict::partly_encrypted: return "#d9542b";
    case Verdict::damaged: return "#e8a33d";
    case Verdict::protected_: return "#5b8fb9";
    case Verdict::note: return "#3d2645";
    case Verdict::undecided: return "#a79fb3";
    case Verdict::unreadable: return "#4a4a4a";
  }
  return "#000";
}

constexpr std::string_view k_style = R"(
:root{color-scheme:light}body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1c1c22;background:#fff}
h1{font-size:1.6rem;margin-bottom:.2rem}h2{font-size:1.2rem;margin-top:2.2rem;border-bottom:2px solid #ddd}table{border-collapse:collapse;width:100%}
td,th{text-align:left;padding:.25rem .6rem;border-bottom:1px solid #e5e5e5;vertical-align:top}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.path{font-family:ui-monospace,monospace;font-size:.85rem;overflow-wrap:anywhere}.lead{font-size:1.25rem}.caution{color:#555;font-size:.9rem}.box{display:inline-block;width:.8rem;height:.8rem;margin-right:.4rem}
svg{max-width:100%;height:auto;display:block;margin:.6rem 0}details{margin:.4rem 0}summary{cursor:pointer;font-weight:600}li{margin:.3rem 0;overflow-wrap:anywhere}#verdicts td:first-child,#addresses td:first-child,#dossiers td:first-child{white-space:nowrap}.day{white-space:nowrap}#services{table-layout:fixed}#services td,#services th{overflow-wrap:break-word;box-sizing:border-box}#services th:nth-child(1){width:13%}#services th:nth-child(2){width:19%}#services th:nth-child(3){width:20%}#services th:nth-child(4){width:12%}#services th:nth-child(5){width:23%}.box{print-color-adjust:exact;-webkit-print-color-adjust:exact;border:1px solid #444}.print-only{display:none}
@page{size:A4;margin:14mm 12mm 16mm;@bottom-right{content:counter(page) " / " counter(pages);font:9pt sans-serif}}@media print{svg,.box{filter:grayscale(1)}body{margin:0;max-width:none;padding:0;font-size:10pt;line-height:1.35;color:#000}h1{font-size:15pt}h2{font-size:12pt;margin-top:1.2em}.lead{font-size:12pt}.caution{color:#000;font-size:8.5pt}
h2,h3{break-after:avoid}svg,tr,li,p{break-inside:avoid}.path{font-size:8pt}thead{display:table-header-group}table{font-size:8.5pt}td,th{padding:.15rem .4rem;border-bottom-color:#888}#five-answers>li{break-inside:auto}details:not([open]){display:none}.print-only{display:block}}
)";

std::string verdict_bar(const CaseReport& report) {
  const double total = std::max<double>(1, static_cast<double>(report.total_bytes()));
  std::string svg = fmt::format(
      "<svg id=\"verdict-bar\" role=\"img\" aria-label=\"bytes by verdict\" viewBox=\"0 0 {} 46\">", k_picture_width);
  double x = 0;
  for (int i = 0; i < model::k_verdict_count; ++i) {
    const auto verdict = static_cast<Verdict>(i);
    const double width = static_cast<double>(report.bytes.at(static_cast<std::size_t>(i))) / total * k_picture_width;
    if (width <= 0) continue;
    svg += fmt::format(
        "<rect x=\"{:.2f}\" y=\"0\" width=\"{:.2f}\" height=\"46\" fill=\"{}\" stroke=\"#fff\"><title>{}: "
        "{}</title></rect>",
        x, std::max(width, 1.0), color_of(verdict), name_of(verdict),
        human_bytes(report.bytes.at(static_cast<std::size_t>(i))));
    x += width;
  }
  return svg + "</svg>";
}

std::string verdict_table(const CaseReport& report) {
  std::string html =
      "<table id=\"verdicts\"><tr><th>verdict</th><th class=\"n\">files</th><th class=\"n\">bytes</th><th "
      "class=\"n\">of these with weak certainty</th><th>means</th></tr>";
  for (int i = 0; i < model::k_verdict_count; ++i) {
    const auto verdict = static_cast<Verdict>(i);
    const auto at = static_cast<std::size_t>(i);
    html += fmt::format(
        "<tr><td><span class=\"box\" style=\"background:{}\"></span>{}</td><td class=\"n\">{}</td><td "
        "class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td></tr>",
        color_of(verdict), name_of(verdict), human_count(report.files.at(at)), human_bytes(report.bytes.at(at)),
        human_count(report.weak.at(at)), meaning_of(verdict));
  }
  return html + "</table>";
}

std::string folder_bars(const CaseReport& report) {
  if (report.folders.empty()) return "<p>No folder was scanned.</p>";
  constexpr int k_row = 24;
  constexpr int k_label = 400;
  std::uint64_t largest = 1;
  for (const FolderShare& folder : report.folders)
    largest = std::max(largest, std::accumulate(folder.bytes.begin(), folder.bytes.end(), std::uint64_t{0}));
  std::string svg = fmt::format(
      "<svg id=\"folder-bars\" role=\"img\" aria-label=\"bytes per folder by verdict\" viewBox=\"0 0 {} {}\" "
      "font-size=\"12\" font-family=\"ui-monospace,monospace\">",
      k_picture_width, report.folders.size() * k_row + 4);
  std::size_t row = 0;
  for (const FolderShare& folder : report.folders) {
    const double y = static_cast<double>(row++) * k_row;
    std::string label = base::printable(folder.host + ":" + folder.path);
    if (label.size() > 54) label = "..." + label.substr(label.size() - 51);
    svg +=
        fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>", k_label - 8, y + 16, escape_html(label));
    double x = k_label;
    for (int i = 0; i < model::k_verdict_count; ++i) {
      const auto at = static_cast<std::size_t>(i);
      if (folder.bytes.at(at) == 0) continue;
      const double width =
          static_cast<double>(folder.bytes.at(at)) / static_cast<double>(largest) * (k_picture_width - k_label - 4);
      svg += fmt::format(
          "<rect x=\"{:.2f}\" y=\"{}\" width=\"{:.2f}\" height=\"{}\" fill=\"{}\"><title>{} {}: {} files, "
          "{}</title></rect>",
          x, y + 3, std::max(width, 0.5), k_row - 6, color_of(static_cast<Verdict>(i)), escape_html(folder.path),
          name_of(static_cast<Verdict>(i)), human_count(folder.files.at(at)), human_bytes(folder.bytes.at(at)));
      x += width;
    }
  }
  svg += "</svg>";
  if (report.folders_left_out > 0)
    svg +=
        fmt::format("<p class=\"caution\">{} smaller folders are not drawn.</p>", human_count(report.folders_left_out));
  return svg;
}

/// Files per minute (per larger step when the span is long), drawn as columns. An attack of a minute is a thin column
/// in the middle of an hour in which nothing else happened.
std::string timeline(const CaseReport& report) {
  if (report.encrypted_per_minute.empty()) return "<p>No encrypted file, so no times.</p>";
  constexpr std::int64_t k_columns_max = 240;
  constexpr int k_height = 160;
  constexpr std::int64_t k_shown_min = 60;
  std::int64_t first = report.encrypted_per_minute.begin()->first;
  std::int64_t last = report.encrypted_per_minute.rbegin()->first;
  const std::int64_t quiet = std::max<std::int64_t>(0, k_shown_min - (last - first + 1));
  first -= quiet / 2;
  last += quiet - quiet / 2;
  const std::int64_t step = std::max<std::int64_t>(1, (last - first + k_columns_max) / k_columns_max);
  std::map<std::int64_t, std::uint64_t> columns;
  for (const auto& [minute, count] : report.encrypted_per_minute) columns[(minute - first) / step] += count;
  const std::int64_t count = (last - first) / step + 1;
  std::uint64_t highest = 1;
  for (const auto& [column, files] : columns) highest = std::max(highest, files);
  const double width = static_cast<double>(k_picture_width) / static_cast<double>(count);
  std::string svg = fmt::format(
      "<svg id=\"timeline\" role=\"img\" aria-label=\"files changed per {} minutes\" viewBox=\"0 0 {} {}\" "
      "font-size=\"12\">",
      step, k_picture_width, k_height + 24);
  for (const auto& [column, files] : columns) {
    const double height = static_cast<double>(files) / static_cast<double>(highest) * k_height;
    svg += fmt::format(
        "<rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\" fill=\"#9b1c31\"><title>{}: {} "
        "files</title></rect>",
        static_cast<double>(column) * width, k_height - height, std::max(width - 1, 0.8), height,
        told_time(report.facts, (first + column * step) * 60'000'000'000), human_count(files));
  }
  svg += fmt::format("<line x1=\"0\" x2=\"{0}\" y1=\"{1}\" y2=\"{1}\" stroke=\"#888\"/>", k_picture_width, k_height);
  svg += fmt::format("<text x=\"0\" y=\"{0}\">{1}</text><text x=\"{2}\" y=\"{0}\" text-anchor=\"end\">{3}</text></svg>",
                     k_height + 18, told_time(report.facts, first * 60'000'000'000), k_picture_width,
                     told_time(report.facts, (last + 1) * 60'000'000'000));
  return svg +
         fmt::format(
             "<p>Encrypted files by the time of their last change, one column per {} min; the highest holds {} "
             "files.</p>",
             step, human_count(highest)) +
         "<p class=\"caution\">Change times can be forged, and restoring or copying a file sets them anew. Compare "
         "them with logs before you state when it began.</p>";
}

std::string campaign_section(const CaseReport& report) {
  std::string html;
  for (const ScanReport& scan : report.scans) {
    for (const model::Campaign& campaign : scan.campaigns) {
      html += fmt::format("<h3>Campaign {} on {} <small>({})</small></h3><p>{} files, {}, changed {} to {}.</p><ul>",
                          campaign.id, escape_html(scan.scan.host), name_of(campaign.certainty),
                          human_count(campaign.file_count), human_bytes(campaign.size_bytes),
                          told_time(report.facts, campaign.first_change_ns),
                          told_time(report.facts, campaign.last_change_ns));
      for (const model::Reason& reason : campaign.reasons) html += "<li>" + escape_html(reason.sentence) + "</li>";
      for (const std::string& contact : campaign.contacts)
        html += "<li>contact left by the attacker: <span class=\"path\">" + escape_html(contact) + "</span></li>";
      if (campaign.note_count > 0)
        html += fmt::format("<li>{} ransom notes, for example <span class=\"path\">{}</span></li>",
                            human_count(campaign.note_count),
                            escape_html(campaign.notes.empty() ? "" : campaign.notes.front()));
      html += "</ul>";
    }
  }
  if (html.empty()) return "<p>No marks were found that many files share.</p>";
  const std::string others = outside_campaigns(report);
  return html + (others.empty() ? "" : "<p>" + escape_html(others) + "</p>");
}

std::string sighting_table(const CaseReport& report) {
  if (report.sightings.empty()) return "";
  std::string html =
      "<details><summary>Where the contacts were found</summary><table "
      "id=\"sightings\"><tr><th>kind</th><th>value</th><th>how sure</th><th>file</th><th class=\"n\">byte</th></tr>";
  for (const model::Sighting& sighting : report.sightings) {
    html += fmt::format(
        "<tr><td>{}</td><td class=\"path\">{}</td><td>{}</td><td class=\"path\">{}</td><td class=\"n\">{}</td></tr>",
        escape_html(sighting.kind), escape_html(sighting.value), escape_html(sighting.level),
        escape_html(sighting.path), sighting.offset_bytes);
  }
  html += "</table>";
  if (report.sightings_left_out > 0)
    html += fmt::format("<p class=\"caution\">{} more are in the case.</p>", human_count(report.sightings_left_out));
  return html + "</details>";
}

std::string examples(const CaseReport& report) {
  std::string html;
  for (const auto& [verdict, files] : report.examples) {
    if (files.empty()) continue;
    html += fmt::format(
        "<details{}><summary>{} ({} of {} shown)</summary><table><tr><th>file</th><th "
        "class=\"n\">bytes</th><th>certainty</th><th>why</th></tr>",
        verdict == Verdict::unreadable ? " open" : "", name_of(verdict), files.size(),
        human_count(report.files.at(static_cast<std::size_t>(verdict))));
    for (const model::FileRecord& file : files) {
      html += fmt::format("<tr><td class=\"path\">{}</td><td class=\"n\">{}</td><td>{}</td><td>{}</td></tr>",
                          escape_html(file.path), human_count(file.size_bytes), name_of(file.certainty),
                          file.reasons.empty() ? "" : escape_html(file.reasons.front().sentence));
    }
    html += "</table></details>";
  }
  if (html.empty()) return "<p>Every file was found intact.</p>";
  return html + "<p class=\"print-only\">Single files are listed in the page itself, and not on paper.</p>";
}

std::string scan_table(const CaseReport& report) {
  std::string html =
      "<table><tr><th>scan</th><th>server</th><th>folders</th><th>depth</th><th>began</th><th>ended</th></tr>";
  for (const ScanReport& entry : report.scans) {
    std::string roots;
    for (const std::string& root : entry.scan.roots) roots += (roots.empty() ? "" : ", ") + root;
    html += fmt::format("<tr><td>{}</td><td>{}</td><td class=\"path\">{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                        entry.scan.id, escape_html(entry.scan.host), escape_html(roots), name_of(entry.scan.depth),
                        told_time(report.facts, entry.scan.started_ns),
                        entry.scan.finished_ns == 0 ? "interrupted: the counts are not complete"
                                                    : told_time(report.facts, entry.scan.finished_ns));
  }
  return html + "</table>";
}

std::string list(const std::vector<std::string>& sentences) {
  std::string html = "<ol>";
  for (const std::string& sentence : sentences) html += "<li>" + escape_html(sentence) + "</li>";
  return html + "</ol>";
}

/// Header rows stand on each page that a table goes on to. All markup is ours, as every value is escaped.
std::string with_repeated_heads(const std::string& html) {
  constexpr std::string_view k_row = "<tr><th";
  constexpr std::string_view k_end = "</tr>";
  std::string out;
  std::size_t from = 0;
  while (true) {
    const std::size_t at = html.find(k_row, from);
    const std::size_t end = at == std::string::npos ? at : html.find(k_end, at);
    if (end == std::string::npos) return out + html.substr(from);
    out += html.substr(from, at - from) + "<thead>" + html.substr(at, end + k_end.size() - at) + "</thead>";
    from = end + k_end.size();
  }
}

}  // namespace

std::string write_html(const CaseReport& report, ReportForm form) {
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" "
      "content=\"default-src 'none'; style-src 'unsafe-inline'\">";
  html += fmt::format(
      "<meta name=\"viewport\" content=\"width=device-width\"><title>lastgood: "
      "{}</title><style>{}</style></head><body>\n",
      escape_html(report.case_name), k_style);
  html += fmt::format(
      "<h1>{}</h1><p class=\"caution\">This report was made {} by lastgood; {}</p><p class=\"lead\" "
      "id=\"summary\">{}</p>\n",
      escape_html(heading_of(report)), told_time(report.facts, report.made_ns), escape_html(zone_of(report)),
      escape_html(summary_of(report)));
  if (form != ReportForm::all) html += fmt::format("<p class=\"caution\">{}</p>\n", title_of(form));
  if (form == ReportForm::final_form) html += "<h2>Five answers</h2>" + five_answers_html(report);
  if (form != ReportForm::final_form) html += "<h2>What to do next</h2>" + list(next_steps(report));
  html += "<h2>What is hit, what is clean</h2>" + verdict_bar(report) + verdict_table(report);
  for (const std::string& sentence : later_scans(report)) html += "<p>" + escape_html(sentence) + "</p>";
  html += "<h2>Services</h2>" + services_html(report);
  html += "<h2>Where</h2>" + folder_bars(report);
  html += "<h2>When it began and ended</h2>" + timeline(report);
  for (const std::string& sentence : struck_before(report)) html += "<p>" + escape_html(sentence) + "</p>";
  if (has_inquiry(form)) html += "<h2>The attack, as logs, mails and files tell it</h2>" + timeline_html(report);
  html += "<h2>What the backups still have</h2>" + backups_html(report);
  html += "<h2>Which campaign</h2>" + campaign_section(report);
  if (has_inquiry(form)) html += contacts_html(report) + sighting_table(report);
  if (has_details(form)) html += "<h2>How many persons</h2>" + persons_html(report);
  html += "<h2>How sure this is</h2>" + list(how_sure(report));
  if (has_details(form)) html += "<h2>Files</h2>" + examples(report);
  html += "<h2>What was scanned</h2>" + scan_table(report);
  for (const std::string& sentence : overlaps(report)) html += "<p>" + escape_html(sentence) + "</p>";
  if (!report.ledger_head.empty())
    html += fmt::format(
        "<p class=\"caution\">Ledger anchor when this page was made: <span class=\"path\">{}</span>. Keep it on paper: "
        "it proves the record up to here.</p>",
        escape_html(report.ledger_head));
  return with_repeated_heads(html) + "</body></html>\n";
}

}  // namespace lastgood::report
