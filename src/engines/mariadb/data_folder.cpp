// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/data_folder.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace lastgood::engines::mariadb {

using base::ByteView;

namespace {

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
    const std::string_view text = ByteView(*bytes).text();
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

}  // namespace

void read_data_folder(UnitCheck& check, DataFolder& folder) {
  folder.members = check.take_members(check.home());
  for (const Member& member : folder.members) folder.paths.insert(member.path);
  folder.backup = read_backup_mark(check);
  read_redo(check, folder);
  judge_redo(check, folder);
  folder.rules.is_system_one_file =
      std::count_if(folder.members.begin(), folder.members.end(),
                    [](const Member& member) { return member.path.starts_with("ibdata"); }) == 1;
  if (!folder.paths.contains("ibdata1")) {
    check.damaged(check.home().show("ibdata1"), "mariadb.system", "the system tablespace is not there");
  } else if (const auto source = check.open(check.home(), "ibdata1"); source && folder.rules.is_to_be_replayed) {
    read_spare_copies(check, *source, check.home().show("ibdata1"), folder.rules);
  }
}

std::string_view base_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool is_tablespace(std::string_view path) {
  const std::string_view name = base_name(path);
  return name.ends_with(".ibd") || name.ends_with(".new") || (path == name && name.starts_with("ibdata")) ||
         (path == name && (name.starts_with("undo") || name.ends_with(".ibu")));
}

std::string table_of(std::string_view path) {
  std::string_view stem = path.substr(0, path.rfind('.'));
  const std::size_t part = stem.find("#P#") != std::string_view::npos ? stem.find("#P#") : stem.find("#p#");
  return std::string(stem.substr(0, part));
}

void check_tablespace_file(UnitCheck& check, DataFolder& folder, const Member& member) {
  const std::string shown = check.home().show(member.path);
  const auto source = check.open(check.home(), member.path);
  if (!source) return;
  if (source->size_bytes() > 0) return check_tablespace(check, *source, shown, folder.rules, folder.counts);
  if (!folder.rules.is_to_be_replayed || !folder.log.made_files.contains(member.path))
    check.damaged(shown, "mariadb.tablespace", "is empty");
}

}  // namespace lastgood::engines::mariadb
