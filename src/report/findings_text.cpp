// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "report/findings_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/human.h"
#include "base/local_time.h"

namespace lastgood::report {

namespace {

using base::human_bytes;
using base::human_count;
using model::Verdict;

std::uint64_t files_of(const CaseReport& report, Verdict verdict) {
  return report.files.at(static_cast<std::size_t>(verdict));
}

double percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

bool is_complete(const CaseReport& report) {
  return std::all_of(report.scans.begin(), report.scans.end(),
                     [](const ScanReport& scan) { return scan.scan.finished_ns != 0; });
}

bool is_full(const CaseReport& report) {
  return std::all_of(report.scans.begin(), report.scans.end(),
                     [](const ScanReport& scan) { return scan.scan.depth == model::Depth::full; });
}

/// A log or a piece of evidence of the case says that data left.
bool shows_bytes_leaving(const CaseReport& report) {
  const auto& persons = report.facts.exposure.persons;
  return std::any_of(persons.begin(), persons.end(),
                     [](const auto& found) { return found.basis == "leaving" && (found.at_least || found.at_most); });
}

/// Data of one at least were brought back, whether it is up now or was stopped since: the first hour is over. A health
/// check that only came and went says nothing of the attack.
bool is_any_back(const CaseReport& report) {
  const auto& services = report.services.services;
  return std::any_of(services.begin(), services.end(), [](const ServiceShare& one) { return one.restored_ns != 0; });
}

bool is_all_up(const CaseReport& report) {
  const auto& services = report.services.services;
  return !services.empty() &&
         std::all_of(services.begin(), services.end(), [](const ServiceShare& one) { return one.is_up_and_whole(); });
}

}  // namespace

std::string heading(std::string_view title) { return fmt::format("\n{}\n{}\n", title, std::string(title.size(), '-')); }

std::string_view meaning_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::intact: return "its structure or its text was checked and holds";
    case Verdict::encrypted: return "its content was replaced by encrypted data";
    case Verdict::partly_encrypted: return "parts of it were";
    case Verdict::damaged: return "broken otherwise: zeroed, cut short, overwritten";
    case Verdict::protected_: return "encrypted by a tool its owner uses, container whole";
    case Verdict::note: return "a ransom note";
    case Verdict::undecided:
      return "random-looking and nothing explains it, or changed in an attack's minutes and not to be checked "
             "throughout: the bytes alone cannot tell";
    case Verdict::unreadable: return "could not be read: not known, and not clean";
  }
  return "";
}

std::string summary_of(const CaseReport& report) {
  if (report.scans.empty()) return "Nothing was scanned yet.";
  std::string text =
      fmt::format("{} files ({}) were judged. ", human_count(report.total_files()), human_bytes(report.total_bytes()));
  if (report.hit_files() == 0) {
    text += "No encrypted file was found";
    const std::uint64_t open = files_of(report, Verdict::undecided) + files_of(report, Verdict::unreadable);
    text += open == 0 ? "." : fmt::format("; {} files could not be decided or read.", human_count(open));
  } else {
    text +=
        fmt::format("{} of them ({}, {:.1f} % of the bytes) are encrypted in whole or in part. {} are intact.",
                    human_count(report.hit_files()), human_bytes(report.hit_bytes()),
                    percent(report.hit_bytes(), report.total_bytes()), human_count(files_of(report, Verdict::intact)));
  }
  if (!is_complete(report)) text += " A scan was interrupted: these numbers are not complete.";
  return text;
}

std::string heading_of(const CaseReport& report) {
  const std::string& organisation = report.facts.about.organisation;
  return base::printable(organisation.empty() ? report.case_name : organisation + ": " + report.case_name);
}

std::string zone_of(const CaseReport& report) {
  const std::string name = base::zone_name(report.facts.about.zone);
  return name == "UTC" ? "times are UTC, as the case does not say its zone" : "times are those of " + name;
}

std::string told_time(const facts::CaseFacts& facts, std::int64_t time_ns) {
  return base::time_in_zone(time_ns, facts.about.zone);
}

