// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "timeline/summarise.h"
#include "base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "base/error.h"
#include "timeline/access_facts.h"
#include "timeline/encryption_facts.h"
#include "timeline/event_texts.h"
#include "timeline/import_logs.h"
#include "timeline/live_scans.h"
#include "timeline/open_timeline.h"

namespace lastgood::timeline {

namespace {

using model::EventKind;

constexpr std::size_t k_buckets_max = 400'000;  // nearly four years of five minutes each, without a gap

Track track_of(EventKind kind) {
  switch (kind) {
    case EventKind::login: return Track::logins;
    case EventKind::login_failed: return Track::failed_logins;
    case EventKind::file_created:
    case EventKind::file_written:
    case EventKind::file_renamed:
    case EventKind::file_deleted: return Track::file_changes;
    case EventKind::note_placed:
    case EventKind::file_encrypted: return Track::encryption;
    case EventKind::connection: return Track::flows;
    case EventKind::request: return Track::requests;
    case EventKind::mail_relayed: return Track::mails;
    case EventKind::snapshot_made: return Track::snapshots;
    case EventKind::other:
    case EventKind::file_read:
    case EventKind::file_metadata_changed:
    case EventKind::logout:
    case EventKind::command_run:
    case EventKind::service_changed:
    case EventKind::account_changed:
    case EventKind::log_cleared: break;
  }
  return Track::others;
}

base::Status choose_extensions(casefile::CaseStore& store, const SummaryOptions& options, TimelineSummary& summary) {
  if (!options.extensions.empty()) {
    summary.extensions = options.extensions;
    summary.extensions_basis = "given with --extension";
    return base::Done{};
  }
  LG_ASSIGN(const std::vector<LiveScan> scans, find_live_scans(store));
  for (const auto& [scan, before] : scans) {
    LG_ASSIGN(const std::vector<model::Campaign> campaigns, store.campaigns(scan.id));
    for (const model::Campaign& campaign : campaigns) {
      if (campaign.extension.empty()) continue;
      if (std::find(summary.extensions.begin(), summary.extensions.end(), campaign.extension) !=
          summary.extensions.end()) {
        continue;
      }
      summary.extensions.push_back(campaign.extension);
      summary.extensions_basis +=
          fmt::format("{}campaign {} of scan {}", summary.extensions_basis.empty() ? "" : ", ", campaign.id, scan.id);
    }
  }
  return base::Done{};
}

/// Counts events by the log they come from.
class CoverageCounter {
 public:
  void take(const events::EventView& event, TimelineSummary& summary) {
    if (last_ == SIZE_MAX || summary.coverage[last_].evidence != evidence_of(event)) {
      const std::string evidence(evidence_of(event));
      const auto known = places_.find(evidence);
      if (known == places_.end() && summary.coverage.size() == k_coverage_max) {
        ++summary.coverage_left_out;
        return;
      }
      last_ = known == places_.end() ? summary.coverage.size() : known->second;
      if (known == places_.end()) {
        places_.emplace(evidence, last_);
        summary.coverage.push_back(
            {.evidence = evidence, .parser = std::string(parser_of(event)), .events = 0, .first_ns = event.at_ns});
      }
    }
    ++summary.coverage[last_].events;
    summary.coverage[last_].last_ns = event.at_ns;
  }

 private:
  std::unordered_map<std::string, std::size_t> places_;
  std::size_t last_ = SIZE_MAX;
};

template <typename Row>
std::uint64_t keep_first(std::vector<Row>& rows) {
  if (rows.size() <= k_shown_max) return 0;
  const std::uint64_t left_out = rows.size() - k_shown_max;
  rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(k_shown_max), rows.end());
  return left_out;
}

/// 'Unknown' must be read beside this, too.
void say_what_is_lost(const std::string& case_folder, TimelineSummary& summary) {
  constexpr std::size_t k_named_max = 3;
  const auto lost = find_lost_logs(case_folder);
  if (!lost.ok()) {
    summary.limits.push_back("the ledger cannot be read: whether the events of all imported logs are here is unknown");
    return;
  }
  if (lost.value().empty()) return;
  std::string names;
  for (std::size_t i = 0; i < std::min(lost.value().size(), k_named_max); ++i)
    names += fmt::format("{}'{}'", i == 0 ? "" : ", ", base::printable(lost.value()[i]));
  summary.limits.push_back(
      fmt::format("the events of {} logs that were imported are no longer in the case, so nothing here stands on them: "
                  "{}{}; import "
                  "them again",
                  lost.value().size(), names, lost.value().size() > k_named_max ? ", ..." : ""));
}

}  // namespace

bool is_telling(const EntryCandidate& entry) {
  return entry.also_encrypted || entry.failures_before >= k_guessed_failures_min;
}

const Moment* first_encryption(const TimelineSummary& summary) {
  return summary.spans.empty() ? nullptr : &summary.spans.front().first;
}

const Moment* last_encryption(const TimelineSummary& summary) {
  return summary.spans.empty() ? nullptr : &summary.spans.front().last;
}

const Contradiction* widest_contradiction(const TimelineSummary& summary) {
  const auto& all = summary.contradictions;
  const auto widest = std::max_element(
      all.begin(), all.end(), [](const Contradiction& a, const Contradiction& b) { return a.gap_ns < b.gap_ns; });
  return widest == all.end() ? nullptr : &*widest;
}

base::Result<TimelineSummary> summarise_timeline(const std::string& case_folder, casefile::CaseStore& store,
                                                 const SummaryOptions& options, const EventVisitor& see_event) {
  TimelineSummary summary;
  LG_TRY(choose_extensions(store, options, summary));
  EncryptedPaths paths;
  LG_ASSIGN(const auto stream, open_whole_timeline(case_folder, store, [&](const model::FileRecord& file) {
              if (file.verdict != model::Verdict::note) paths.add(file.path, summary.extensions);
            }));
  paths.finish();
  EncryptionFacts encryption(summary.extensions, paths, options.zone);
  AccessFacts access(options.own);
  CoverageCounter coverage;
  std::uint64_t beyond_buckets = 0;
  while (true) {
    LG_ASSIGN(const bool any, stream->next());
    if (!any) break;
    const events::EventView& event = stream->current();
    if (see_event) see_event(event);
    if (summary.events == 0) summary.first_ns = event.at_ns;
    summary.last_ns = event.at_ns;
    ++summary.events;
    ++summary.events_by_kind.at(event.kind);
    const bool encrypts = encryption.take(event);
    access.take(event);
    coverage.take(event, summary);
    const std::int64_t bucket = event.at_ns / k_bucket_ns;
    const bool is_new = summary.buckets.empty() || summary.buckets.rbegin()->first != bucket;
    if (is_new && summary.buckets.size() == k_buckets_max) {
      ++beyond_buckets;
      continue;
    }
    auto& counts = is_new ? summary.buckets[bucket] : summary.buckets.rbegin()->second;
    const Track track = encrypts ? Track::encryption : track_of(kind_of(event));
    ++counts.at(static_cast<std::size_t>(track));
  }
  encryption.finish(summary);
  access.finish(summary);
  say_what_is_lost(case_folder, summary);
  summary.encryptors_left_out = keep_first(summary.encryptors);
  summary.entries_left_out = keep_first(summary.entries);
  summary.outflows_left_out = keep_first(summary.outflows);
  if (beyond_buckets > 0)
    summary.limits.push_back(fmt::format("{} of the newest events are not in the picture", beyond_buckets));
  return summary;
}

}  // namespace lastgood::timeline
