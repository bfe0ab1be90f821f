// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/fault_in_place.h"

#include <algorithm>
#include <array>

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

struct Fault {
  std::string sentence;  // empty: there is none
  std::size_t files = 0;
};

Fault find_fault(engines::UnitKind kind, const std::string& path, const std::string& outside_root) {
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
  return {.sentence = where + findings.front().finding.sentence +
                      (more == 0 ? std::string() : fmt::format(" (and {})", base::counted(more, "more file"))),
          .files = more};
}

/// "base/5/16384", "pg_tblspc/16385/PG_15_202209061/5/16384.1": of a table or an index, no map of one.
bool is_of_relation(std::string_view inside) {
  const std::string_view name = inside.substr(inside.rfind('/') + 1);
  return (inside.starts_with("base/") || inside.starts_with("global/") || inside.starts_with("pg_tblspc/")) &&
         name.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// Of a table's file, against a copy of `copy_bytes`; empty: nothing is less.
std::string describe_shrunk_table(base::ByteSource& file, std::uint64_t copy_bytes) {
  if (file.size_bytes() < copy_bytes) return fmt::format("{} bytes now", file.size_bytes());
  std::array<std::uint8_t, 8192> page{};
  const auto got = file.read(0, page);
  const bool is_zeros = got.ok() && got.value() == page.size() &&
                        std::all_of(page.begin(), page.end(), [](std::uint8_t byte) { return byte == 0; });
  return is_zeros ? std::string("zeros now") : std::string();
}

}  // namespace

std::string find_fault_in_place(const std::string& kind, const std::string& path,
                                const std::vector<std::string>& roots) {
  const auto known = engines::find_unit_kind(kind);
  if (!known || os::find_folder_user(path)) return {};
  Fault fault = find_fault(*known, path, "");
  for (const std::string& root : roots) {
    if (fault.sentence.empty()) break;
    if (root == "/" || !is_at_or_below(path, root)) continue;
    // Where its links lead elsewhere, what they lead to is missing, too.
    Fault other = find_fault(*known, path, root);
    if (other.files < fault.files || other.sentence.empty()) fault = std::move(other);
  }
  return std::move(fault.sentence);
}

std::string find_shrunk(const std::string& kind, const std::string& path, const std::vector<PlanItem>& items,
                        const std::string& snapshot) {
  if (os::find_folder_user(path)) return {};
  const auto view = engines::open_evidence_view(path);
  if (!view.ok()) return {};
  const PlanItem* first = nullptr;
  std::string first_state;
  std::size_t count = 0;
  for (const PlanItem& item : items) {
    if (item.kind != model::EntryKind::regular || item.size_bytes == 0 || !item.path.starts_with(path + "/")) continue;
    const std::string inside = item.path.substr(path.size() + 1);
    const auto file = view.value()->open(inside);
    if (!file.ok()) continue;
    const bool is_table = kind == engines::name_of(engines::UnitKind::postgresql) && is_of_relation(inside);
    std::string state = file.value()->size_bytes() == 0 ? "0 bytes now"
                        : is_table                      ? describe_shrunk_table(*file.value(), item.size_bytes)
                                                        : std::string();
    if (state.empty() || count++ > 0) continue;
    first = &item;
    first_state = std::move(state);
  }
  if (first == nullptr) return {};
  return fmt::format(
      "{} of it hold{} nothing, or less than in snapshot {} ('{}': {}, {} bytes there). Who deletes rows does that, "
      "and "
      "so may an attacker: ask for its tables, or compare: 'lastgood plan --only PATH --also-intact', then 'restore "
      "--to'",
      base::counted(count, "file"), count == 1 ? "s" : "", snapshot, base::printable(first->path), first_state,
      first->size_bytes);
}

}  // namespace lastgood::recovery