std::vector<std::string> later_scans(const CaseReport& report) {
  std::vector<std::string> out;
  for (const model::Scan& scan : report.later_scans) {
    const auto count = [&](Verdict verdict) {
      return scan.counts.files_by_verdict.at(static_cast<std::size_t>(verdict));
    };
    std::string roots;
    for (const std::string& root : scan.roots) roots += (roots.empty() ? "" : ", ") + root;
    out.push_back(fmt::format(
        "Scanned again {}: {} of {} files of {}:{} were encrypted then. The numbers here are of the scan before that.",
        told_time(report.facts, scan.started_ns),
        human_count(count(Verdict::encrypted) + count(Verdict::partly_encrypted)), human_count(scan.counts.files),
        base::printable(scan.host), base::printable(roots)));
  }
  return out;
}

std::vector<std::string> overlaps(const CaseReport& report) {
  std::vector<std::string> out;
  for (const ScanReport& entry : report.scans) {
    if (entry.told_elsewhere == 0) continue;
    std::string others;
    for (const std::int64_t id : entry.told_by) others += fmt::format("{}{}", others.empty() ? "" : ", ", id);
    out.push_back(fmt::format(
        "Scan {} of {} overlaps with scan {}: {} of its files are counted there, so that no file counts twice.",
        entry.scan.id, base::printable(entry.scan.host), others, human_count(entry.told_elsewhere)));
  }
  return out;
}

