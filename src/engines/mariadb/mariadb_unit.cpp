// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What makes a data directory whole: the redo log is sound from its checkpoint to its end, no page is newer than that
// end or older than the log says it was at the checkpoint, every page has its checksum or recovery has a copy of it,
// every table's definition has its data. Facts: MariaDB documentation, "InnoDB Page Flushing", "mariadb-backup
// Overview".
#include "engines/mariadb/mariadb_unit.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/error.h"
#include "engines/mariadb/binlog.h"
#include "engines/mariadb/data_files.h"
#include "engines/mariadb/redo_log.h"

namespace lastgood::engines {

namespace {

using base::ByteView;
using namespace mariadb;
using namespace std::string_view_literals;

std::vector<std::string> find(const FolderListing& listing) {
  const bool has_engine = listing.has_file("ibdata1") || listing.has_file("ib_logfile0") ||
                          listing.has_file("aria_log_control") || listing.has_folder("#innodb_redo") ||
                          listing.has_file("xtrabackup_checkpoints") || listing.has_file("mariadb_backup_checkpoints");
  if (!has_engine || !listing.has_folder("mysql")) return {};
  return {""};
}

ByteView view_of(const std::vector<std::uint8_t>& bytes) { return ByteView(std::span<const std::uint8_t>(bytes)); }

std::string_view base_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

/// What mariadb-backup left beside a backup.
struct BackupMark {
  enum class State : std::uint8_t { none, unprepared, prepared, incremental } state = State::none;
  Lsn last = 0;
};

std::uint64_t number_behind(std::string_view text, std::string_view key) {
  const std::size_t at = text.find(key);
  std::uint64_t value = 0;
  if (at != std::string_view::npos) std::from_chars(text.data() + at + key.size(), text.data() + text.size(), value);
  return value;
}

BackupMark read_backup_mark(UnitCheck& check) {
  BackupMark mark;
  for (const char* name : {"xtrabackup_checkpoints", "mariadb_backup_checkpoints"}) {
    const auto bytes = check.read_small(check.home(), name, 64 * 1024);
    if (!bytes) continue;
    const std::string_view text = view_of(*bytes).text();
    using State = BackupMark::State;
    mark.last = number_behind(text, "last_lsn = ");
    if (text.find("backup_type = incremental") != std::string_view::npos)
      mark.state = State::incremental;
    else if (text.find("backup_type = full-backuped") != std::string_view::npos)
      mark.state = State::unprepared;
    else if (text.find("backup_type = log-applied") != std::string_view::npos ||
             text.find("backup_type = full-prepared") != std::string_view::npos)
      mark.state = State::prepared;
    else
      check.damaged(check.home().show(name), "mariadb.backup", "does not say what kind of backup this is");
  }
  return mark;
}

struct DataFolder {
  std::vector<Member> members;
  std::set<std::string> paths;
  BackupMark backup;
  RedoLog log;
  TablespaceRules rules;
  TablespaceCounts counts;
};

void read_redo(UnitCheck& check, DataFolder& folder) {
  constexpr std::string_view k_name = "ib_logfile0";
  const std::string shown = check.home().show(k_name);
  if (!folder.paths.contains(std::string(k_name))) {
    const bool is_mysql8 = std::any_of(folder.members.begin(), folder.members.end(),
                                       [](const Member& member) { return member.path.starts_with("#innodb_redo/"); });
    is_mysql8 ? check.at_most(model::Certainty::weak, "mariadb.redo.form",
                              "the redo log is of a form that is not followed here")
              : check.damaged(shown, "mariadb.redo", "the redo log is not there");
    return;
  }
  const std::unique_ptr<base::ByteSource> source = check.open(check.home(), k_name);
  if (!source) return;
  if (source->size_bytes() == 0 && folder.backup.state == BackupMark::State::prepared) return;
  auto log = read_redo_log(*source);
  if (!log.ok()) return check.unread(shown, "unit.read", log.error().what);
  folder.log = std::move(log).value();
  if (!folder.log.fault.empty()) {
    looks_random(check, *source, shown)
        ? check.encrypted(shown, "mariadb.redo", fmt::format("{}, and its bytes look random", folder.log.fault))
        : check.damaged(shown, "mariadb.redo", std::string(folder.log.fault), {.from = 0, .to = 12288});
    return;
  }
  std::string creator = folder.log.creator;
  if (creator.starts_with("Backup ")) creator.replace(0, 6, "MariaDB");
  if (!creator.empty()) check.set_engine(base::printable(creator));
  if (folder.log.form == RedoLog::Form::blocks || folder.log.is_sealed)
    check.at_most(model::Certainty::weak, "mariadb.redo.form",
                  "the redo log is encrypted or of an older form and was not followed: whether pages are newer than it "
                  "is not known");
}

/// Is the log one that recovery would take, and how far does it reach?
void judge_redo(UnitCheck& check, DataFolder& folder) {
  const RedoLog& log = folder.log;
  const bool is_followed = log.form == RedoLog::Form::stream && !log.is_sealed && log.fault.empty();
  folder.rules.log = &folder.log;
  if (folder.backup.state == BackupMark::State::prepared) {
    folder.rules.newest = std::max(folder.backup.last, log.end);
    return;
  }
  if (!is_followed) {
    folder.rules.is_to_be_replayed = true;
    return;
  }
  const std::string shown = check.home().show("ib_logfile0");
  if (!log.saw_checkpoint && folder.backup.state == BackupMark::State::none) {
    check.damaged(shown, "mariadb.redo.checkpoint",
                  fmt::format("the log is readable from {} to {}, and the record of its checkpoint is not in it",
                              log.checkpoint, log.end));
    return;
  }
  folder.rules.newest = log.end;
  folder.rules.is_to_be_replayed = log.has_changes || folder.backup.state != BackupMark::State::none;
  if (folder.backup.state == BackupMark::State::unprepared && log.end < folder.backup.last)
    check.damaged(shown, "mariadb.redo.end",
                  fmt::format("the log ends at {}, the backup at {}", log.end, folder.backup.last));
  check.holds(
      shown, "mariadb.redo",
      fmt::format("{} mini-transactions from {} to {} fit their CRC-32C", log.transactions, log.checkpoint, log.end));
}

/// "p#P#p0.ibd" is a part of table p.
std::string table_of(std::string_view path) {
  std::string_view stem = path.substr(0, path.rfind('.'));
  const std::size_t part = stem.find("#P#") != std::string_view::npos ? stem.find("#P#") : stem.find("#p#");
  return std::string(stem.substr(0, part));
}

/// A table whose data lies elsewhere: its .isl file holds the path.
void check_linked_table(UnitCheck& check, DataFolder& folder, const Member& member) {
  const auto bytes = check.read_small(check.home(), member.path, 4096);
  if (!bytes) return;
  std::string target(view_of(*bytes).text());
  while (!target.empty() && (target.back() == '\n' || target.back() == '\0' || target.back() == ' ')) target.pop_back();
  const std::size_t slash = target.rfind('/');
  if (slash == std::string::npos || slash == 0)
    return check.damaged(check.home().show(member.path), "mariadb.outside", "holds no path");
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
void check_other(UnitCheck& check, const Member& member) {
  const std::string_view name = base_name(member.path);
  struct Opening {
    std::string_view ending;
    std::string_view magic;
  };
  constexpr std::array<Opening, 4> k_openings = {Opening{".MYI", "\xfe\xfe\x07"sv}, Opening{".MAI", "\xfe\xfe\x09"sv},
                                                 Opening{".frm", "\xfe\x01"sv},
                                                 Opening{"aria_log_control", "\xfe\xfe\x0c"sv}};
  const std::string shown = check.home().show(member.path);
  if (member.size_bytes == 0) return;
  const auto source = check.open(check.home(), member.path);
  if (!source) return;
  const auto* const opening = std::find_if(k_openings.begin(), k_openings.end(),
                                           [&](const Opening& row) { return name.ends_with(row.ending); });
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
  const auto log = read_binlog(*source);
  const std::string shown = check.home().show(member.path);
  if (!log.ok()) return check.unread(shown, "unit.read", log.error().what);
  if (log.value().is_binlog) return check.note_commit(log.value().last_commit_s * 1'000'000'000);
  if (looks_random(check, *source, shown))
    check.encrypted(shown, "mariadb.binlog", "is no binary log, and its bytes look random");
  else
    check.remarks(shown, "mariadb.binlog", "is no binary log");
}

bool is_tablespace(std::string_view path) {
  const std::string_view name = base_name(path);
  return name.ends_with(".ibd") || name.ends_with(".new") || (path == name && name.starts_with("ibdata")) ||
         (path == name && (name.starts_with("undo") || name.ends_with(".ibu")));
}

/// Definitions that say "InnoDB" need their data.
void check_definitions(UnitCheck& check, const DataFolder& folder) {
  constexpr std::uint8_t k_innodb = 12;
  for (const Member& member : folder.members) {
    if (!member.path.ends_with(".frm") || base_name(member.path).starts_with("#sql")) continue;
    const auto bytes = check.read_small(check.home(), member.path, 1U << 20);
    if (!bytes || !view_of(*bytes).matches(0, "\xfe\x01"sv) || view_of(*bytes).u8(3) != k_innodb) continue;
    const std::string stem = member.path.substr(0, member.path.size() - 4);
    if (folder.log.made_files.contains(stem + ".ibd") && folder.rules.is_to_be_replayed) continue;
    if (folder.paths.contains(stem + ".ibd") || folder.paths.contains(stem + ".isl")) continue;
    check.damaged(check.home().show(member.path), "mariadb.table.missing",
                  "the table's data, an .ibd file, is not there");
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
      const auto source = check.open(check.home(), member.path);
      if (source && source->size_bytes() > 0)
        check_tablespace(check, *source, check.home().show(member.path), folder.rules, folder.counts);
    } else if (name == member.path && is_binlog_name(name))
      check_binlog(check, member);
    else
      check_other(check, member);
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

void check_data_folder(UnitCheck& check, const std::string& /*name*/) {
  check.set_engine("MariaDB or MySQL");
  DataFolder folder;
  folder.members = check.take_members(check.home());
  for (const Member& member : folder.members) folder.paths.insert(member.path);
  folder.backup = read_backup_mark(check);
  read_redo(check, folder);
  judge_redo(check, folder);
  if (!folder.paths.contains("ibdata1")) {
    check.damaged(check.home().show("ibdata1"), "mariadb.system", "the system tablespace is not there");
  } else if (const auto source = check.open(check.home(), "ibdata1"); source && folder.rules.is_to_be_replayed) {
    read_spare_copies(check, *source, check.home().show("ibdata1"), folder.rules);
  }
  check_files(check, folder);
  check_definitions(check, folder);
  check_renamed(check, folder);
  say_stand(check, folder);
}

}  // namespace

const UnitRow k_mariadb_row = {.kind = UnitKind::mariadb,
                               .name = "mariadb",
                               .form = UnitRow::Form::folder,
                               .find = find,
                               .check = check_data_folder};

}  // namespace lastgood::engines
