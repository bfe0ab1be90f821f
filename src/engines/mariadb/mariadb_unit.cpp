// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What makes a data directory whole: the redo log is sound from its checkpoint to its end, no page is newer than that
// end or older than the log says it was at the checkpoint, every page has its checksum or recovery has a copy of it,
// every table's definition has its data. Facts: MariaDB documentation, "InnoDB Page Flushing", "mariadb-backup
// Overview".
#include "engines/mariadb/mariadb_unit.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include <fmt/format.h>

#include "base/error.h"
#include "engines/mariadb/binlog_events.h"
#include "engines/mariadb/binlog_position.h"
#include "engines/mariadb/data_folder.h"
#include "engines/mariadb/system_tables.h"

namespace lastgood::engines {

namespace {

using base::ByteView;
using namespace mariadb;
using namespace std::string_view_literals;

std::vector<std::string> find_mariadb(const FolderListing& listing) {
  const bool has_engine = listing.has_file("ibdata1") || listing.has_file("ib_logfile0") ||
                          listing.has_file("aria_log_control") || listing.has_folder("#innodb_redo") ||
                          listing.has_file("xtrabackup_checkpoints") || listing.has_file("mariadb_backup_checkpoints");
  if (!has_engine || !listing.has_folder("mysql")) return {};
  return {""};
}

/// A table whose data lies elsewhere: its .isl file holds the path.
void check_linked_table(UnitCheck& check, DataFolder& folder, const Member& member) {
  const auto bytes = check.read_small(check.home(), member.path, 4096);
  if (!bytes) return;
  std::string target(ByteView(*bytes).text());
  while (!target.empty() && (target.back() == '\n' || target.back() == '\0' || target.back() == ' ')) target.pop_back();
  const std::size_t slash = target.rfind('/');
  if (slash == std::string::npos || slash == 0)
    return check.damaged(check.home().show(member.path), "mariadb.outside", "holds no path");
  // As mariadb-backup keeps it, checked like any other.
  if (folder.paths.contains(member.path.substr(0, member.path.size() - 4) + ".ibd"))
    return check.remarks(check.home().show(member.path), "mariadb.outside",
                         fmt::format("a table that lay at '{}' on the server, and has its data in the folder here: if "
                                     "there is a file there, too, MariaDB opens neither until one is moved away",
                                     base::printable(target)));
  const std::optional<Place> place = check.take_outside(
      target.substr(0, slash), fmt::format("table {}", table_of(member.path)), check.home().show(member.path));
  const std::string name = target.substr(slash + 1);
  if (!place)
    return check.unread(check.home().show(member.path), "mariadb.outside",
                        fmt::format("leads to '{}', which cannot be seen from here", base::printable(target)));
  const auto source = check.open(*place, name);
  if (source) check_tablespace(check, *source, place->show(name), folder.rules, folder.counts);
}

/// Which files of other kinds look like what their names say.
void check_other(UnitCheck& check, const Member& member, const DataFolder& folder) {
  const std::string_view name = base_name(member.path);
  struct Opening {
    std::string_view ending;
    std::string_view magic;
  };
  constexpr std::array<Opening, 4> k_openings = {Opening{".MYI", "\xfe\xfe\x07"sv}, Opening{".MAI", "\xfe\xfe\x09"sv},
                                                 Opening{".frm", "\xfe\x01"sv},
                                                 Opening{"aria_log_control", "\xfe\xfe\x0c"sv}};
  const std::string shown = check.home().show(member.path);
  const auto* const opening = std::find_if(k_openings.begin(), k_openings.end(),
                                           [&](const Opening& row) { return name.ends_with(row.ending); });
  if (member.size_bytes == 0) {
    // At a crash one may just have been made.
    const bool is_never_empty = opening != k_openings.end() || name.starts_with("aria_log.");
    if (is_never_empty && !folder.rules.is_to_be_replayed) check.damaged(shown, "mariadb.file", "is empty");
    return;
  }
  const auto source = check.open(check.home(), member.path);
  if (!source) return;
  if (opening != k_openings.end()) {
    std::array<std::uint8_t, 16> head{};
    const std::size_t got = check.read(*source, shown, 0, head);
    const ByteView view(std::span<const std::uint8_t>(head.data(), got));
    if (view.matches(0, opening->magic) || (name.ends_with(".frm") && view.matches(0, "TYPE="))) return;
    looks_random(check, *source, shown)
        ? check.encrypted(shown, "mariadb.file", "does not begin as its name says, and its bytes look random")
        : check.damaged(shown, "mariadb.file", "does not begin as its name says", {.from = 0, .to = got});
  } else if (looks_random(check, *source, shown)) {
    check.encrypted(shown, "mariadb.file", "its bytes look random", {.from = 0, .to = member.size_bytes});
  }
}

bool is_binlog_name(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot != std::string_view::npos && name.size() - dot == 7 && !name.starts_with("aria_log") &&
         name.find_first_not_of("0123456789", dot + 1) == std::string_view::npos;
}

void check_binlog(UnitCheck& check, const Member& member) {
  const auto source = check.open(check.home(), member.path);
  if (!source || source->size_bytes() == 0) return;
  const auto log = walk_binlog(*source, [](const BinlogEvent&) {});
  const std::string shown = check.home().show(member.path);
  if (!log.ok()) return check.unread(shown, "unit.read", log.error().what);
  if (log.value().is_binlog) return check.note_commit(log.value().last_commit_s * 1'000'000'000);
  if (looks_random(check, *source, shown))
    check.encrypted(shown, "mariadb.binlog", "is no binary log, and its bytes look random");
  else
    check.remarks(shown, "mariadb.binlog", "is no binary log");
}

/// What a definition's engine (byte 3 of it) keeps a table in.
struct EngineFiles {
  std::uint8_t engine;
  std::array<std::string_view, 2> endings;  // a table needs each
  enum class Log : std::uint8_t { none, makes_files } log;
};
constexpr std::array k_engine_files = {EngineFiles{9, {".MYD", ".MYI"}, EngineFiles::Log::none},
                                       EngineFiles{12, {".ibd", {}}, EngineFiles::Log::makes_files},
                                       EngineFiles{17, {".CSV", {}}, EngineFiles::Log::none},
                                       EngineFiles{42, {".MAD", ".MAI"}, EngineFiles::Log::makes_files}};

/// Whether the table whose files begin with `stem` may have been made, changed or dropped when its server was killed. A
/// server notes such work in a log of its own (sql/ddl_log.cc), which a shutdown removes: names stand there with their
/// lengths before and a zero behind. Names that need another spelling in files are not looked for.
bool may_be_half_done(std::string_view ddl_log, std::string_view stem) {
  if (ddl_log.empty()) return false;
  const std::string_view name = base_name(stem);
  if (name.size() > 255 || name.find('@') != std::string_view::npos) return true;
  std::string noted = {static_cast<char>(name.size()), '\0'};
  noted += name;
  noted += '\0';
  return ddl_log.find(noted) != std::string_view::npos;
}

/// Whether the log, or that of the backup, may make the file `path` at the next start.
bool may_be_made(const DataFolder& folder, const EngineFiles& engine, const std::string& path) {
  if (!folder.rules.is_to_be_replayed) return false;
  if (path.ends_with(".ibd")) return folder.log.made_files.contains(path);
  return engine.log == EngineFiles::Log::makes_files || folder.backup.state == BackupMark::State::unprepared;
}

/// Definitions need their data. Of tables in parts another file says which those are.
void check_definitions(UnitCheck& check, const DataFolder& folder) {
  SystemTables in_system(check, folder);
  const auto noted = folder.paths.contains("ddl_recovery.log")
                         ? check.read_small(check.home(), "ddl_recovery.log", 16U << 20)
                         : std::nullopt;
  const std::string_view ddl_log = noted ? ByteView(*noted).text() : std::string_view();
  for (const Member& member : folder.members) {
    if (!member.path.ends_with(".frm") || base_name(member.path).starts_with("#sql")) continue;
    const auto bytes = check.read_small(check.home(), member.path, 1U << 20);
    if (!bytes || !ByteView(*bytes).matches(0, "\xfe\x01"sv)) continue;
    const auto* const engine = std::find_if(k_engine_files.begin(), k_engine_files.end(), [&](const EngineFiles& one) {
      return one.engine == ByteView(*bytes).u8(3);
    });
    if (engine == k_engine_files.end()) continue;
    const std::string stem = member.path.substr(0, member.path.size() - 4);
    if (may_be_half_done(ddl_log, stem)) continue;
    for (const std::string_view ending : engine->endings) {
      const std::string path = stem + std::string(ending);
      const bool is_elsewhere = ending == ".ibd" && folder.paths.contains(stem + ".isl");
      if (ending.empty() || is_elsewhere || folder.paths.contains(path) || may_be_made(folder, *engine, path)) continue;
      const auto listed = ending == ".ibd" ? in_system.find(stem) : SystemTables::Listed::file;
      if (listed == SystemTables::Listed::system) continue;
      if (listed == SystemTables::Listed::no && folder.rules.is_to_be_replayed) continue;
      check.damaged(check.home().show(member.path), "mariadb.table.missing",
                    fmt::format("the table's data, {} file, is not there",
                                ending == ".ibd" ? "an .ibd" : "its " + std::string(ending)));
    }
  }
}

/// A MyISAM table that its server closed says how long its data file is: layout "state" in storage/myisam/mi_open.c,
/// numbers with the high byte first.
void check_myisam_lengths(UnitCheck& check, const DataFolder& folder) {
  constexpr std::uint64_t k_open_count_at = 24;
  constexpr std::uint64_t k_data_bytes_at = 68;
  for (const Member& index : folder.members) {
    if (!index.path.ends_with(".MYI") || index.size_bytes == 0) continue;
    const std::string path = index.path.substr(0, index.path.size() - 4) + ".MYD";
    const auto data = std::lower_bound(folder.members.begin(), folder.members.end(), path,
                                       [](const Member& member, const std::string& at) { return member.path < at; });
    const auto source = check.open(check.home(), index.path);
    if (!source || data == folder.members.end() || data->path != path || data->kind != model::EntryKind::regular)
      continue;
    std::array<std::uint8_t, 76> head{};
    const std::size_t got = check.read(*source, check.home().show(index.path), 0, head);
    const ByteView view(std::span<const std::uint8_t>(head.data(), got));
    if (got < head.size() || !view.matches(0, "\xfe\xfe\x07"sv) || view.be16(k_open_count_at) != 0) continue;
    if (data->size_bytes < view.be64(k_data_bytes_at))
      check.damaged(check.home().show(path), "mariadb.table.cut",
                    fmt::format("has {} bytes, and its index says {}", data->size_bytes, view.be64(k_data_bytes_at)));
  }
}

/// "p.ibd.bak9" where p.ibd should be.
void check_renamed(UnitCheck& check, const DataFolder& folder) {
  constexpr std::array k_endings = {".ibd"sv, ".frm"sv, ".MYD"sv, ".MYI"sv, ".MAD"sv, ".MAI"sv, ".opt"sv};
  for (const Member& member : folder.members) {
    const std::size_t dot = member.path.rfind('.');
    if (dot == std::string::npos || member.path.find('/', dot) != std::string::npos) continue;
    const std::string stem = member.path.substr(0, dot);
    const bool is_table = std::any_of(k_endings.begin(), k_endings.end(),
                                      [&](std::string_view ending) { return stem.ends_with(ending); });
    const bool is_system = stem == "ibdata1" || stem == "ib_logfile0" || stem == "aria_log_control";
    if ((is_table || is_system) && !folder.paths.contains(stem))
      check.damaged(check.home().show(member.path), "mariadb.renamed",
                    fmt::format("stands where '{}' should be", base::printable(stem)));
  }
}

void check_files(UnitCheck& check, DataFolder& folder) {
  for (const Member& member : folder.members) {
    const std::string_view name = base_name(member.path);
    if (member.kind == model::EntryKind::link) {
      check.remarks(check.home().show(member.path), "mariadb.link",
                    fmt::format("a link to '{}'", base::printable(member.link_target)));
      continue;
    }
    if (name.starts_with("ibtmp") || name.starts_with("ib_logfile") || name.starts_with("#ib_redo") ||
        name == "ib_buffer_pool")
      continue;
    if (name.ends_with(".isl"))
      check_linked_table(check, folder, member);
    else if (is_tablespace(member.path)) {
      check_tablespace_file(check, folder, member);
    } else if (name == member.path && is_binlog_name(name))
      check_binlog(check, member);
    else
      check_other(check, member, folder);
  }
}

void say_stand(UnitCheck& check, const DataFolder& folder) {
  using State = BackupMark::State;
  check.holds(
      {}, "mariadb.pages",
      fmt::format("{} pages in {} tablespaces looked at, {} to be replaced by recovery, {} encrypted by the server",
                  folder.counts.pages, folder.counts.files, folder.counts.to_be_replaced, folder.counts.sealed));
  switch (folder.backup.state) {
    case State::incremental:
      check.damaged({}, "mariadb.backup.incremental",
                    "an incremental backup: only together with the full one it builds on");
      break;
    case State::unprepared:
      check.needs_recovery("mariadb.stand", "a backup by mariadb-backup that must be prepared before it is used");
      check.at_most(model::Certainty::strong, "mariadb.moment", "the redo log of the backup makes it one moment's");
      break;
    case State::prepared:
      check.holds({}, "mariadb.stand", "a backup by mariadb-backup, prepared");
      check.at_most(model::Certainty::strong, "mariadb.moment", "an older table file would not be noticed");
      break;
    case State::none:
      if (folder.rules.is_to_be_replayed) {
        check.needs_recovery("mariadb.stand", "the server was not shut down: its redo log must be replayed");
        check.at_most(model::Certainty::weak, "mariadb.moment",
                      "only a snapshot that took all files at one moment makes this set whole; nothing in it speaks "
                      "against that, and nothing proves it");
      } else {
        check.holds({}, "mariadb.stand",
                    fmt::format("the server was shut down in good order at {}", folder.log.checkpoint));
        check.at_most(model::Certainty::strong, "mariadb.moment",
                      "an older file of a table that the log does not speak of would not be noticed");
      }
      break;
  }
}

/// Whether a file that says when it was written, in a zone that it does not name, has kept that time: zones differ by
/// quarters of an hour. A plain copy is of when it was copied.
bool is_its_own_time(std::int64_t mtime_s, std::int64_t noted_s) {
  constexpr std::int64_t k_zone_max_s = std::int64_t{14} * 3600;
  constexpr std::int64_t k_zone_step_s = 900;
  constexpr std::int64_t k_off_max_s = 10;
  const std::int64_t off_s = std::abs(mtime_s - noted_s);
  const std::int64_t rest_s = off_s % k_zone_step_s;
  return off_s <= k_zone_max_s + k_off_max_s && (rest_s <= k_off_max_s || rest_s >= k_zone_step_s - k_off_max_s);
}

/// What mariadb-backup wrote last: the copy is of that moment, whatever its snapshot is called.
void note_end_of_backup(UnitCheck& check, const DataFolder& folder) {
  if (check.data_as_of_ns() != 0) return;
  for (const Member& member : folder.members) {
    if (member.path != "xtrabackup_info" && member.path != "mariadb_backup_info") continue;
    const std::int64_t noted_s = mariadb::noted_end_s(*check.home().view, check.home().in_view(""));
    if (is_its_own_time(member.mtime_ns / 1'000'000'000, noted_s)) check.note_commit(member.mtime_ns);
  }
}

void check_data_folder(UnitCheck& check, const std::string& /*name*/) {
  check.set_engine("MariaDB or MySQL");
  DataFolder folder;
  read_data_folder(check, folder);
  check_files(check, folder);
  check_definitions(check, folder);
  check_myisam_lengths(check, folder);
  check_renamed(check, folder);
  note_end_of_backup(check, folder);
  say_stand(check, folder);
}

}  // namespace

const UnitRow k_mariadb_row = {.kind = UnitKind::mariadb,
                               .name = "mariadb",
                               .form = UnitRow::Form::folder,
                               .find = find_mariadb,
                               .check = check_data_folder};

}  // namespace lastgood::engines
