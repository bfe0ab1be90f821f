// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/binlog_position.h"

#include <algorithm>
#include <array>

#include "base/rfc3339.h"
#include "engines/mariadb/binlog_events.h"
#include "engines/mariadb/data_copy.h"
#include "engines/mariadb/redo_log.h"
#include "engines/mariadb/rollback_segments.h"
#include "engines/packed_log.h"
#include "engines/scratch_copy.h"

namespace lastgood::engines::mariadb {

namespace {

constexpr std::uint64_t k_first_event_at = 4;

std::optional<std::uint64_t> parse_number(std::string_view text) {
  if (text.empty() || text.size() > 18 || text.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  return std::stoull(std::string(text));
}

/// Recovery says: "InnoDB: Last binlog file './bin.000001', position 1234".
std::optional<BinlogPosition> position_of_recovery(const std::string& said) {
  constexpr std::string_view k_mark = "Last binlog file '";
  const std::size_t at = said.rfind(k_mark);
  if (at == std::string::npos) return std::nullopt;
  const std::size_t from = at + k_mark.size();
  const std::size_t end = said.find('\'', from);
  constexpr std::string_view k_position = "', position ";
  if (end == std::string::npos || said.compare(end, k_position.size(), k_position) != 0) return std::nullopt;
  const std::size_t digits = end + k_position.size();
  const auto offset =
      parse_number(std::string_view(said).substr(digits, said.find_first_not_of("0123456789", digits) - digits));
  const std::string path = said.substr(from, end - from);
  const std::string name = path.substr(path.rfind('/') + 1);
  if (!offset || !parse_log_name(name)) return std::nullopt;
  return BinlogPosition{.file = name,
                        .offset = std::max(*offset, k_first_event_at),
                        .basis = "as InnoDB's recovery says",
                        .gtids = {},
                        .made_before_s = 0};
}

bool is_of_another_kind(std::string_view base) { return base == "aria_log" || base.ends_with("relay-bin"); }

/// A server that was shut down in good order stands at the end of its last log. Where that one is not whole nothing is
/// known: from the end of an older one on, work would be done twice.
std::optional<BinlogPosition> position_of_last_log(const UnitView& view, const std::string& folder) {
  const auto entries = view.list(folder);
  std::optional<UnitEntry> last;
  unsigned long number = 0;
  for (const UnitEntry& entry : entries.ok() ? entries.value() : std::vector<UnitEntry>{}) {
    const auto name = parse_log_name(entry.name);
    const bool is_log = name && entry.kind == model::EntryKind::regular && !is_of_another_kind(name->first);
    if (!is_log || name->second < number) continue;
    number = name->second;
    last = entry;
  }
  if (!last) return std::nullopt;
  const auto source = view.open(join(folder, last->name));
  const auto walk = source.ok() ? walk_binlog(*source.value(), [](const BinlogEvent&) {}) : source.error();
  if (!walk.ok() || !walk.value().is_binlog || !walk.value().broken.empty()) return std::nullopt;
  return BinlogPosition{.file = last->name,
                        .offset = last->size_bytes,
                        .basis = "end of the copy's own last log",
                        .gtids = {},
                        .made_before_s = 0};
}

/// Of a data directory that was copied as it is; nothing: it has none that was followed from its checkpoint.
std::optional<RedoLog> read_own_redo_log(const UnitView& view, const std::string& folder) {
  const auto redo = view.open(join(folder, "ib_logfile0"));
  if (!redo.ok() || redo.value()->size_bytes() == 0) return std::nullopt;
  auto log = read_redo_log(*redo.value());
  const bool is_followed = log.ok() && log.value().form == RedoLog::Form::stream && !log.value().is_sealed &&
                           log.value().fault.empty() && log.value().saw_checkpoint;
  return is_followed ? std::optional(std::move(log).value()) : std::nullopt;
}

/// By what InnoDB notes of its last transaction. Only of a copy with nothing to recover: of others the pages are older
/// than what recovery makes of them.
std::optional<BinlogPosition> position_of_shut_down(const UnitView& view, const std::string& folder) {
  constexpr std::uint64_t k_offset_max = std::uint64_t{1} << 40U;
  constexpr std::int64_t k_second_ns = 1'000'000'000;
  const std::optional<RedoLog> log = read_own_redo_log(view, folder);
  if (!log || log->has_changes) return std::nullopt;
  const std::optional<BinlogPlace> place = read_binlog_place(view, folder);
  if (!place || !parse_log_name(place->file) || place->offset > k_offset_max) return std::nullopt;
  std::int64_t written_ns = 0;
  const auto entries = view.list(folder);
  for (const UnitEntry& entry : entries.ok() ? entries.value() : std::vector<UnitEntry>{}) {
    if (entry.name == "ibdata1" || entry.name == "ib_logfile0") written_ns = std::max(written_ns, entry.mtime_ns);
  }
  if (written_ns <= 0) return std::nullopt;
  return BinlogPosition{.file = place->file,
                        .offset = std::max(place->offset, k_first_event_at),
                        .basis = "end of the log that was closed when the copy's server was shut down",
                        .gtids = {},
                        .made_before_s = 0,
                        .shut_down_s = written_ns / k_second_ns};
}

/// Of the log of that base and number; nothing: it is not among them, or no log that can be read.
base::Result<std::optional<BinlogHistory>> read_log_of(const UnitView& logs, const std::string& base,
                                                       unsigned long number, std::uint64_t offset,
                                                       const std::string& spill_folder) {
  LG_ASSIGN(const std::vector<UnitEntry> entries, logs.list({}));
  for (const UnitEntry& entry : entries) {
    const auto name = parse_log_name(entry.name);
    if (!name || name->first != base || name->second != number || entry.kind != model::EntryKind::regular) continue;
    LG_ASSIGN(std::unique_ptr<base::ByteSource> packed, logs.open(entry.name));
    LG_ASSIGN(const OpenedLog opened, open_packed_log(std::move(packed), spill_folder, k_log_bytes_max));
    LG_ASSIGN(BinlogHistory log, read_history(*opened.bytes, offset));
    if (log.is_binlog && !log.is_sealed && log.broken.empty()) return std::optional(std::move(log));
  }
  return std::optional<BinlogHistory>();
}

/// Which no backup can be later than: with half a day for the zone and as much for a clock that was wrong. 0: it does
/// not say.
std::int64_t made_before_s(const UnitView& view, const std::string& folder) {
  constexpr std::int64_t k_day_s = 86'400;
  const std::int64_t end_s = noted_end_s(view, folder);
  return end_s == 0 ? 0 : end_s + k_day_s;
}

constexpr std::array k_note_names = {"xtrabackup_binlog_info", "mariadb_backup_binlog_info"};

/// What mariadb-backup wrote down.
std::optional<BinlogPosition> noted_position(const UnitView& view, const std::string& folder) {
  for (const char* name : k_note_names) {
    std::optional<BinlogPosition> noted = parse_binlog_note(read_text(view, join(folder, name), 4096));
    if (!noted) continue;
    noted->basis = name;
    noted->made_before_s = made_before_s(view, folder);
    return noted;
  }
  return std::nullopt;
}

}  // namespace

std::int64_t noted_end_s(const UnitView& view, const std::string& folder) {
  constexpr std::string_view k_key = "\nend_time = ";
  constexpr std::size_t k_stamp_letters = 19;
  constexpr std::int64_t k_second_ns = 1'000'000'000;
  for (const char* name : {"xtrabackup_info", "mariadb_backup_info"}) {
    const std::string text = read_text(view, join(folder, name), 16384);
    const std::size_t at = text.find(k_key);
    if (at == std::string::npos) continue;
    std::string stamp = text.substr(at + k_key.size(), k_stamp_letters);
    if (stamp.size() != k_stamp_letters) continue;
    stamp[10] = 'T';
    const auto time_ns = base::parse_rfc3339(stamp + "Z");
    if (time_ns) return *time_ns / k_second_ns;
  }
  return 0;
}

std::optional<std::pair<std::string, unsigned long>> parse_log_name(std::string_view name) {
  name = without_packing(name);
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || name.find('/') != std::string_view::npos) return std::nullopt;
  const std::string_view digits = name.substr(dot + 1);
  if (digits.size() < 6 || digits.size() > 10 || digits.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  return std::pair(std::string(name.substr(0, dot)), std::stoul(std::string(digits)));
}

std::optional<BinlogPosition> find_written_position(const UnitView& view, const std::string& folder) {
  std::optional<BinlogPosition> position = noted_position(view, folder);
  if (!position) position = position_of_last_log(view, folder);
  return position ? position : position_of_shut_down(view, folder);
}

bool go_on_behind_recovery(const std::string& said, const UnitView& logs) {
  const std::optional<BinlogPosition> position = position_of_recovery(said);
  const auto entries = logs.list({});
  if (!position || !entries.ok()) return false;
  return std::any_of(entries.value().begin(), entries.value().end(), [&](const UnitEntry& entry) {
    const bool is_it = entry.kind == model::EntryKind::regular && without_packing(entry.name) == position->file;
    const bool is_packed = entry.name.size() != position->file.size();  // longer once it is unpacked
    return is_it && (is_packed || entry.size_bytes > position->offset);
  });
}

base::Status check_notes_still_there(const UnitView& view, const std::string& folder) {
  for (const char* name : k_note_names) {
    const auto note = view.open(join(folder, name));
    if (!note.ok() && was_changed_meanwhile(note.error())) return written_meanwhile(note.error());
  }
  return base::Done{};
}

bool is_said_by_recovery(const UnitView& view, const std::string& folder) {
  if (noted_position(view, folder)) return false;
  const std::optional<RedoLog> log = read_own_redo_log(view, folder);
  return log && log->has_changes;
}

base::Result<bool> settle_position(BinlogPosition& position, const UnitView& logs, const std::string& spill_folder) {
  // Between closing its log and its last write InnoDB brings home what it has in memory.
  constexpr std::int64_t k_shutdown_s_max = 3600;
  constexpr std::int64_t k_rounding_s = 2;
  if (position.shut_down_s == 0) return true;
  const auto name = parse_log_name(position.file);
  if (!name) return false;
  LG_ASSIGN(const auto log, read_log_of(logs, name->first, name->second, position.offset, spill_folder));
  if (!log || log->stopped_s == 0 || !log->has_boundary || position.shut_down_s < log->stopped_s - k_rounding_s ||
      position.shut_down_s > log->stopped_s + k_shutdown_s_max)
    return false;
  // A server that ran after that wrote later, too, whatever it did.
  LG_ASSIGN(const auto next, read_log_of(logs, name->first, name->second + 1, k_first_event_at, spill_folder));
  if (next && next->begun_s < position.shut_down_s - k_rounding_s) return false;
  position.offset = log->whole_bytes;
  position.shut_down_s = 0;
  return true;
}

std::optional<BinlogPosition> parse_binlog_note(std::string_view text) {
  const std::size_t tab = text.find('\t');
  if (tab == std::string_view::npos || !parse_log_name(text.substr(0, tab))) return std::nullopt;
  const std::size_t end = std::min(text.find_first_of("\t\n", tab + 1), text.size());
  const auto offset = parse_number(text.substr(tab + 1, end - tab - 1));
  if (!offset) return std::nullopt;
  BinlogPosition position{.file = std::string(text.substr(0, tab)),
                          .offset = std::max(*offset, k_first_event_at),
                          .basis = {},
                          .gtids = {},
                          .made_before_s = 0};
  if (end < text.size() && text[end] == '\t')
    position.gtids =
        parse_gtids(text.substr(end + 1, std::min(text.find_first_of("\t\n", end + 1), text.size()) - end - 1));
  return position;
}

std::optional<BinlogPosition> find_position(const std::string& said, const UnitView& view, const std::string& folder) {
  std::optional<BinlogPosition> position = noted_position(view, folder);
  if (!position) position = position_of_recovery(said);
  if (!position) position = position_of_last_log(view, folder);
  return position ? position : position_of_shut_down(view, folder);
}

base::Result<std::string> find_mismatch(const UnitView& view, const std::string& folder, const BinlogPosition& position,
                                        const BinlogHistory& log, base::ByteSource& saved, const std::string& name) {
  std::string why = find_first_mismatch(log, name, position);
  // What mariadb-backup makes has no log in it: one that lies there was put there later.
  if (!why.empty() || position.basis.ends_with("_info")) return why;
  const auto own = view.open(join(folder, position.file));
  if (!own.ok()) return why;
  return find_changed_byte(*own.value(), saved, name, position.offset);
}

}  // namespace lastgood::engines::mariadb
