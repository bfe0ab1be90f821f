// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <numeric>
#include <unordered_map>

#include "report/case_report.h"
#include "report/data_lost.h"
#include "report/services_part.h"
#include "report/struck_services.h"
#include "timeline/live_scans.h"

namespace lastgood::report {

namespace {

using model::FileRecord;
using model::Verdict;
using timeline::LiveScan;

constexpr std::size_t k_folders_counted_max = 20'000;
constexpr std::size_t k_minutes_max = 1'000'000;
constexpr std::int64_t k_minute_ns = 60'000'000'000;

std::size_t index_of(Verdict verdict) { return static_cast<std::size_t>(verdict); }
bool is_hit(Verdict verdict) { return verdict == Verdict::encrypted || verdict == Verdict::partly_encrypted; }

std::uint64_t sum(const VerdictCounts& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}
std::uint64_t hit(const VerdictCounts& counts) {
  return counts[index_of(Verdict::encrypted)] + counts[index_of(Verdict::partly_encrypted)];
}

/// The folder two levels below the root the path was found under, or as deep as there is.
std::string top_folder(const std::string& path, const std::vector<std::string>& roots) {
  std::string root;
  for (const std::string& candidate : roots) {
    const std::string prefix = candidate == "/" ? "/" : candidate + "/";
    if (path.starts_with(prefix) && candidate.size() > root.size()) root = candidate;
  }
  std::size_t end = root == "/" ? 0 : root.size();
  for (int level = 0; level < 2; ++level) {
    const std::size_t slash = path.find('/', end + 1);
    if (slash == std::string::npos) break;
    end = slash;
  }
  return end == 0 ? "/" : path.substr(0, end);
}

class Gatherer {
 public:
  Gatherer(CaseReport& report, ScanReport& scan) : report_(report), scan_(scan), changes_(report.services.services) {}

  void add(const FileRecord& file) {
    const std::size_t at = index_of(file.verdict);
    ++scan_.files.at(at);
    scan_.bytes.at(at) += file.size_bytes;
    // A stray file from the future is none of the last writes; where the attack's own are, that clock went before ours.
    if (is_hit(file.verdict) || file.mtime_ns <= latest_ns()) changes_.see(file.path, file.mtime_ns);
    if (file.certainty == model::Certainty::weak) ++scan_.weak.at(at);
    if (is_hit(file.verdict) && (report_.encrypted_per_minute.size() < k_minutes_max))
      ++report_.encrypted_per_minute[file.ctime_ns / k_minute_ns];
    const std::string folder = top_folder(file.path, scan_.scan.roots);
    auto found = folders_.find(folder);
    if (found == folders_.end()) {
      if (folders_.size() >= k_folders_counted_max) {
        ++report_.folders_left_out;
        return;
      }
      found = folders_.emplace(folder, FolderShare{.host = scan_.scan.host, .path = folder}).first;
    }
    ++found->second.files.at(at);
    found->second.bytes.at(at) += file.size_bytes;
  }

  void finish() {
    for (std::size_t i = 0; i < report_.files.size(); ++i) {
      report_.files[i] += scan_.files[i];
      report_.bytes[i] += scan_.bytes[i];
      report_.weak[i] += scan_.weak[i];
    }
    for (auto& [path, folder] : folders_) report_.folders.push_back(std::move(folder));
  }

 private:
  [[nodiscard]] std::int64_t latest_ns() const {
    return scan_.scan.finished_ns != 0 ? scan_.scan.finished_ns : report_.made_ns;
  }

