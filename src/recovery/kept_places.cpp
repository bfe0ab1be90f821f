// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/kept_places.h"

#include <algorithm>
#include <map>

#include "ledger/read_ledger.h"
#include "os/directory_list.h"
#include "recovery/plan_file.h"

namespace lastgood::recovery {

namespace {

/// Plans of services, also those that a newer one took the name of.
std::vector<std::string> plans_of_case(const std::string& case_folder) {
  const std::string folder = case_folder + "/services/plans";
  std::vector<std::string> out;
  const auto opened = os::open_evidence_root(folder);
  if (!opened.ok()) return out;
  const base::Status listed =
      os::list_directory(opened.value(), folder, [&](std::string_view name, std::optional<os::FileKind> /*kind*/) {
        if (name.ends_with(".json")) out.push_back(folder + "/" + std::string(name));
        return true;
      });
  base::ignore_error(listed, "then these are not found, and that is said");
  std::sort(out.begin(), out.end());
  return out;
}

bool is_plan(const std::string& path, const std::string& digest) {
  if (path.empty()) return false;
  const auto read = read_plan(path);
  return read.ok() && read.value().digest == digest;
}

}  // namespace

base::Result<std::vector<KnownKeptPlace>> find_kept_places(const std::string& case_folder) {
  std::vector<KnownKeptPlace> out;
  std::map<std::string, std::string> made_at;  // by digest
  LG_ASSIGN([[maybe_unused]] const ledger::ReadLedger read,
            ledger::read_ledger(
                case_folder + "/ledger", {}, [&](const ledger::Entry& entry, std::string_view, std::uint64_t) {
                  const auto text = [&](std::string_view name) { return ledger::text_in(entry.fields, name); };
                  if (entry.kind == "plan-made") made_at[text("digest")] = text("path");
                  if (entry.kind != "restore-begun" || text("mode") != "in-place") return;
                  const bool is_known = std::any_of(out.begin(), out.end(), [&](const KnownKeptPlace& known) {
                    return known.place.plan_sha256 == text("plan_sha256") && known.place.target == text("target");
                  });
                  if (is_known) return;
                  out.push_back({.place = {.target = text("target"),
                                           .journal_folder = case_folder + "/restores",
                                           .plan_sha256 = text("plan_sha256")},
                                 .begun = entry.time,
                                 .plan_made = {},
                                 .plan_path = {}});
                }));
  for (KnownKeptPlace& known : out) known.plan_made = made_at[known.place.plan_sha256];
  return out;
}

void find_their_plans(const std::string& case_folder, std::vector<KnownKeptPlace>& places) {
  const std::vector<std::string> plans = plans_of_case(case_folder);
  for (KnownKeptPlace& known : places) {
    const std::string& digest = known.place.plan_sha256;
    const std::string kept = kept_plan_path(known.place.journal_folder, digest);
    if (is_plan(kept, digest)) {
      known.plan_path = kept;
      continue;
    }
    if (is_plan(known.plan_made, digest)) {
      known.plan_path = known.plan_made;
      continue;
    }
    const auto found =
        std::find_if(plans.begin(), plans.end(), [&](const std::string& path) { return is_plan(path, digest); });
    if (found != plans.end()) known.plan_path = *found;
  }
}

}  // namespace lastgood::recovery
