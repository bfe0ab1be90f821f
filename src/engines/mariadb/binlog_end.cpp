// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/binlog_end.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "engines/mariadb/binlog_events.h"
#include "engines/mariadb/binlog_history.h"
#include "engines/mariadb/binlog_position.h"
#include "engines/packed_log.h"

namespace lastgood::engines::mariadb {

namespace {

/// So many of the last logs are read for a commit: a server that is started anew begins a log without any.
constexpr unsigned long k_logs_read_max = 8;

/// Whether it begins as a binary log that can be read. What is packed shows its own bytes only when it is read as a
/// whole, and is taken at its name.
bool looks_like_log(const UnitView& logs, const std::string& name) {
  const auto opened = logs.open(name);
  if (!opened.ok()) return false;
  std::array<std::uint8_t, 4> head{};
  const auto got = opened.value()->read(0, head);
  if (!got.ok() || got.value() < head.size()) return false;
  const bool is_packed = without_packing(name).size() != name.size();
  return is_packed || base::ByteView(std::span<const std::uint8_t>(head)).be32(0) == 0xFE62696E;
}

/// 0: none, or it cannot be read.
std::int64_t last_commit_of(const UnitView& logs, const std::string& name, const std::string& spill_folder) {
  auto packed = logs.open(name);
  if (!packed.ok()) return 0;
  const auto opened = open_packed_log(std::move(packed).value(), spill_folder, k_log_bytes_max);
  if (!opened.ok()) return 0;
  const auto walk = walk_binlog(*opened.value().bytes, [](const BinlogEvent&) {});
  return walk.ok() ? walk.value().last_commit_s : 0;
}

/// Why the log in which the copy stands brings it no further; empty: it may.
base::Result<std::string> find_hindrance(const UnitView& logs, const std::string& name, const UnitView& copy,
                                         const std::string& folder, const BinlogPosition& position,
                                         const std::string& spill_folder) {
  auto packed = logs.open(name);
  if (!packed.ok()) return std::string();
  const auto opened = open_packed_log(std::move(packed).value(), spill_folder, k_log_bytes_max);
  if (!opened.ok()) return std::string();
  const auto log = read_history(*opened.value().bytes, position.offset);
  if (!log.ok() || !log.value().is_binlog || log.value().is_sealed) return std::string();
  const std::string shown = base::printable(without_packing(name));
  LG_ASSIGN(const std::string why, find_mismatch(copy, folder, position, log.value(), *opened.value().bytes, shown));
  if (!why.empty()) return "they are of another server, or of another branch of its history: " + why;
  return log.value().has_boundary ? std::string() : fmt::format("{} ends before the copy does", shown);
}

/// Of a copy whose recovery says where it stands: the logs of the one server that wrote them, the last ones that follow
/// each other, are tried.
LogEnd end_of_all(const UnitView& logs, const std::vector<UnitEntry>& entries, const std::string& spill_folder) {
  LogEnd end;
  std::map<std::string, std::map<unsigned long, const UnitEntry*>> by_base;
  for (const UnitEntry& entry : entries) {
    const auto name = parse_log_name(entry.name);
    if (!name || entry.kind != model::EntryKind::regular || !looks_like_log(logs, entry.name)) continue;
    by_base[name->first][name->second] = &entry;
  }
  if (by_base.size() != 1) {
    end.missing = k_place_unknown;
    return end;
  }
  const auto& by_number = by_base.begin()->second;
  unsigned long next = by_number.rbegin()->first;
  for (auto at = by_number.rbegin(); at != by_number.rend() && at->first == next; ++at, --next) {
    ++end.files;
    end.bytes += at->second->size_bytes;
    if (end.last_commit_ns == 0 && end.files <= k_logs_read_max)
      end.last_commit_ns = last_commit_of(logs, at->second->name, spill_folder) * 1'000'000'000;
  }
  return end;
}

}  // namespace

base::Result<LogEnd> find_binlog_end(const UnitView& logs, const UnitView& copy, const std::string& folder,
                                     const std::string& spill_folder) {
  LogEnd end;
  LG_ASSIGN(const std::vector<UnitEntry> entries, logs.list({}));
  std::optional<BinlogPosition> position = find_written_position(copy, folder);
  if (position) {
    LG_ASSIGN(const bool is_settled, settle_position(*position, logs, spill_folder));
    if (!is_settled) position.reset();
  }
  const auto first = position ? parse_log_name(position->file) : std::nullopt;
  if (!first) {
    if (is_said_by_recovery(copy, folder)) return end_of_all(logs, entries, spill_folder);
    end.missing = k_place_unknown;
    return end;
  }
  std::map<unsigned long, const UnitEntry*> by_number;
  for (const UnitEntry& entry : entries) {
    const auto name = parse_log_name(entry.name);
    if (name && name->first == first->first && entry.kind == model::EntryKind::regular)
      by_number[name->second] = &entry;
  }
  unsigned long next = first->second;
  if (const auto begins = by_number.find(next); begins != by_number.end()) {
    LG_ASSIGN(end.missing, find_hindrance(logs, begins->second->name, copy, folder, *position, spill_folder));
    if (!end.missing.empty()) return end;
  }
  for (auto at = by_number.find(next); at != by_number.end(); at = by_number.find(++next)) {
    if (!looks_like_log(logs, at->second->name)) {
      end.missing = fmt::format("{} is no readable binary log", base::printable(at->second->name));
      break;
    }
    ++end.files;
    end.bytes += at->second->size_bytes;
  }
  if (end.missing.empty() && (end.files == 0 || by_number.upper_bound(next) != by_number.end()))
    end.missing = fmt::format("{}.{:06} is not among them", base::printable(first->first), next);
  unsigned long lowest_read = first->second;
  if (next - first->second > k_logs_read_max) lowest_read = next - k_logs_read_max;
  for (unsigned long number = next; number-- > lowest_read && end.last_commit_ns == 0;)
    end.last_commit_ns = last_commit_of(logs, by_number.at(number)->name, spill_folder) * 1'000'000'000;
  return end;
}

}  // namespace lastgood::engines::mariadb
