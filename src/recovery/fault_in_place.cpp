// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/fault_in_place.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/error.h"
#include "engines/evidence_view.h"
#include "engines/unit.h"
#include "os/folder_user.h"
#include "recovery/below.h"

namespace lastgood::recovery {

namespace {

using engines::UnitVerdict;

std::string find_fault(engines::UnitKind kind, const std::string& path, const std::string& outside_root) {
  const auto view = engines::open_evidence_view(path, outside_root);
  if (!view.ok()) return {};
  const auto report = engines::check_unit(*view.value(), {.kind = kind, .path = {}}, model::Depth::quick);
  if (!report.ok()) return {};
  const UnitVerdict verdict = report.value().verdict;
  if (verdict != UnitVerdict::damaged && verdict != UnitVerdict::torn) return {};
  const auto& findings = report.value().findings;
  if (findings.empty()) return {};
  const std::string where =
      findings.front().path.empty() ? std::string() : base::printable(findings.front().path) + ": ";
  const std::size_t more = std::max<std::size_t>(report.value().contradicted.size(), 1) - 1;
  return where + findings.front().finding.sentence +
         (more == 0 ? std::string() : fmt::format(" (and {})", base::counted(more, "more file")));
}

}  // namespace

std::string find_fault_in_place(const std::string& kind, const std::string& path,
                                const std::vector<std::string>& roots) {
  const auto known = engines::find_unit_kind(kind);
  if (!known || os::find_folder_user(path)) return {};
  std::string fault = find_fault(*known, path, "");
  for (const std::string& root : roots) {
    if (fault.empty()) break;
    if (root != "/" && is_at_or_below(path, root)) fault = find_fault(*known, path, root);
  }
  return fault;
}

std::string find_emptied(const std::vector<PlanItem>& items, const LiveState& live, const std::string& snapshot) {
  const PlanItem* first = nullptr;
  std::size_t count = 0;
  for (const PlanItem& item : items) {
    if (item.kind != model::EntryKind::regular || item.size_bytes == 0 || !live.empty.contains(item.path)) continue;
    if (count++ == 0) first = &item;
  }
  if (first == nullptr) return {};
  return fmt::format(
      "{} of it hold{} nothing now and something in snapshot {} ('{}': {} bytes): whoever deletes all rows of a table "
      "does that, and so may an attacker. Ask for its tables, or restore it beside with --to and compare",
      base::counted(count, "file"), count == 1 ? "s" : "", snapshot, base::printable(first->path), first->size_bytes);
}

}  // namespace lastgood::recovery
