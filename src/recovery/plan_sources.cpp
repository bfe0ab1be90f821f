// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/plan_sources.h"

#include <algorithm>

#include <fmt/format.h>

#include "recovery/below.h"
#include "recovery/emptied_source.h"

namespace lastgood::recovery {

base::Result<PlanSources> open_plan_sources(const Plan& plan, casefile::CaseStore& store, PasswordPrompt& prompt) {
  sources::OpenOptions options;
  if (plan.as_of_ns != 0) options.as_of_ns = plan.as_of_ns;
  if (plan.erased == Plan::Erased::include) options.erased = sources::OpenOptions::Erased::include;
  PlanSources out;
  for (const PlanSource& wanted : plan.sources) {
    LG_ASSIGN(const model::BackupSource record, find_source(store, wanted.name));
    if (record.address != wanted.address) {
      return base::Error{
          .code = base::ErrorCode::misuse,
          .what = fmt::format("source '{}' is {} now, the plan was made from {}", base::printable(wanted.name),
                              base::printable(record.address), base::printable(wanted.address)),
          .path = {},
          .offset_bytes = {},
          .system_errno = 0,
          .hint = "make the plan anew, or add the source again under its old address"};
    }
    LG_ASSIGN(std::unique_ptr<sources::Source> opened, open_case_source(store, record, options, prompt));
    LG_ASSIGN(std::vector<model::Snapshot> snapshots, opened->snapshots());
    if (!options.as_of_ns) LG_TRY(check_not_empty(store, record, snapshots));
    LG_ASSIGN(const sources::SourceAddress address, sources::parse_source_address(record.address));
    const std::string folder = sources::local_folder_of(address);
    if (!folder.empty()) out.folders.push_back(folder);
    out.by_index.push_back(opened.get());
    out.sources.opened.push_back({.record = record, .source = std::move(opened), .snapshots = std::move(snapshots)});
  }
  return out;
}

base::Result<CaseSeenFiles> CaseSeenFiles::open(casefile::CaseStore& store) {
  CaseSeenFiles seen(store);
  LG_ASSIGN(const std::vector<model::Scan> scans, store.scans());
  for (const model::Scan& scan : scans) {
    if (scan.source.empty()) seen.live_scans_.push_back(scan);
  }
  return seen;
}

std::optional<SeenFile> CaseSeenFiles::find_seen(const std::string& path) const {
  std::optional<SeenFile> newest;
  for (const model::Scan& scan : live_scans_) {
    base::ignore_error(
        store_->visit_files({.scan_id = scan.id, .verdicts = {}, .path = path, .path_below = {}, .details = false},
                            [&](const model::FileRecord& record) {
                              newest = SeenFile{.size_bytes = record.size_bytes,
                                                .mtime_ns = record.mtime_ns,
                                                .verdict = record.verdict};
                              return false;
                            }),
        "a file that was not seen is not replaced");
  }
  return newest;
}

std::map<std::string, SeenFile> CaseSeenFiles::find_struck_below(const std::string& folder) const {
  std::map<std::string, SeenFile> struck;
  for (auto scan = live_scans_.rbegin(); scan != live_scans_.rend(); ++scan) {
    base::ignore_error(store_->visit_files({.scan_id = scan->id,
                                            .verdicts = {model::Verdict::encrypted, model::Verdict::partly_encrypted,
                                                         model::Verdict::damaged, model::Verdict::undecided},
                                            .path = {},
                                            .path_below = folder,
                                            .details = false},
                                           [&](const model::FileRecord& record) {
                                             struck.try_emplace(record.path, SeenFile{.size_bytes = record.size_bytes,
                                                                                      .mtime_ns = record.mtime_ns,
                                                                                      .verdict = record.verdict});
                                             return true;
                                           }),
                       "what was not seen holds nothing back");
    // What an older scan saw in a folder that this one went through is past.
    const bool is_whole = std::any_of(scan->roots.begin(), scan->roots.end(),
                                      [&](const std::string& root) { return is_at_or_below(folder, root); });
    if (is_whole) break;
  }
  return struck;
}

}  // namespace lastgood::recovery
