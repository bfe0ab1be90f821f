// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "base/human.h"
#include "report/backups_part.h"
#include "report/case_report.h"
#include "report/findings_text.h"
#include "report/investigation_part.h"
#include "report/services_part.h"

namespace lastgood::report {

namespace {

using base::human_bytes;
using base::human_count;
using base::printable;
using model::Verdict;

constexpr std::size_t k_shown_max = 10;
constexpr std::size_t k_files_shown = 5;

std::string numbered(const std::vector<std::string>& sentences) {
  std::string out;
  std::size_t number = 0;
  for (const std::string& sentence : sentences) out += fmt::format("{}. {}\n", ++number, sentence);
  return out;
}

std::string folders(const CaseReport& report) {
  std::string out;
  std::size_t shown = 0;
  for (const FolderShare& folder : report.folders) {
    const auto hit = [&](const VerdictCounts& counts) {
      return counts.at(static_cast<std::size_t>(Verdict::encrypted)) +
             counts.at(static_cast<std::size_t>(Verdict::partly_encrypted));
    };
    if (hit(folder.files) == 0 || shown++ == k_shown_max) break;
    out += fmt::format("  {:>10} {:>9} files  {}:{}\n", human_bytes(hit(folder.bytes)), human_count(hit(folder.files)),
                       printable(folder.host), printable(folder.path));
  }
  return out.empty() ? "  no folder holds encrypted files\n" : out;
}

std::string campaigns(const CaseReport& report) {
  std::string out;
  for (const ScanReport& scan : report.scans) {
    for (const model::Campaign& campaign : scan.campaigns) {
      out += fmt::format("campaign {} on {} ({}): {} files, {}, changed {} to {}\n", campaign.id,
                         printable(scan.scan.host), name_of(campaign.certainty), human_count(campaign.file_count),
                         human_bytes(campaign.size_bytes), told_time(report.facts, campaign.first_change_ns),
                         told_time(report.facts, campaign.last_change_ns));
      for (const model::Reason& reason : campaign.reasons) out += "  " + printable(reason.sentence) + "\n";
      for (const std::string& contact : campaign.contacts) out += "  contact: " + printable(contact) + "\n";
      if (campaign.note_count > 0) out += fmt::format("  {} ransom notes\n", human_count(campaign.note_count));
    }
  }
  if (out.empty()) return "no marks were found that many files share\n";
  const std::string others = outside_campaigns(report);
  return out + (others.empty() ? "" : others + "\n");
}

/// Some of each verdict that is neither intact nor unreadable.
std::string single_files(const CaseReport& report) {
  std::string out;
  for (const auto& [verdict, files] : report.examples) {
    if (verdict == Verdict::unreadable) continue;
    for (std::size_t i = 0; i < std::min(k_files_shown, files.size()); ++i)
      out += fmt::format("  {:<17} {}\n", name_of(verdict), printable(files[i].path));
  }
  return out.empty() ? out : heading("Single files") + out;
}

std::string unreadable(const CaseReport& report) {
  const auto found = report.examples.find(Verdict::unreadable);
  if (found == report.examples.end() || found->second.empty()) return "";
  std::string out = heading("What could not be read");
  for (std::size_t i = 0; i < std::min(k_shown_max, found->second.size()); ++i) {
    const model::FileRecord& file = found->second[i];
    out += fmt::format("  {}: {}\n", printable(file.path),
                       file.reasons.empty() ? "" : printable(file.reasons.front().sentence));
  }
  return out;
}

}  // namespace

std::string write_text(const CaseReport& report, ReportForm form) {
  std::string out = fmt::format("{}\nThis report was made {}; {}\n\n{}\n", heading_of(report),
                                told_time(report.facts, report.made_ns), zone_of(report), summary_of(report));
  if (form != ReportForm::all) out += title_of(form) + "\n";
  if (form == ReportForm::final_form) out += heading("Five answers") + five_answers_text(report);
  if (form != ReportForm::final_form) out += heading("What to do next") + numbered(next_steps(report));
  out += heading("What is hit, what is clean");
  for (int i = 0; i < model::k_verdict_count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    out += fmt::format("  {:<17}{:>13} files {:>10}   {}\n", name_of(static_cast<Verdict>(i)),
                       human_count(report.files.at(at)), human_bytes(report.bytes.at(at)),
                       meaning_of(static_cast<Verdict>(i)));
  }
  for (const std::string& sentence : later_scans(report)) out += "  " + sentence + "\n";
  for (const std::string& sentence : overlaps(report)) out += "  " + sentence + "\n";
  out += heading("Services") + services_text(report);
  out += heading("Where") + folders(report);
  out += heading("When it began and ended");
  if (report.encrypted_per_minute.empty()) {
    out += "  no encrypted file, so no times\n";
  } else {
    const auto busiest = std::max_element(report.encrypted_per_minute.begin(), report.encrypted_per_minute.end(),
                                          [](const auto& a, const auto& b) { return a.second < b.second; });
    out += fmt::format(
        "  encrypted files were changed from {} to {}, most of them ({}) in the minute of {}\n  change times can be "
        "forged; compare them with logs\n",
        told_time(report.facts, report.encrypted_per_minute.begin()->first * 60'000'000'000),
        told_time(report.facts, (report.encrypted_per_minute.rbegin()->first + 1) * 60'000'000'000),
        human_count(busiest->second), told_time(report.facts, busiest->first * 60'000'000'000));
  }
  for (const std::string& sentence : struck_before(report)) out += "  " + sentence + "\n";
  if (has_inquiry(form)) out += investigation_text(report);
  if (has_details(form)) out += persons_text(report);
  out += heading("What the backups still have") + backups_text(report);
  out += heading("Which campaign") + campaigns(report);
  out += heading("How sure this is") + numbered(how_sure(report));
  if (has_details(form)) out += single_files(report);
  out += unreadable(report);
  if (!report.ledger_head.empty()) out += "\nledger anchor: " + report.ledger_head + "\n";
  return out;
}

}  // namespace lastgood::report
