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
#include <map>

#include <fmt/format.h>

#include "base/error.h"
#include "engines/mariadb/binlog_events.h"
#include "engines/mariadb/binlog_position.h"
#include "engines/mariadb/data_folder.h"
#include "engines/mariadb/joined_data.h"
#include "engines/mariadb/system_tables.h"
#include "engines/missing_tablespace.h"

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

/// The ".isl" file of a table whose data lies elsewhere.
void check_table_link(UnitCheck& check, const DataFolder& folder, const JoinedData& joined, const Member& member) {
  const auto bytes = check.read_small(check.home(), member.path, 4096);
  if (!bytes) return;
  const std::string path = member.path.substr(0, member.path.size() - 4) + ".ibd";
  const auto part = std::find_if(joined.parts().begin(), joined.parts().end(),
                                 [&](const PartElsewhere& one) { return one.inside == path; });
  if (part != joined.parts().end()) return;  // said by say_what_lies_elsewhere
  const std::string target = path_in_link(std::string(ByteView(*bytes).text()));
  if (folder_of_target(target).empty() || !folder.paths.contains(path))
    return check.damaged(check.home().show(member.path), "mariadb.outside", "holds no path");
  check.remarks(check.home().show(member.path), "mariadb.outside",
                fmt::format("a table that lay at '{}' on the server, and has its data in the folder here: if there is "
                            "a file there, too, MariaDB opens neither until one is moved away",
                            base::printable(target)));
}

/// "table lis/orders", "database lis", "file ib_logfile0 by SETTING": recovery/parts_elsewhere reads it.
std::string describe(const PartElsewhere& part) {
  switch (part.is) {
    case PartElsewhere::Is::database: return "database " + part.inside;
    case PartElsewhere::Is::table_link: return "table " + part.inside.substr(0, part.inside.size() - 4);
    case PartElsewhere::Is::file: break;
  }
  return "file " + part.inside + (part.setting.empty() ? "" : " by " + part.setting);
}

void say_what_lies_elsewhere(UnitCheck& check, const JoinedData& joined) {
  for (const PartElsewhere& part : joined.parts()) {
    using State = PartElsewhere::State;
    check.note_outside({.path = part.target,
                        .why = describe(part),
                        .seen = part.state == State::unseen ? OutsidePlace::Seen::no : OutsidePlace::Seen::yes});
    const std::string shown = check.home().show(part.inside);
    const std::string leads =
        (part.setting.empty() ? "lies at '" : "by " + part.setting + " at '") + base::printable(part.target) + "'";
    if (part.state == State::unseen)
      check.unread(shown, std::string(k_missing_part_rule), leads + ", which cannot be seen from here");
    else if (part.state == State::gone)
      check.damaged(shown, "mariadb.outside", leads + ", and is not there");
  }
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
    check.encrypted(shown, "mariadb.file.foreign", "its bytes look random", {.from = 0, .to = member.size_bytes});
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
                                       EngineFiles{20, {".par", {}}, EngineFiles::Log::none},
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
void check_definitions(UnitCheck& check, const DataFolder& folder, const std::map<std::string, ListedTable>& tables) {
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
      const auto listed = tables.find(stem);
      const bool is_innodb = ending == ".ibd";
      if (is_innodb && listed != tables.end() && listed->second.space == 0) continue;
      // Made so late that the list on disk does not have it yet.
      if (is_innodb && listed == tables.end() && folder.rules.is_to_be_replayed) continue;
      check.damaged(check.home().show(member.path), "mariadb.table.missing",
                    fmt::format("the table's data, {} file, is not there",
                                ending == ".ibd" ? "an .ibd" : "its " + std::string(ending)));
    }
  }
}

/// A table of MyISAM or Aria that its server closed says in its index how long its files are: layout "state" in
/// storage/myisam/mi_open.c and storage/maria/ma_open.c, numbers with the high byte first.
struct NotedLengths {
  std::string_view index;
  std::string_view data;
  std::string_view magic;
  std::uint64_t index_bytes_at;  // the data's stand behind them
};
constexpr std::array k_noted_lengths = {NotedLengths{".MYI", ".MYD", "\xfe\xfe\x07"sv, 60},
                                        NotedLengths{".MAI", ".MAD", "\xfe\xfe\x09"sv, 89}};

const Member* find_member(const DataFolder& folder, const std::string& path) {
  const auto found = std::lower_bound(folder.members.begin(), folder.members.end(), path,
                                      [](const Member& member, const std::string& at) { return member.path < at; });
  const bool is_there =
      found != folder.members.end() && found->path == path && found->kind == model::EntryKind::regular;
  return is_there ? &*found : nullptr;
}

void check_noted_lengths(UnitCheck& check, const DataFolder& folder) {
  constexpr std::uint64_t k_open_count_at = 24;
  for (const Member& index : folder.members) {
    const auto* const noted = std::find_if(k_noted_lengths.begin(), k_noted_lengths.end(),
                                           [&](const NotedLengths& one) { return index.path.ends_with(one.index); });
    if (noted == k_noted_lengths.end() || index.size_bytes == 0 || index.kind != model::EntryKind::regular) continue;
    const Member* const data =
        find_member(folder, index.path.substr(0, index.path.size() - noted->index.size()) + std::string(noted->data));
    const auto source = check.open(check.home(), index.path);
    if (!source) continue;
    std::array<std::uint8_t, 128> head{};
    const std::size_t got = check.read(*source, check.home().show(index.path), 0, head);
    const ByteView view(std::span<const std::uint8_t>(head.data(), got));
    if (got < head.size() || !view.matches(0, noted->magic) || view.be16(k_open_count_at) != 0) continue;
    const auto compare = [&](const Member* file, std::uint64_t noted_bytes) {
      if (file == nullptr || file->size_bytes >= noted_bytes) return;
      check.damaged(check.home().show(file->path), "mariadb.table.cut",
                    fmt::format("has {} bytes, and its index says {}", file->size_bytes, noted_bytes));
    };
    compare(&index, view.be64(noted->index_bytes_at));
    compare(data, view.be64(noted->index_bytes_at + 8));
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

void check_files(UnitCheck& check, DataFolder& folder, const JoinedData& joined) {
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
      check_table_link(check, folder, joined, member);
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

std::unique_ptr<UnitView> join_data_folder(const UnitView& view, const std::string& path) {
  return std::make_unique<JoinedData>(view, path);
}

void check_data_folder(UnitCheck& check, const std::string& /*name*/) {
  check.set_engine("MariaDB or MySQL");
  auto view = std::make_unique<JoinedData>(*check.home().view, check.home().in_view(""));
  const JoinedData& joined = *view;
  check.look_through(std::move(view));
  say_what_lies_elsewhere(check, joined);
  DataFolder folder;
  read_data_folder(check, folder);
  check_files(check, folder, joined);
  const std::map<std::string, ListedTable> tables = read_system_tables(check, folder);
  check_definitions(check, folder, tables);
  check_listed_tables(check, folder, tables);
  check_noted_lengths(check, folder);
  check_renamed(check, folder);
  note_end_of_backup(check, folder);
  say_stand(check, folder);
}

}  // namespace

const UnitRow k_mariadb_row = {.kind = UnitKind::mariadb,
                               .name = "mariadb",
                               .form = UnitRow::Form::folder,
                               .find = find_mariadb,
                               .check = check_data_folder,
                               .join = join_data_folder};

}  // namespace lastgood::engines
