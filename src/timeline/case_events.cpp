// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "timeline/case_events.h"

#include <fmt/format.h>

#include <optional>

#include "base/human.h"
#include "timeline/live_scans.h"

namespace lastgood::timeline {

namespace {

constexpr std::int64_t k_same_ns = 1'000'000'000;

base::Status add_file(const model::FileRecord& file, const std::string& host, events::EventSorter& sorter) {
  model::Event event;
  event.basis = model::TimeBasis::file_time;
  event.kind = file.verdict == model::Verdict::note ? model::EventKind::note_placed : model::EventKind::file_encrypted;
  event.host = host;
  event.path = file.path;
  event.parser = k_case_parser;
  const std::string judged =
      fmt::format("judged {} ({})", model::name_of(file.verdict), model::name_of(file.certainty));
  const std::int64_t gap =
      file.ctime_ns > file.mtime_ns ? file.ctime_ns - file.mtime_ns : file.mtime_ns - file.ctime_ns;
  const bool has_both = file.ctime_ns > 0 && file.mtime_ns > 0 && gap >= k_same_ns;
  if (file.mtime_ns > 0) {
    event.at_ns = file.mtime_ns;
    event.what = fmt::format("{}; modification time, which any program can set{}", judged,
                             has_both ? "; its change time is another one" : "");
    LG_TRY(sorter.add(event));
  }
  if (file.ctime_ns > 0 && (has_both || file.mtime_ns <= 0)) {
    event.at_ns = file.ctime_ns;
    event.what = fmt::format("{}; change time, set by the kernel where the scanned copy lies", judged);
    LG_TRY(sorter.add(event));
  }
  return base::Done{};
}

base::Status add_files(casefile::CaseStore& store, events::EventSorter& sorter, const CaseFileVisitor& see_file) {
  LG_ASSIGN(const std::vector<LiveScan> scans, find_live_scans(store));
  for (const LiveScan& live : scans) {
    casefile::FileFilter filter;
    filter.verdicts = {model::Verdict::encrypted, model::Verdict::partly_encrypted, model::Verdict::note};
    filter.details = false;
    std::optional<base::Error> failed;
    LG_TRY(visit_live_files(store, live, std::move(filter), [&](const model::FileRecord& file) {
      if (see_file) see_file(file);
      const base::Status added = add_file(file, live.scan.host, sorter);
      if (!added.ok()) failed = added.error();
      return !failed;
    }));
    if (failed) return std::move(*failed);
  }
  return base::Done{};
}

base::Status add_snapshots(casefile::CaseStore& store, events::EventSorter& sorter) {
  LG_ASSIGN(const std::vector<model::BackupSource> sources, store.backups().sources());
  for (const model::BackupSource& source : sources) {
    LG_ASSIGN(const std::vector<model::JudgedSnapshot> snapshots, store.backups().snapshots(source.name));
    for (const model::JudgedSnapshot& judged : snapshots) {
      if (judged.snapshot.time_ns <= 0) continue;
      model::Event event;
      event.at_ns = judged.snapshot.time_ns;
      event.basis = model::TimeBasis::claimed;
      event.kind = model::EventKind::snapshot_made;
      event.host = judged.snapshot.host;
      event.account = judged.snapshot.user;
      event.parser = "case.backups";
      event.path = source.name + "/" + judged.snapshot.id;
      event.what = fmt::format("snapshot of backup '{}': {} files", source.name, judged.counts.files);
      LG_TRY(sorter.add(event));
    }
  }
  return base::Done{};
}

/// The line that an own relay wrote about the first stranger is that relay's record; all below it is a stranger's word.
base::Status add_mail(const model::MailRecord& mail, events::EventSorter& sorter) {
  for (std::size_t i = 0; i < mail.hops.size(); ++i) {
    const model::MailHop& hop = mail.hops[i];
    if (!hop.date_ns) continue;
    const bool is_border = mail.boundary && mail.boundary->hop == i;
    const bool is_own = hop.trust == "trusted" || (is_border && mail.boundary->level == "fact");
    model::Event event;
    event.at_ns = *hop.date_ns;
    event.basis = is_own ? model::TimeBasis::recorded : model::TimeBasis::claimed;
    event.kind = model::EventKind::mail_relayed;
    event.host = hop.by;
    event.address = hop.ip;
    event.parser = "case.mails";
    event.evidence = mail.path;
    event.offset_bytes = hop.offset_bytes;
    event.what = fmt::format("mail {} that says to come from {}: {} line", mail.message_id, mail.from,
                             is_border ? "border" : hop.trust);
    LG_TRY(sorter.add(event));
  }
  return base::Done{};
}

base::Status add_mails(casefile::CaseStore& store, events::EventSorter& sorter) {
  base::Status added = base::Done{};
  LG_TRY(store.investigation().visit_mails([&](const model::MailRecord& mail) {
    added = add_mail(mail, sorter);
    return added.ok();
  }));
  return added;
}

}  // namespace

base::Status add_case_events(casefile::CaseStore& store, events::EventSorter& sorter, const CaseFileVisitor& see_file) {
  LG_TRY(add_files(store, sorter, see_file));
  return add_case_events_without_files(store, sorter);
}

base::Status add_case_events_without_files(casefile::CaseStore& store, events::EventSorter& sorter) {
  LG_TRY(add_mails(store, sorter));
  return add_snapshots(store, sorter);
}

}  // namespace lastgood::timeline
