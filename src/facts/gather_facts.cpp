// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/rfc3339.h"
#include "facts/add_exposure.h"
#include "facts/add_timeline.h"
#include "facts/case_facts.h"
#include "facts/contact_book.h"
#include "facts/find_families.h"
#include "facts/known_paths.h"
#include "ledger/read_ledger.h"
#include "model/ip_address.h"
#include "timeline/import_logs.h"
#include "timeline/live_scans.h"

namespace lastgood::facts {

namespace {

/// What a log was, byte for byte, when it was imported: by its path.
using LogDigests = std::map<std::string, std::string>;

void see_replay(const ledger::Entry& entry, std::map<std::string, std::string>& kinds,
                std::vector<BroughtForward>& databases) {
  if (entry.kind != "replay-begun" && entry.kind != "replay-done") return;
  const std::string folder = ledger::text_in(entry.fields, "folder");
  if (entry.kind == "replay-begun")
    kinds[folder] = ledger::text_in(entry.fields, "kind");
  else
    databases.push_back({.folder = folder,
                         .kind = kinds[folder],
                         .as_of_ns = base::parse_rfc3339(ledger::text_in(entry.fields, "as_of_after")).value_or(0)});
}

/// The case's number, its evidence, what was brought forward, and when the organisation became aware.
base::Status read_entries(const std::string& case_folder, CaseFacts& facts, LogDigests& logs,
                          std::vector<BroughtForward>& databases) {
  evidence::CustodyRecords custody;
  std::map<std::string, std::string> kinds;  // by folder
  const std::string path = case_folder + "/ledger";
  const auto see = [&](const ledger::Entry& entry, std::string_view, std::uint64_t) {
    custody.see(entry);
    if (entry.kind == ledger::k_kind_created) facts.case_id = ledger::text_in(entry.fields, "case_id");
    if (entry.kind == timeline::k_kind_read)
      logs[ledger::text_in(entry.fields, "path")] = ledger::text_in(entry.fields, "sha256");
    see_replay(entry, kinds, databases);
    if (entry.kind == k_kind_answered) {
      facts.answers.push_back({.address = ledger::text_in(entry.fields, "address"),
                               .provider = ledger::text_in(entry.fields, "provider"),
                               .says = ledger::text_in(entry.fields, "text"),
                               .evidence_id = ledger::text_in(entry.fields, "evidence"),
                               .recorded = entry.time,
                               .ledger_entry = entry.sequence});
    }
    if (entry.kind != k_kind_aware) return;
    const auto at = base::parse_rfc3339(ledger::text_in(entry.fields, "at"));
    if (!at) return;
    facts.aware.push_back({.at_ns = *at,
                           .by = ledger::text_in(entry.fields, "by"),
                           .what = ledger::text_in(entry.fields, "text"),
                           .ledger_entry = entry.sequence,
                           .recorded = entry.time});
  };
  LG_ASSIGN(const ledger::ReadLedger read, ledger::read_ledger(path, {}, see));
  facts.evidence = custody.items();
  if (read.is_whole()) return base::Done{};
  return base::Error{.code = base::ErrorCode::damaged_container,
                     .what = fmt::format("ledger '{}' is broken", base::printable(path)),
                     .path = path,
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = "'lastgood ledger verify' says where"};
}

std::uint64_t count_of(const std::array<std::uint64_t, model::k_verdict_count>& counts, model::Verdict verdict) {
  return counts.at(static_cast<std::size_t>(verdict));
}

std::uint64_t hits_of(const model::ScanCounts& counts) {
  return count_of(counts.files_by_verdict, model::Verdict::encrypted) +
         count_of(counts.files_by_verdict, model::Verdict::partly_encrypted);
}

/// One query where nothing overlaps, else a pass over the files.
base::Result<model::ScanCounts> count_live_files(casefile::CaseStore& store, const timeline::LiveScan& live) {
  if (live.before.empty()) return store.count_files(live.scan.id);
  model::ScanCounts counts;
  LG_TRY(timeline::visit_live_files(store, live,
                                    {.scan_id = {}, .verdicts = {}, .path = {}, .path_below = {}, .details = false},
                                    [&](const model::FileRecord& file) {
                                      counts.count(file.verdict, file.size_bytes, file.bytes_read);
                                      return true;
                                    }));
  return counts;
}

void add_host(const model::ScanCounts& counts, const model::Scan& scan, CaseFacts& facts) {
  auto found = std::find_if(facts.hosts.begin(), facts.hosts.end(), [&](const auto& h) { return h.name == scan.host; });
  if (found == facts.hosts.end()) {
    facts.hosts.emplace_back();
    found = facts.hosts.end() - 1;
    found->name = scan.host;
  }
  HostFacts& host = *found;
  host.roots.insert(host.roots.end(), scan.roots.begin(), scan.roots.end());
  host.files += counts.files;
  host.bytes += counts.bytes;
  host.hit_files += hits_of(counts);
  host.hit_bytes += count_of(counts.bytes_by_verdict, model::Verdict::encrypted) +
                    count_of(counts.bytes_by_verdict, model::Verdict::partly_encrypted);
  host.unreadable += count_of(counts.files_by_verdict, model::Verdict::unreadable);
  host.notes += count_of(counts.files_by_verdict, model::Verdict::note);
  host.finished = host.finished && scan.finished_ns != 0;
}

/// The custody record that holds `place`: the file itself, or a folder above it.
void name_evidence(const std::vector<evidence::EvidenceItem>& items, const LogDigests& logs, Place& place) {
  if (place.path.empty()) return;
  if (const auto log = logs.find(place.path); log != logs.end() && place.sha256.empty()) place.sha256 = log->second;
  for (const evidence::EvidenceItem& item : items) {
    const bool is_it = item.path == place.path;
    if (!is_it && !place.path.starts_with(item.path + "/")) continue;
    place.evidence_id = item.id;
    if (is_it && place.sha256.empty()) place.sha256 = item.sha256;
    if (is_it) return;
  }
}

void name_all_evidence(const LogDigests& logs, CaseFacts& facts) {
  const auto& items = facts.evidence;
  for (ContactFacts& contact : facts.contacts) {
    for (Place& place : contact.places) name_evidence(items, logs, place);
    for (Link& link : contact.links) name_evidence(items, logs, link.place);
  }
  for (AddressFacts& address : facts.addresses) {
    for (Observation& seen : address.observations) name_evidence(items, logs, seen.place);
    for (Link& link : address.links) name_evidence(items, logs, link.place);
  }
  for (MomentFacts& moment : facts.moments) name_evidence(items, logs, moment.place);
  for (DoerFacts& doer : facts.doers) name_evidence(items, logs, doer.place);
}

base::Status gather_scans(casefile::CaseStore& store, CaseFacts& facts, KnownPaths& paths,
                          const std::vector<timeline::LiveScan>& scans) {
  for (const timeline::LiveScan& live : scans) {
    const model::Scan& scan = live.scan;
    LG_ASSIGN(const model::ScanCounts counts, count_live_files(store, live));
    add_host(counts, scan, facts);
    LG_TRY(paths.add_scan(store, live));
    // Where others tell of all its encrypted files, they tell of their campaigns, too.
    if (!live.before.empty() && hits_of(counts) == 0) continue;
    LG_ASSIGN(const std::vector<model::Campaign> campaigns, store.campaigns(scan.id));
    for (const model::Campaign& campaign : campaigns) facts.campaigns.push_back({campaign, scan.host});
  }
  paths.sort();
  std::stable_sort(facts.campaigns.begin(), facts.campaigns.end(),
                   [](const auto& a, const auto& b) { return a.campaign.file_count > b.campaign.file_count; });
  std::sort(facts.hosts.begin(), facts.hosts.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return base::Done{};
}

base::Status gather_contacts(casefile::CaseStore& store, const std::vector<timeline::LiveScan>& scans,
                             ContactBook& book, CaseFacts& facts) {
  for (const CampaignFacts& found : facts.campaigns) book.add_campaign(found.campaign, found.host);
  for (const timeline::LiveScan& live : scans) {
    LG_TRY(timeline::visit_live_sightings(store, live, [&](const model::Sighting& sighting) {
      book.add_sighting(sighting);
      return true;
    }));
  }
  LG_TRY(store.investigation().visit_searched([&](const model::SearchedFile& file) {
    book.add_searched(file);
    return true;
  }));
  return store.investigation().visit_mails([&](const model::MailRecord& mail) {
    ++facts.mails;
    book.add_mail(mail);
    return true;
  });
}

}  // namespace

std::string_view title_of_basis(std::string_view basis) {
  if (basis == "held") return "held on affected systems";
  if (basis == "encrypted") return "in files that were encrypted";
  if (basis == "readable") return "readable by the attacker";
  return "leaving the organisation";
}

std::string_view name_of(Standing standing) { return standing == Standing::fact ? "fact" : "claim"; }

base::Result<CaseFacts> gather_facts(const std::string& case_folder, casefile::CaseStore& store,
                                     const std::vector<std::string>& asked_about) {
  CaseFacts facts;
  const std::string name = case_folder.substr(case_folder.find_last_of('/') + 1);
  facts.case_name = name.ends_with(".case") ? name.substr(0, name.size() - 5) : name;
  LogDigests logs;
  std::vector<BroughtForward> databases;
  LG_TRY(read_entries(case_folder, facts, logs, databases));
  LG_ASSIGN(facts.about, casefile::read_about(store));

  KnownPaths paths;
  LG_ASSIGN(const std::vector<timeline::LiveScan> scans, timeline::find_live_scans(store));
  LG_TRY(gather_scans(store, facts, paths, scans));

  ContactBook book(paths);
  LG_TRY(gather_contacts(store, scans, book, facts));
  for (const std::string& value : asked_about)
    if (const auto address = model::parse_ip(value)) (void)book.address(model::text_of(*address));
  LG_TRY(add_timeline(case_folder, store, facts, book));
  LG_ASSIGN(facts.exposure,
            read_exposure(case_folder, {.timeline = facts.timeline, .databases = databases, .zone = facts.about.zone}));
  book.hand_over(facts);
  std::erase_if(facts.addresses,
                [](const AddressFacts& address) { return address.links.empty() && address.observations.empty(); });
  LG_ASSIGN(facts.families, find_families(facts));

  std::stable_sort(facts.moments.begin(), facts.moments.end(),
                   [](const MomentFacts& a, const MomentFacts& b) { return a.at_ns < b.at_ns; });
  name_all_evidence(logs, facts);
  return facts;
}

}  // namespace lastgood::facts
