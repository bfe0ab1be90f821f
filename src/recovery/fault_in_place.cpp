// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/fault_in_place.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/error.h"
#include "engines/evidence_view.h"
#include "engines/missing_tablespace.h"
#include "engines/unit.h"
#include "engines/watched_view.h"
#include "os/folder_user.h"
#include "recovery/below.h"

namespace lastgood::recovery {

namespace {

using engines::UnitVerdict;

constexpr std::size_t k_named_files_max = 5;

/// Below which what its links lead to may lie: on this machine, and on the disks of others that hold it.
std::vector<std::string> outside_roots(const std::string& path, const std::vector<std::string>& roots) {
  std::vector<std::string> out = {std::string()};
  for (const std::string& root : roots) {
    if (!root.empty() && root != "/" && is_at_or_below(path, root)) out.push_back(root);
  }
  return out;
}

struct Fault {
  FaultInPlace found;
  std::size_t files = 0;
};

/// The files beside `first` that the check has something against, by name: who decides about a database wants to know
/// which tables they are.
std::string name_more(const engines::UnitReport& report, const std::string& first) {
  std::string names;
  std::size_t more = 0;
  for (const auto& [path, why] : report.contradicted) {
    if (path == first || ++more > k_named_files_max) continue;
    names += fmt::format("{}'{}'", names.empty() ? "" : ", ", base::printable(path));
  }
  if (more == 0) return {};
  return fmt::format(" (and {}: {}{})", base::counted(more, "more file"), names,
                     more > k_named_files_max ? ", ..." : "");
}

/// Rules that say nothing of the database's own files: what somebody put beside them may look random, what could not be
/// read may be whole, and a log of the server's changes is not needed to start it.
bool says_nothing_of_own_files(const std::string& rule) {
  constexpr std::array<std::string_view, 7> k_rules = {
      "postgresql.relation.name",         "postgresql.outside",         "mariadb.file.foreign",  "mariadb.binlog",
      engines::k_missing_tablespace_rule, engines::k_missing_part_rule, "postgresql.wal.missing"};
  return rule.starts_with("unit.") || std::find(k_rules.begin(), k_rules.end(), rule) != k_rules.end();
}

/// What speaks most clearly against the set. Null: nothing that counts here.
const engines::UnitFinding* find_worst(engines::UnitKind kind, const engines::UnitReport& report) {
  const auto& findings = report.findings;
  if (findings.empty()) return nullptr;
  const engines::UnitFinding& first = findings.front();
  const std::string& rule = first.finding.rule;
  if (report.verdict == UnitVerdict::damaged || report.verdict == UnitVerdict::torn) return &first;
  if (report.verdict == UnitVerdict::undecided)
    return rule == engines::k_missing_tablespace_rule || rule == engines::k_missing_part_rule ? &first : nullptr;
  if (report.verdict != UnitVerdict::encrypted) return nullptr;
  if (kind != engines::UnitKind::postgresql && kind != engines::UnitKind::mariadb) return nullptr;
  const auto at = std::find_if(findings.begin(), findings.end(), [](const engines::UnitFinding& one) {
    return one.finding.weight == model::Weight::contradicts && !says_nothing_of_own_files(one.finding.rule);
  });
  return at == findings.end() ? nullptr : &*at;
}

Fault find_fault(engines::UnitKind kind, const std::string& path, const std::string& outside_root,
                 const std::function<bool()>& goes_on) {
  const auto view = engines::open_evidence_view(path, outside_root);
  if (!view.ok()) return {};
  const auto watched = engines::watch_view(*view.value(), goes_on);
  const auto report = engines::check_unit(*watched, {.kind = kind, .path = {}}, model::Depth::quick);
  // What was not looked at to the end is missing only because nobody looked.
  if (!report.ok() || !goes_on()) return {};
  const engines::UnitFinding* const worst = find_worst(kind, report.value());
  if (worst == nullptr) return {};
  const std::string where = worst->path.empty() ? std::string() : base::printable(worst->path) + ": ";
  std::string sentence = where + worst->finding.sentence + name_more(report.value(), worst->path);
  const auto is =
      report.value().verdict == UnitVerdict::encrypted ? FaultInPlace::Is::struck : FaultInPlace::Is::damaged;
  return {.found = {.sentence = std::move(sentence), .stood_until_ns = report.value().data_as_of_ns, .is = is},
          .files = report.value().contradicted.size()};
}

/// "base/5/16384", "pg_tblspc/16385/PG_15_202209061/5/16384.1": of a table or an index, no map of one.
bool is_of_relation(std::string_view inside) {
  const std::string_view name = inside.substr(inside.rfind('/') + 1);
  return (inside.starts_with("base/") || inside.starts_with("global/") || inside.starts_with("pg_tblspc/")) &&
         name.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// "lis/orders.frm", "lis/orders#P#p0.ibd": a table, or a part of one.
bool is_table_of_mariadb(engines::UnitKind kind, std::string_view inside) {
  return kind == engines::UnitKind::mariadb && inside.find("#sql") == std::string_view::npos &&
         (inside.ends_with(".frm") || inside.find("#P#") != std::string_view::npos);
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

/// The files of `items` that hold less in `view`, or are not there; empty: none.
std::string describe_shrunk(const engines::UnitView& view, engines::UnitKind kind, const std::string& path,
                            const std::vector<PlanItem>& items, const std::string& snapshot) {
  const PlanItem* first = nullptr;
  std::string first_state;
  std::string first_gone;
  std::size_t count = 0;
  std::size_t gone = 0;
  for (const PlanItem& item : items) {
    if (item.kind != model::EntryKind::regular || item.size_bytes == 0 || !item.path.starts_with(path + "/")) continue;
    const std::string inside = item.path.substr(path.size() + 1);
    const auto file = view.open(inside);
    if (!file.ok()) {
      const bool is_gone = file.error().code == base::ErrorCode::not_found && is_table_of_mariadb(kind, inside);
      if (is_gone && gone++ == 0) first_gone = inside;
      continue;
    }
    const bool is_table = kind == engines::UnitKind::postgresql && is_of_relation(inside);
    std::string state = file.value()->size_bytes() == 0 ? "0 bytes now"
                        : is_table                      ? describe_shrunk_table(*file.value(), item.size_bytes)
                                                        : std::string();
    if (state.empty() || count++ > 0) continue;
    first = &item;
    first_state = std::move(state);
  }
  std::string out;
  if (first != nullptr)
    out = fmt::format("{} of it hold{} nothing, or less than in snapshot {} ('{}': {}, {} bytes there)",
                      base::counted(count, "file"), count == 1 ? "s" : "", snapshot, base::printable(first->path),
                      first_state, first->size_bytes);
  if (gone > 0)
    out += fmt::format("{}{} of snapshot {} {} not there any more ('{}')", out.empty() ? "" : "; ",
                       base::counted(gone, "table"), snapshot, gone == 1 ? "is" : "are", base::printable(first_gone));
  return out;
}

}  // namespace

FaultInPlace find_fault_in_place(const std::string& kind, const std::string& path,
                                 const std::vector<std::string>& roots) {
  return find_fault_in_place(kind, path, roots, [] { return true; });
}

FaultInPlace find_fault_in_place(const std::string& kind, const std::string& path,
                                 const std::vector<std::string>& roots, const std::function<bool()>& goes_on) {
  const auto known = engines::find_unit_kind(kind);
  if (!known || os::find_folder_user(path)) return {};
  std::optional<Fault> least;
  for (const std::string& root : outside_roots(path, roots)) {
    Fault fault = find_fault(*known, path, root, goes_on);
    if (fault.found.sentence.empty()) return {};
    // Where its links lead elsewhere, what they lead to is missing, too.
    if (!least || fault.files < least->files) least = std::move(fault);
  }
  return std::move(least->found);
}

std::string find_whole_in_place(const std::string& kind, const std::string& path,
                                const std::vector<std::string>& roots) {
  const auto known = engines::find_unit_kind(kind);
  if (!known || os::find_folder_user(path)) return {};
  for (const std::string& root : outside_roots(path, roots)) {
    const auto view = engines::open_evidence_view(path, root);
    if (!view.ok()) return {};
    const auto report = engines::check_unit(*view.value(), {.kind = *known, .path = {}}, model::Depth::standard);
    if (report.ok() && engines::is_usable(report.value().verdict))
      return std::string(engines::name_of(report.value().verdict));
  }
  return {};
}

std::string find_shrunk(const std::string& kind, const std::string& path, const std::vector<PlanItem>& items,
                        const std::string& snapshot, const std::vector<std::string>& roots) {
  const auto known = engines::find_unit_kind(kind);
  if (!known || os::find_folder_user(path)) return {};
  std::string out;
  for (const std::string& root : outside_roots(path, roots)) {
    const auto view = engines::open_evidence_view(path, root);
    if (!view.ok()) return {};
    const auto joined = engines::join_parts(*view.value(), {.kind = *known, .path = {}});
    out = describe_shrunk(joined ? *joined : *view.value(), *known, path, items, snapshot);
    if (out.empty()) return {};
  }
  return out +
         ". Who deletes rows or drops tables does that, and so may an attacker: ask for its tables, or compare: "
         "'lastgood plan --only PATH --also-intact', then 'restore --to'";
}

}  // namespace lastgood::recovery