std::vector<std::string> struck_before(const CaseReport& report) {
  std::vector<std::string> out;
  if (report.encrypted_per_minute.empty()) return out;
  const std::int64_t first_ns = report.encrypted_per_minute.begin()->first * std::int64_t{60'000'000'000};
  for (const BackupShare& backup : report.backups) {
    for (const model::JudgedSnapshot& judged : backup.snapshots) {
      const auto& files = judged.counts.files_by_verdict;
      const bool is_struck = files.at(static_cast<std::size_t>(Verdict::encrypted)) +
                                 files.at(static_cast<std::size_t>(Verdict::partly_encrypted)) >
                             0;
      if (!is_struck || judged.snapshot.time_ns >= first_ns) continue;
      out.push_back(
          fmt::format("the backup of {} in '{}' holds encrypted files already, and plans trust none from then "
                      "on; if that time is right, it began before the files of the servers say",
                      told_time(report.facts, judged.snapshot.time_ns), base::printable(backup.source.name)));
      break;
    }
  }
  return out;
}

std::string outside_campaigns(const CaseReport& report) {
  std::uint64_t files = 0;
  for (const ScanReport& scan : report.scans) {
    for (const model::Campaign& campaign : scan.campaigns) files += campaign.file_count;
  }
  if (report.hit_files() <= files) return {};
  return fmt::format(
      "{} of the {} encrypted files are in none of these campaigns: each was judged by itself. A number that is not "
      "here is that of a campaign in a backup.",
      human_count(report.hit_files() - files), human_count(report.hit_files()));
}

namespace {

/// "Billing (as of 2022-11-23 09:00:00 UTC), Laboratory (nobody has looked)": not more than a line holds. Since then
/// somebody may have started it.
std::string not_up(const CaseReport& report) {
  constexpr std::size_t k_named_max = 5;
  std::string out;
  std::size_t count = 0;
  for (const ServiceShare& service : report.services.services) {
    if (service.is_up_and_whole()) continue;
    if (++count > k_named_max) continue;
    const std::string seen = service.is_up()             ? std::string("up, on encrypted files")
                             : service.last_seen_ns == 0 ? std::string("nobody has looked")
                                                         : "as of " + told_time(report.facts, service.last_seen_ns);
    out += fmt::format("{}{} ({})", out.empty() ? "" : ", ", base::printable(service.title), seen);
  }
  return count <= k_named_max ? out : fmt::format("{} and {} more", out, count - k_named_max);
}

/// Who is cut off and who gets paper, by what works again: a hospital that is up is not to be taken down once more.
void add_network_steps(const CaseReport& report, std::vector<std::string>& steps) {
  if (is_all_up(report)) {
    steps.emplace_back(
        "All services are up again. Before a server that was struck is joined to the network again, close the way in: "
        "the accounts and addresses below.");
    return;
  }
  if (!is_any_back(report)) {
    steps.emplace_back(
        "Cut the affected servers off the network, and do not switch them off before somebody has decided about their "
        "memory.");
    steps.emplace_back(
        "Give wards, clinics and the laboratory paper to work from: 'lastgood sheets --to DIR' prints it from the "
        "newest copy that answers, long before anything is restored.");
    return;
  }
  const auto& services = report.services.services;
  const auto up =
      std::count_if(services.begin(), services.end(), [](const ServiceShare& one) { return one.is_up_and_whole(); });
  const bool has_struck = std::any_of(services.begin(), services.end(),
                                      [](const ServiceShare& one) { return one.is_up() && one.struck != 0; });
  const std::string now =
      up == 0 && !has_struck
          ? std::string("No service is up, and data were restored already.")
          : fmt::format("{} of {} services are up{}, as last recorded: leave what they work on connected.", up,
                        services.size(), has_struck ? " and whole" : "");
  steps.push_back(fmt::format(
      "{} Keep off the network what was struck and not "
      "restored, and do not switch it off before somebody has decided about its memory. Before another such "
      "server joins the network close the way in: the accounts and addresses below.",
      now));
  steps.push_back(
      fmt::format("{}: {}. 'lastgood services status' looks now, and says whether each has to be started or "
                  "restored; until then "
                  "'lastgood sheets --service NAME --to DIR' prints paper for those who work with it.",
                  has_struck ? "Not up, or not whole" : "Not up", not_up(report)));
}

}  // namespace

std::vector<std::string> next_steps(const CaseReport& report) {
  std::vector<std::string> steps;
  if (report.scans.empty()) return {"Scan the servers' folders: lastgood scan --host NAME PATH"};
  if (!is_complete(report)) steps.emplace_back("Finish the interrupted scan: repeat its command with --resume.");
  if (report.hit_files() > 0) {
    steps.push_back(
        std::string("Keep the encrypted files and the notes as they are: they are evidence, and some can be decrypted "
                    "later.") +
        (is_any_back(report) ? "" : " Write nothing to these disks."));
    add_network_steps(report, steps);
    if (report.facts.aware.empty())
      steps.emplace_back(
          "Write down who became aware of it and when ('lastgood notices aware'): authorities must be told within "
          "hours "
          "of that (in India CERT-In within 6). 'lastgood notices' shows each clock.");
    steps.emplace_back(
        "Find which backups were made before the first change shown below, and look at them from a clean machine "
        "only.");
  }
  if (files_of(report, Verdict::note) > 0)
    steps.emplace_back("Give the notes and contacts below to the investigators. Do not write to them.");
  if (files_of(report, Verdict::undecided) > 0)
    steps.push_back(fmt::format(
        "Look at the {} undecided files: 'lastgood explain PATH' shows why, an older copy in a backup decides.",
        human_count(files_of(report, Verdict::undecided))));
  if (files_of(report, Verdict::unreadable) > 0)
    steps.push_back(
        fmt::format("Read the {} unreadable files another way (as root, from a copy of the disk) and scan them again.",
                    human_count(files_of(report, Verdict::unreadable))));
  if (!is_full(report))
    steps.emplace_back(
        "Before anything goes back into service, scan it with --depth full: only that reads every byte.");
  if (steps.empty())
    steps.emplace_back("Keep this case as the record of a healthy state, and scan again after any alarm.");
  return steps;
}

std::vector<std::string> how_sure(const CaseReport& report) {
  std::vector<std::string> sentences;
  const std::uint64_t weak = report.weak.at(static_cast<std::size_t>(Verdict::intact));
  sentences.push_back(
      fmt::format("{} of the {} intact files are so with weak certainty: no known format was found in them, and "
                  "nothing in them looks encrypted.",
                  human_count(weak), human_count(files_of(report, Verdict::intact))));
  if (!is_full(report))
    sentences.emplace_back(
        "Not every scan read every byte: damage inside a file whose frame is whole may have been missed.");
  if (files_of(report, Verdict::unreadable) > 0)
    sentences.push_back(fmt::format("{} files could not be read. They are counted as unreadable and never as clean.",
                                    human_count(files_of(report, Verdict::unreadable))));
  sentences.emplace_back(
      shows_bytes_leaving(report)
          ? "Which data was copied out cannot be seen from files. What logs show of bytes that left stands under 'The "
            "attack' and 'How many persons'."
          : "Whether data was copied out cannot be seen from files. It is unknown here.");
  sentences.emplace_back(
      "Full encryption without any mark looks like any other random data. Such files are undecided unless many files "
      "share a mark.");
  return sentences;
}

}  // namespace lastgood::report
