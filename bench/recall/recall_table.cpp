// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recall_table.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "drill/damage_patterns.h"

namespace lastgood::bench {
namespace {

using Json = nlohmann::ordered_json;
using model::Verdict;

double agreement_of(const Cell& cell) {
  return cell.recalled() == 0 ? 0.0 : cell.agreement_sum / static_cast<double>(cell.recalled());
}

/// Of the files whose replaced runs are all long; empty: there are none.
std::optional<double> long_agreement_of(const Cell& cell) {
  if (cell.long_files == 0) return std::nullopt;
  return cell.long_agreement_sum / static_cast<double>(cell.long_files);
}

double microseconds_of(const Cell& cell) {
  return cell.files == 0 ? 0.0 : static_cast<double>(cell.nanoseconds) / 1000.0 / static_cast<double>(cell.files);
}

std::string head(std::string_view title) {
  return fmt::format("{:<34} {:>7} {:>8} {:>8} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7} {:>6} {:>7} {:>7} {:>8}\n", title,
                     "files", "recall", "right", "encr", "partly", "damaged", "intact", "undecid", "protect", "note",
                     "ranges", ">=4KiB", "us/file");
}

std::string row(std::string_view name, const Cell& cell) {
  const std::optional<double> long_runs = long_agreement_of(cell);
  const double right = cell.files == 0 ? 1.0 : static_cast<double>(cell.right) / static_cast<double>(cell.files);
  return fmt::format(
      "{:<34} {:>7} {:>7.2f}% {:>7.2f}% {:>7} {:>7} {:>7} {:>7} {:>7} {:>7} {:>6} {:>7.2f} {:>7} {:>8.0f}\n", name,
      cell.files, 100 * cell.recall(), 100 * right, cell.said(Verdict::encrypted), cell.said(Verdict::partly_encrypted),
      cell.said(Verdict::damaged), cell.said(Verdict::intact), cell.said(Verdict::undecided),
      cell.said(Verdict::protected_), cell.said(Verdict::note), agreement_of(cell),
      long_runs ? fmt::format("{:.2f}", *long_runs) : "-", microseconds_of(cell));
}

/// What a pattern is counted under in the sums.
std::string group_of(const drill::DamagePattern& pattern) {
  if (!drill::is_encryption(pattern)) return "damage, not encryption";
  if (pattern.family == "evasion") return "evasions";
  return pattern.use == drill::Use::held_back ? "documented, held back" : "documented";
}

Cell sum_of(const std::map<std::string, Cell>& formats) {
  Cell sum;
  for (const auto& [format, cell] : formats) {
    if (!format.starts_with(k_protected_prefix) && format != k_innocent_row) sum.add(cell);
  }
  return sum;
}

Json json_of(const Cell& cell) {
  Json verdicts = Json::object();
  for (int i = 0; i < model::k_verdict_count; ++i) {
    const auto verdict = static_cast<Verdict>(i);
    if (cell.said(verdict) > 0) verdicts[std::string(model::name_of(verdict))] = cell.said(verdict);
  }
  return {{"files", cell.files},
          {"recall", cell.recall()},
          {"right", cell.right},
          {"range_agreement", agreement_of(cell)},
          {"range_agreement_of_long_runs", long_agreement_of(cell).value_or(0)},
          {"files_with_long_runs", cell.long_files},
          {"microseconds_per_file", microseconds_of(cell)},
          {"verdicts", verdicts}};
}

Json json_of(const std::map<std::string, Cell>& cells) {
  Json out = Json::object();
  for (const auto& [name, cell] : cells) out[name] = json_of(cell);
  return out;
}

std::string unreadable_line(const RecallTable& table) {
  return table.unreadable > 0 ? fmt::format("{} files could not be read\n", table.unreadable) : std::string();
}

/// The twenty-five cells that lose most files: where to look first.
std::string worst_cells(const RecallTable& table) {
  struct Named {
    std::string name;
    Cell cell;
  };
  std::vector<Named> all;
  for (const auto& [id, formats] : table.cells) {
    const drill::DamagePattern* pattern = drill::find_damage_pattern(id);
    if (pattern == nullptr || !drill::is_encryption(*pattern)) continue;
    for (const auto& [format, cell] : formats) {
      if (cell.recalled() < cell.files && !format.starts_with(k_protected_prefix) && format != k_innocent_row)
        all.push_back({fmt::format("{} / {}", id, format), cell});
    }
  }
  const auto lost = [](const Named& named) { return named.cell.files - named.cell.recalled(); };
  std::stable_sort(all.begin(), all.end(), [&](const Named& a, const Named& b) { return lost(a) > lost(b); });
  if (all.size() > 25) all.resize(25);
  std::string out = head("most missed: pattern / format");
  for (const Named& named : all) out += row(named.name, named.cell);
  return out + "\n";
}

}  // namespace

void Cell::add(const Cell& other) {
  files += other.files;
  right += other.right;
  for (std::size_t i = 0; i < by_verdict.size(); ++i) by_verdict[i] += other.by_verdict[i];
  agreement_sum += other.agreement_sum;
  long_agreement_sum += other.long_agreement_sum;
  long_files += other.long_files;
  nanoseconds += other.nanoseconds;
}

void Cell::count(Verdict verdict, bool is_right, const Agreement& agreement, std::uint64_t took_ns) {
  ++files;
  right += is_right ? 1U : 0U;
  ++by_verdict.at(static_cast<std::size_t>(verdict));
  nanoseconds += took_ns;
  agreement_sum += agreement.share;
  if (!agreement.has_long_runs) return;
  long_agreement_sum += agreement.share;
  ++long_files;
}

void RecallTable::add(const RecallTable& other) {
  for (const auto& [pattern, formats] : other.cells) {
    for (const auto& [format, cell] : formats) cells[pattern][format].add(cell);
  }
  for (const auto& [format, cell] : other.unchanged) unchanged[format].add(cell);
  missed.insert(missed.end(), other.missed.begin(), other.missed.end());
  unreadable += other.unreadable;
}

std::string write_table(const RecallTable& table) {
  std::string out = head("unchanged");
  Cell all;
  for (const auto& [format, cell] : table.unchanged) {
    out += row(format, cell);
    all.add(cell);
  }
  out += row("all unchanged", all);
  if (table.cells.empty()) return out + unreadable_line(table);
  out += "\n" + head("pattern");
  std::map<std::string, Cell> groups;
  std::map<std::string, Cell> by_format;
  for (const drill::DamagePattern& pattern : drill::damage_patterns()) {
    const auto found = table.cells.find(std::string(pattern.id));
    if (found == table.cells.end()) continue;
    const Cell sum = sum_of(found->second);
    out += row(pattern.id, sum);
    groups[group_of(pattern)].add(sum);
    if (!drill::is_encryption(pattern) || pattern.family == "evasion") continue;
    for (const auto& [format, cell] : found->second) by_format[format].add(cell);
  }
  out += "\n" + head("format (documented patterns)");
  for (const auto& [format, cell] : by_format) out += row(format, cell);
  out += "\n" + worst_cells(table) + head("sums");
  for (const auto& [name, cell] : groups) out += row(name, cell);
  return out + unreadable_line(table);
}

std::string write_json(const RecallTable& table) {
  Json patterns = Json::object();
  for (const auto& [pattern, formats] : table.cells) patterns[pattern] = json_of(formats);
  Json missed = Json::array();
  for (const MissedFile& file : table.missed) {
    missed.push_back({{"pattern", file.pattern},
                      {"format", file.format},
                      {"path", file.path},
                      {"verdict", file.verdict},
                      {"reason", file.reason}});
  }
  const Json out{{"format", "lastgood-recall-1"},
                 {"unchanged", json_of(table.unchanged)},
                 {"patterns", patterns},
                 {"missed", missed}};
  return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace lastgood::bench