  CaseReport& report_;
  ScanReport& scan_;
  LastChanges changes_;
  std::unordered_map<std::string, FolderShare> folders_;
};

base::Status gather_files(casefile::CaseStore& store, const LiveScan& live, CaseReport& report, ScanReport& scan) {
  Gatherer gatherer(report, scan);
  LG_TRY(timeline::visit_live_files(store, live,
                                    {.scan_id = {}, .verdicts = {}, .path = {}, .path_below = {}, .details = false},
                                    [&](const FileRecord& file) {
                                      gatherer.add(file);
                                      return true;
                                    }));
  gatherer.finish();
  if (live.before.empty()) return base::Done{};
  LG_ASSIGN(const model::ScanCounts all, store.count_files(live.scan.id));
  scan.told_elsewhere = all.files - sum(scan.files);
  for (const model::Scan& other : live.before) scan.told_by.push_back(other.id);
  return base::Done{};
}

base::Status gather_examples(casefile::CaseStore& store, const LiveScan& live, CaseReport& report) {
  for (int i = 1; i < model::k_verdict_count; ++i) {
    const auto verdict = static_cast<Verdict>(i);
    std::vector<FileRecord>& examples = report.examples[verdict];
    if (examples.size() >= CaseReport::k_examples_max) continue;
    LG_TRY(timeline::visit_live_files(
        store, live, {.scan_id = {}, .verdicts = {verdict}, .path = {}, .path_below = {}, .details = true},
        [&](const FileRecord& file) {
          examples.push_back(file);
          return examples.size() < CaseReport::k_examples_max;
        }));
  }
  return timeline::visit_live_sightings(store, live, [&](const model::Sighting& sighting) {
    if (report.sightings.size() < CaseReport::k_listed_max)
      report.sightings.push_back(sighting);
    else
      ++report.sightings_left_out;
    return true;
  });
}

base::Status gather_scans(casefile::CaseStore& store, CaseReport& report) {
  LG_ASSIGN(const std::vector<LiveScan> scans, timeline::find_live_scans(store));
  LG_ASSIGN(const std::vector<LiveScan> newest, timeline::find_live_scans(store, timeline::LiveScans::newest));
  for (const LiveScan& later : newest) {
    const bool is_told =
        std::any_of(scans.begin(), scans.end(), [&](const LiveScan& told) { return told.scan.id == later.scan.id; });
    if (!is_told) report.later_scans.push_back(later.scan);
  }
  for (const LiveScan& live : scans) {
    ScanReport entry;
    entry.scan = live.scan;
    LG_TRY(gather_files(store, live, report, entry));
    // Where others tell of all its encrypted files, they tell of their campaigns, too.
    if (entry.told_elsewhere == 0 || hit(entry.files) > 0) {
      LG_ASSIGN(entry.campaigns, store.campaigns(live.scan.id));
    }
    LG_TRY(gather_examples(store, live, report));
    report.scans.push_back(std::move(entry));
  }
  return base::Done{};
}

/// The newest state of each unit, with the newest snapshot in which it can be used.
std::vector<model::JudgedUnit> summarise(const std::vector<model::JudgedUnit>& units) {
  std::map<std::string, model::JudgedUnit> by_path;  // units come by snapshot, oldest first
  for (const model::JudgedUnit& unit : units) {
    model::JudgedUnit& newest = by_path[unit.path];
    const bool is_usable = unit.state == "consistent" || unit.state == "needs_recovery";
    const std::string usable = is_usable ? unit.snapshot : newest.snapshot;
    const std::int64_t data_as_of_ns = is_usable ? unit.data_as_of_ns : newest.data_as_of_ns;
    newest = unit;
    newest.snapshot = usable;
    newest.data_as_of_ns = data_as_of_ns;
  }
  std::vector<model::JudgedUnit> out;
  for (auto& [path, unit] : by_path) out.push_back(std::move(unit));
  return out;
}

base::Result<std::vector<BackupShare>> gather_backups(casefile::CaseStore& store) {
  std::vector<BackupShare> out;
  LG_ASSIGN(std::vector<model::BackupSource> sources, store.backups().sources());
  for (model::BackupSource& source : sources) {
    BackupShare share;
    LG_ASSIGN(share.snapshots, store.backups().snapshots(source.name));
    LG_ASSIGN(const std::vector<model::JudgedUnit> units, store.backups().units(source.name));
    share.newest_usable_units = summarise(units);
    share.source = std::move(source);
    out.push_back(std::move(share));
  }
  return out;
}

}  // namespace

std::uint64_t CaseReport::total_files() const { return sum(files); }
std::uint64_t CaseReport::total_bytes() const { return sum(bytes); }
std::uint64_t CaseReport::hit_files() const { return hit(files); }
std::uint64_t CaseReport::hit_bytes() const { return hit(bytes); }

base::Result<CaseReport> gather_report(const std::string& case_folder, casefile::CaseStore& store,
                                       std::int64_t now_ns) {
  CaseReport report;
  report.case_name = case_folder.substr(case_folder.rfind('/') + 1);
  report.made_ns = now_ns;
  LG_ASSIGN(report.backups, gather_backups(store));
  LG_ASSIGN(report.facts, facts::gather_facts(case_folder, store));
  LG_ASSIGN(report.services, gather_services(case_folder, report.facts));
  LG_TRY(count_struck(store, report.services));
  LG_TRY(gather_scans(store, report));
  settle_last_writes(report.services.services);
  std::sort(report.folders.begin(), report.folders.end(), [](const FolderShare& a, const FolderShare& b) {
    return hit(a.bytes) != hit(b.bytes)   ? hit(a.bytes) > hit(b.bytes)
           : sum(a.bytes) != sum(b.bytes) ? sum(a.bytes) > sum(b.bytes)
                                          : a.path < b.path;
  });
  if (report.folders.size() > CaseReport::k_folders_max) {
    report.folders_left_out += report.folders.size() - CaseReport::k_folders_max;
    report.folders.resize(CaseReport::k_folders_max);
  }
  return report;
}

void add_dossiers(CaseReport& report, const network::AddressData* data) {
  for (const facts::AddressFacts& found : report.facts.addresses) {
    const auto address = model::parse_ip(found.address);
    if (!address || found.links.empty() || report.dossiers.size() >= k_dossiers_max) continue;
    const auto seen_ns = found.observations.empty() ? std::nullopt : found.observations.front().at_ns;
    dossier::Dossier made = dossier::make_dossier(data, *address, seen_ns);
    std::vector<dossier::ProviderAnswer> answers;
    for (const facts::AnswerFacts& answer : report.facts.answers) {
      if (answer.address == found.address)
        answers.push_back({answer.provider, answer.says, answer.evidence_id, answer.recorded});
    }
    dossier::add_answers(made, answers);
    report.dossiers.push_back(std::move(made));
  }
}

}  // namespace lastgood::report
