// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/binlog_end.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "engines/mariadb/binlog.h"
#include "engines/mariadb/binlog_replay.h"

namespace lastgood::engines::mariadb {

namespace {

/// So many of the last logs are read for a commit: a server that is started anew begins a log without any.
constexpr unsigned long k_logs_read_max = 8;
constexpr std::string_view k_magic =
    "\xFE"
    "bin";

}  // namespace

base::Result<LogEnd> find_binlog_end(const UnitView& logs, const UnitView& copy, const std::string& folder) {
  LogEnd end;
  LG_ASSIGN(const std::vector<UnitEntry> entries, logs.list({}));
  const std::optional<BinlogPosition> position = find_written_position(copy, folder);
  const auto first = position ? parse_log_name(position->file) : std::nullopt;
  if (!first) {
    end.missing = "the copy says only once it is started where in its log it stands";
    return end;
  }
  std::map<unsigned long, const UnitEntry*> by_number;
  for (const UnitEntry& entry : entries) {
    const auto name = parse_log_name(entry.name);
    if (name && name->first == first->first && entry.kind == model::EntryKind::regular)
      by_number[name->second] = &entry;
  }
  unsigned long next = first->second;
  for (auto at = by_number.find(next); at != by_number.end(); at = by_number.find(++next)) {
    if (read_text(logs, at->second->name, k_magic.size()) != k_magic) {
      end.missing = fmt::format("{} is no binary log any more", base::printable(at->second->name));
      break;
    }
    ++end.files;
    end.bytes += at->second->size_bytes;
  }
  if (end.missing.empty() && (end.files == 0 || by_number.upper_bound(next) != by_number.end()))
    end.missing = fmt::format("{}.{:06} is not among them", base::printable(first->first), next);
  unsigned long lowest_read = first->second;
  if (next - first->second > k_logs_read_max) lowest_read = next - k_logs_read_max;
  for (unsigned long number = next; number-- > lowest_read && end.last_commit_ns == 0;) {
    const auto source = logs.open(by_number.at(number)->name);
    const auto log = source.ok() ? read_binlog(*source.value()) : base::Result<Binlog>(source.error());
    if (log.ok()) end.last_commit_ns = log.value().last_commit_s * 1'000'000'000;
  }
  return end;
}

}  // namespace lastgood::engines::mariadb
