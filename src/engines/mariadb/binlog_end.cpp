// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/binlog_end.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "base/error.h"
#include "engines/mariadb/binlog_events.h"
#include "engines/mariadb/binlog_history.h"
#include "engines/mariadb/binlog_position.h"
#include "engines/mariadb/follow_binlogs.h"
#include "engines/packed_log.h"

namespace lastgood::engines::mariadb {

namespace {

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

/// Where a replay of them would end.
base::Result<LogEnd> read_binlogs(const UnitView& logs, const CopyPlace& place, const std::string& spill_folder,
                                  const LogReading& reading) {
  const auto followed = follow_binlogs(
      place, logs, spill_folder, {.until_ns = reading.until_ns, .is_cancelled = reading.is_cancelled, .take = {}});
  // They are not of this copy: nothing of them is replayed.
  if (!followed.ok() && followed.error().code == base::ErrorCode::damaged_source)
    return LogEnd{.missing = followed.error().what, .ends_early = true};
  if (!followed.ok()) return followed.error();
  const FollowedLogs& found = followed.value();
  LogEnd end{.files = found.names.size(),
             .bytes = found.bytes,
             .last_commit_ns = found.last_commit_ns,
             .missing = found.ends_early,
             .ends_early = !found.ends_early.empty()};
  if (end.files > 0 || end.ends_early) return end;
  LG_ASSIGN(const std::optional<std::string> other, find_not_older(logs, place.position));
  end.missing = fmt::format("{} is not among them", base::printable(place.position.file));
  end.ends_early = other.has_value();
  return end;
}

using LogsByNumber = std::map<unsigned long, const UnitEntry*>;

LogsByNumber logs_of(const std::vector<UnitEntry>& entries, const std::string& base) {
  LogsByNumber out;
  for (const UnitEntry& entry : entries) {
    const auto name = parse_log_name(entry.name);
    if (name && name->first == base && entry.kind == model::EntryKind::regular) out[name->second] = &entry;
  }
  return out;
}

/// When the copy's server wrote to it last, since 1970; 0: that cannot be told.
std::int64_t last_write_s(const UnitView& copy, const std::string& folder) {
  std::int64_t written_ns = 0;
  const auto entries = copy.list(folder);
  for (const UnitEntry& entry : entries.ok() ? entries.value() : std::vector<UnitEntry>()) {
    if (entry.name == "ibdata1" || entry.name == "ib_logfile0") written_ns = std::max(written_ns, entry.mtime_ns);
  }
  return written_ns / 1'000'000'000;
}

/// 0: it cannot be read.
std::int64_t begin_of(const UnitView& logs, const std::string& name, const std::string& spill_folder) {
  auto packed = logs.open(name);
  if (!packed.ok()) return 0;
  const auto opened = open_packed_log(std::move(packed).value(), spill_folder, k_log_bytes_max);
  std::array<std::uint8_t, 8> head{};
  const auto got = opened.ok() ? opened.value().bytes->read(0, head) : base::Result<std::size_t>(0U);
  if (!got.ok() || got.value() < head.size()) return 0;
  return base::ByteView(std::span<const std::uint8_t>(head)).le32(4);  // of its first event
}

/// Of a copy whose recovery says where it stands: in the last log that was begun before its server's last write, as far
/// as files tell; where they do not, in any from `lowest` on.
BinlogPosition likely_place(const UnitView& logs, const LogsByNumber& by_number, unsigned long lowest,
                            std::int64_t written_s, const std::string& spill_folder) {
  constexpr std::uint64_t k_first_event_at = 4;
  const auto is_before = [&](const UnitEntry& entry) {
    const std::int64_t begun_s = begin_of(logs, entry.name, spill_folder);
    return begun_s != 0 && begun_s <= written_s;
  };
  auto at = by_number.rbegin();
  while (written_s != 0 && at != by_number.rend() && !is_before(*at->second)) ++at;
  const bool is_found = written_s != 0 && at != by_number.rend();
  return {.file = std::string(without_packing((is_found ? at->second : by_number.at(lowest))->name)),
          .offset = k_first_event_at,
          .basis = "by when its server wrote to it last",
          .gtids = {},
          .made_before_s = 0};
}

/// Of a copy whose recovery says where it stands: the logs of the one server that wrote them, the last ones that follow
/// each other, are tried.
base::Result<LogEnd> end_of_all(const UnitView& logs, const std::vector<UnitEntry>& entries, const UnitView& copy,
                                const std::string& folder, const std::string& spill_folder, const LogReading& reading) {
  LogEnd end;
  std::map<std::string, LogsByNumber> by_base;
  for (const UnitEntry& entry : entries) {
    const auto name = parse_log_name(entry.name);
    if (!name || entry.kind != model::EntryKind::regular || !looks_like_log(logs, entry.name)) continue;
    by_base[name->first][name->second] = &entry;
  }
  if (by_base.size() != 1) {
    end.missing = k_place_unknown;
    return end;
  }
  const auto& [base, by_number] = *by_base.begin();
  unsigned long next = by_number.rbegin()->first;
  for (auto at = by_number.rbegin(); at != by_number.rend() && at->first == next; ++at, --next) {
    ++end.files;
    end.bytes += at->second->size_bytes;
    // A server that is started anew begins a log without any.
    if (end.last_commit_ns == 0 && reading.depth == LogDepth::names)
      end.last_commit_ns = last_commit_of(logs, at->second->name, spill_folder) * 1'000'000'000;
  }
  if (reading.depth == LogDepth::names) return end;
  const CopyPlace place{
      .view = copy,
      .folder = folder,
      .position = likely_place(logs, logs_of(entries, base), next + 1, last_write_s(copy, folder), spill_folder)};
  return read_binlogs(logs, place, spill_folder, reading);
}

}  // namespace

base::Result<LogEnd> find_binlog_end(const UnitView& logs, const UnitView& copy, const std::string& folder,
                                     const std::string& spill_folder, const LogReading& reading) {
  LogEnd end;
  LG_ASSIGN(const std::vector<UnitEntry> entries, logs.list({}));
  std::optional<BinlogPosition> position = find_written_position(copy, folder);
  if (position) {
    LG_ASSIGN(const bool is_settled, settle_position(*position, logs, spill_folder));
    if (!is_settled) position.reset();
  }
  const auto first = position ? parse_log_name(position->file) : std::nullopt;
  if (!first) {
    if (is_said_by_recovery(copy, folder)) return end_of_all(logs, entries, copy, folder, spill_folder, reading);
    end.missing = k_place_unknown;
    return end;
  }
  if (reading.depth == LogDepth::everything)
    return read_binlogs(logs, {.view = copy, .folder = folder, .position = *position}, spill_folder, reading);
  const LogsByNumber by_number = logs_of(entries, first->first);
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
  for (unsigned long number = next; number-- > first->second && end.last_commit_ns == 0;)
    end.last_commit_ns = last_commit_of(logs, by_number.at(number)->name, spill_folder) * 1'000'000'000;
  return end;
}

}  // namespace lastgood::engines::mariadb
