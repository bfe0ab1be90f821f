// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/data_room.h"

#include <algorithm>

#include <fmt/format.h>

#include "engines/scratch_run.h"
#include "engines/start_watch.h"

namespace lastgood::engines::mariadb {

namespace {

constexpr unsigned k_connect_limit_s = 3;  // one that was stopped takes a connection and never answers

os::RoomPlan server_plan(const DataRoom& data, const std::vector<std::string>& further) {
  os::RoomPlan plan;
  plan.programs = maria_programs();
  plan.stand_ins = {{"/bin/false", "/bin/sh"}};
  plan.environment = {"PATH=/nowhere", "LC_ALL=C.UTF-8", "HOME=/room/own", "TMPDIR=/room/own/tmp"};
  plan.command = {"/usr/sbin/mariadbd",
                  "--no-defaults",
                  "--datadir=/room/data",
                  "--socket=/room/own/s",
                  "--pid-file=/room/own/pid",
                  "--tmpdir=/room/own/tmp",
                  "--plugin-dir=/room/own/none",
                  "--secure-file-priv=/room/own/none",
                  "--skip-networking",
                  "--skip-grant-tables",
                  "--event-scheduler=DISABLED",
                  "--skip-slave-start",
                  "--skip-log-bin",
                  "--skip-symbolic-links",
                  "--skip-external-locking",
                  "--local-infile=OFF",
                  "--log-output=NONE",
                  "--lower-case-table-names=0",
                  "--performance-schema=OFF",
                  "--max-connections=64",
                  "--max-allowed-packet=256M",
                  "--innodb-buffer-pool-size=256M",
                  "--innodb-buffer-pool-load-at-startup=OFF",
                  "--innodb-buffer-pool-dump-at-shutdown=OFF",
                  "--innodb-use-native-aio=OFF",
                  "--innodb-flush-log-at-trx-commit=0",
                  "--innodb-doublewrite=OFF",
                  "--innodb-fast-shutdown=1"};
  plan.command.insert(plan.command.end(), data.layout.begin(), data.layout.end());
  plan.command.insert(plan.command.end(), further.begin(), further.end());
  return plan;
}

/// Views are read with the asker's rights: their owners' accounts are not there.
base::Status settle(const DataRoom& data, os::ScratchTree& folder) {
  for (const PlainView& view : data.views) {
    LG_TRY(folder.remove(view.path));
    LG_TRY(folder.write_file(view.path, base::ByteView(std::string_view(view.text))));
  }
  return base::Done{};
}

/// True: it answers. False: it ended.
base::Result<bool> answers(DataRoom& data, const ScratchServerOptions& options) {
  StartWatch watch("MariaDB", {&*data.room}, options);
  while (true) {
    if (data.room->wait(watch.pause())) return false;
    LG_TRY(watch.look());
    const base::Result<MariaSession> session = MariaSession::open({.socket = data.socket(),
                                                                   .user = "root",
                                                                   .password = {},
                                                                   .database = {},
                                                                   .connect_limit_s = k_connect_limit_s,
                                                                   .silence_limit_s = k_connect_limit_s});
    if (session.ok()) return true;
    if (session.error().code != base::ErrorCode::busy_retry) return session.error();
  }
}

/// mariadb-backup --prepare: what a backup that was taken while the server ran needs before it can be used.
base::Status prepare(DataRoom& data, const UnitView& view, const std::string& folder,
                     const ScratchServerOptions& options) {
  if (find_program({"/usr/bin/mariadb-backup"}).empty())
    return base::Error{.code = base::ErrorCode::unsupported,
                       .what = "mariadb-backup is not installed",
                       .path = folder,
                       .hint = "install mariadb-backup: this backup must be prepared first"};
  os::RoomPlan plan;
  plan.programs = maria_programs();
  plan.stand_ins = {{"/bin/false", "/bin/sh"}};
  plan.environment = {"PATH=/nowhere", "LC_ALL=C.UTF-8", "HOME=/room/own", "TMPDIR=/room/own/tmp"};
  plan.command = {"/usr/bin/mariadb-backup", "--no-defaults", "--prepare", "--target-dir=/room/data"};
  LG_ASSIGN(os::LockedRoom room, make_room(data.copy, plan, [&](os::ScratchTree& into) -> base::Status {
              LG_TRY(into.remove("backup-my.cnf"));
              return into.write_file("backup-my.cnf", base::ByteView(std::string_view(prepare_settings(view, folder))));
            }));
  LG_TRY(room.start());
  LG_ASSIGN(const int code, wait_watched("mariadb-backup", room, nullptr, options));
  if (code == 0) return base::Done{};
  return ended_by_itself("mariadb-backup cannot prepare this backup", room.last_words(1500));
}

}  // namespace

std::vector<std::string> maria_programs() {
  std::vector<std::string> programs = shared_libraries();
  for (const char* program : {"/usr/sbin/mariadbd", "/usr/bin/mariadb-backup", "/usr/bin/mariadb-binlog",
                              "/usr/bin/mariadb", "/usr/share/mysql"})
    programs.emplace_back(program);
  return programs;
}

base::Status start_again(DataRoom& data, const ScratchServerOptions& options) {
  // Transactions between two engines that the binary log would decide about: it is not copied, they are committed.
  const std::vector<std::vector<std::string>> ways = {{}, {"--tc-heuristic-recover=COMMIT"}, {}};
  std::string last_words;
  for (const std::vector<std::string>& further : ways) {
    data.room.reset();
    LG_TRY(data.copy.tree.remove("own/s"));
    LG_ASSIGN(data.room, make_room(data.copy, server_plan(data, further),
                                   [&](os::ScratchTree& folder) { return settle(data, folder); }));
    LG_TRY(data.room->start());
    LG_ASSIGN(const bool is_up, answers(data, options));
    if (data.first_words.empty()) data.first_words = data.room->first_words(std::size_t{1} << 20U);
    if (is_up) return base::Done{};
    last_words = data.room->last_words(1500);
    if (further.empty() && data.room->last_words(20'000).find("prepared transactions") == std::string::npos) break;
  }
  return ended_by_itself("MariaDB does not start on this copy", last_words);
}

base::Result<std::unique_ptr<DataRoom>> start_data(const UnitView& view, const std::string& folder,
                                                   const ScratchServerOptions& options, ViewRights rights,
                                                   ScratchStart& start) {
  if (find_program({"/usr/sbin/mariadbd"}).empty())
    return base::Error{.code = base::ErrorCode::unsupported,
                       .what = "MariaDB is not installed",
                       .path = folder,
                       .hint = "install mariadb-server"};
  if (!os::has_root_rights())
    return base::Error{.code = base::ErrorCode::unsupported,
                       .what = "cannot lock a database server in without root's rights",
                       .hint = "run this step as root: the server itself will run as nobody"};
  if (is_of_mysql(view, folder))
    return base::Error{.code = base::ErrorCode::unsupported,
                       .what = "this is a data directory of MySQL 8 or later, which MariaDB cannot open",
                       .path = folder,
                       .hint = "restore it for MySQL itself; a dump of it loaded into MariaDB can be asked here"};
  LG_ASSIGN(ScratchCopy copy,
            make_scratch_copy(view, folder, options, {.is_wanted = is_data, .empty_folders = {}}, start));
  start.way_taken = copy.way;
  auto data = std::make_unique<DataRoom>(DataRoom{
      .copy = std::move(copy), .room = {}, .layout = layout_settings(view, folder), .views = {}, .first_words = {}});
  if (rights == ViewRights::asker) data->views = views_without_owner(view, folder);
  LG_TRY(data->copy.tree.make_folder("own/tmp"));
  LG_TRY(data->copy.tree.make_folder("own/none"));
  const auto begin = [&]() -> base::Status {
    if (is_unprepared(view, folder)) LG_TRY(prepare(*data, view, folder, options));
    return start_again(*data, options);
  };
  base::Status begun = begin();
  if (begun.ok()) return data;
  base::Error error = with_unread(begun.error(), start);
  const std::string maker = made_by(view, folder);
  if (error.code == base::ErrorCode::damaged_source && !maker.empty())
    error.what += fmt::format(" (it was made by {}; another version may not open it)", maker);
  return error;
}

}  // namespace lastgood::engines::mariadb
