// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/data_room.h"

#include <algorithm>
#include <csignal>

#include <fmt/format.h>

#include "engines/mariadb/binlog_position.h"
#include "engines/scratch_run.h"
#include "engines/start_watch.h"
#include "engines/unit_check.h"

namespace lastgood::engines::mariadb {

namespace {

constexpr std::size_t k_words_bytes_max = std::size_t{1} << 20U;
constexpr unsigned k_connect_limit_s = 3;  // one that was stopped takes a connection and never answers

os::RoomPlan server_plan(const DataRoom& data, const std::vector<std::string>& further, const std::string& zone) {
  os::RoomPlan plan;
  plan.programs = maria_programs();
  plan.stand_ins = {{"/bin/false", "/bin/sh"}};
  plan.environment = {"PATH=/nowhere", "LC_ALL=C.UTF-8", "HOME=/room/own", "TMPDIR=/room/own/tmp"};
  plan.command = {"/usr/sbin/mariadbd", "--no-defaults", "--datadir=/room/data", "--socket=/room/own/s",
                  "--pid-file=/room/own/pid", "--tmpdir=/room/own/tmp", "--plugin-dir=/room/own/none",
                  "--secure-file-priv=/room/own/none", "--skip-networking", "--skip-grant-tables",
                  "--event-scheduler=DISABLED", "--skip-slave-start", "--skip-log-bin", "--skip-symbolic-links",
                  "--skip-external-locking", "--local-infile=OFF", "--log-output=NONE", "--lower-case-table-names=0",
                  "--performance-schema=OFF", "--max-connections=64", "--max-allowed-packet=256M",
                  "--innodb-buffer-pool-size=256M", "--innodb-buffer-pool-load-at-startup=OFF",
                  "--innodb-buffer-pool-dump-at-shutdown=OFF", "--innodb-use-native-aio=OFF",
                  "--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=OFF", "--innodb-fast-shutdown=1",
                  // Tables of MyISAM and Aria are never repaired unasked: a repair leaves out rows that it cannot read.
                  "--myisam-recover-options=OFF", "--aria-recover-options="};
  if (!zone.empty()) plan.command.push_back("--default-time-zone=" + zone);
  plan.command.insert(plan.command.end(), data.layout.begin(), data.layout.end());
  plan.command.insert(plan.command.end(), further.begin(), further.end());
  return plan;
}

/// Views are read with the asker's rights: their owners' accounts are not there. Replaying the log may have made a
/// fenced file anew, with no more than the log holds.
base::Status settle(const DataRoom& data, os::ScratchTree& folder) {
  for (const auto& [path, why] : data.fenced) LG_TRY(folder.remove(path));
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
  if (!data.fenced.empty()) plan.command.insert(plan.command.begin() + 2, "--innodb-force-recovery=1");
  LG_ASSIGN(os::LockedRoom room, make_room(data.copy, plan, [&](os::ScratchTree& into) -> base::Status {
              for (const auto& [path, why] : data.fenced) LG_TRY(into.remove(path));
              LG_TRY(into.remove("backup-my.cnf"));
              return into.write_file("backup-my.cnf", base::ByteView(std::string_view(prepare_settings(view, folder))));
            }));
  LG_TRY(room.start());
  LG_ASSIGN(const int code, wait_watched("mariadb-backup", room, nullptr, options));
  const std::string other =
      data.fenced.empty() ? "" : find_other_error(view, folder, room.first_words(std::size_t{1} << 20U), data.fenced);
  if (code == 0 && other.empty()) return base::Done{};
  return ended_by_itself("mariadb-backup cannot prepare this backup",
                         other.empty() ? room.last_words(k_words_bytes_max) : other);
}

}  // namespace

std::vector<std::string> maria_programs() {
  std::vector<std::string> programs = shared_libraries();
  for (const char* program : {"/usr/sbin/mariadbd", "/usr/bin/mariadb-backup", "/usr/bin/mariadb-binlog",
                              "/usr/bin/mariadb", "/usr/share/mysql"})
    programs.emplace_back(program);
  return programs;
}

namespace {

constexpr int k_rounds_max = 24;

/// One start. True: it answers. False: it ended; what it said is in `words`.
base::Result<bool> start_once(DataRoom& data, const std::vector<std::string>& further,
                              const ScratchServerOptions& options, std::string& words) {
  data.room.reset();
  LG_TRY(data.copy.tree.remove("own/s"));
  LG_ASSIGN(data.room, make_room(data.copy, server_plan(data, further, options.zone),
                                 [&](os::ScratchTree& folder) { return settle(data, folder); }));
  LG_TRY(data.room->start());
  LG_ASSIGN(const bool is_up, answers(data, options));
  words = data.room->first_words(k_words_bytes_max);
  if (!data.has_answered) data.first_words += words;
  data.has_answered = data.has_answered || is_up;
  return is_up;
}

base::Error not_started(const DataRoom& data) {
  return ended_by_itself("MariaDB does not start on this copy", data.room->last_words(k_words_bytes_max));
}

/// The log has changes for files that are fenced: MariaDB replays the others' and ends in good order. What else it has
/// to complain about is ours too: it would go on with what it could not replay.
base::Status recover_without_fenced(DataRoom& data, const ScratchServerOptions& options) {
  std::string words;
  LG_ASSIGN(const bool is_up, start_once(data, {"--innodb-force-recovery=1"}, options, words));
  if (!is_up) return not_started(data);
  const std::optional<int> code = data.room->stop(SIGTERM, std::chrono::seconds(options.start_limit_s));
  words = data.room->first_words(k_words_bytes_max);
  const std::string other = find_other_error(*data.view, data.folder, words, data.fenced);
  if (other.empty() && code == 0) return base::Done{};
  return base::Error{.code = base::ErrorCode::damaged_source,
                     .what = "MariaDB cannot replay its log on this copy without the broken tables",
                     .hint = other.empty() ? data.room->last_words(1500) : other};
}

/// Tables of Aria below folders of people, and Aria's log: what is left out when that log cannot be replayed.
void fence_aria(DataRoom& data, const std::string& why) {
  UnitCheck listing(*data.view, data.folder, model::Depth::quick);
  for (const Member& member : listing.take_members(listing.home())) {
    const bool is_index = member.path.ends_with(".MAI") && !member.path.starts_with("mysql/");
    if (is_index || member.path.starts_with("aria_log")) data.fenced.emplace(member.path, why);
  }
}

/// Without Aria's log what it held of a killed server's changes is lost, and nothing in its tables says so.
void fence_aria_without_log(DataRoom& data) {
  const auto entries = data.view->list(data.folder);
  bool has_control = false;
  bool has_log = false;
  for (const UnitEntry& entry : entries.ok() ? entries.value() : std::vector<UnitEntry>{}) {
    has_control = has_control || entry.name == "aria_log_control";
    constexpr std::string_view k_log = "aria_log.";
    has_log = has_log || (entry.name.starts_with(k_log) &&
                          entry.name.find_first_not_of("0123456789", k_log.size()) == std::string::npos);
  }
  if (!has_control || !has_log) fence_aria(data, "the log of its engine, Aria, is not there");
}

/// An error of Aria's, which says in good order, too, that it begins to recover.
bool has_aria_error(std::string_view words) {
  bool found = false;
  while (!words.empty() && !found) {
    const std::string_view line = words.substr(0, words.find('\n'));
    words.remove_prefix(std::min(words.size(), line.size() + 1));
    found = line.find("[ERROR]") != std::string_view::npos &&
            (line.find("Aria") != std::string_view::npos || line.find("aria") != std::string_view::npos);
  }
  return found;
}

/// Fences the files of tables that the server fell over. False: it named none that is new.
bool fence_named(DataRoom& data, std::string_view words) {
  const std::size_t before = data.fenced.size();
  for (const auto& [path, why] : find_named_files(*data.view, data.folder, words)) data.fenced.emplace(path, why);
  if (data.fenced.size() == before && has_aria_error(words))
    fence_aria(data, "the log of its engine, Aria, cannot be read");
  return data.fenced.size() > before;
}

/// Starts, without tables that stop it.
base::Status start_without_broken(DataRoom& data, const ScratchServerOptions& options) {
  bool is_recovered = false;
  for (int round = 0; round < k_rounds_max; ++round) {
    const base::Status begun = start_again(data, options);
    if (begun.ok() || begun.error().code != base::ErrorCode::damaged_source || !data.room) return begun;
    const std::string words = data.room->first_words(k_words_bytes_max);
    if (fence_named(data, words)) {
      is_recovered = false;
      continue;
    }
    if (data.fenced.empty() || is_recovered || words.find("was not found at") == std::string::npos) return begun;
    const base::Status recovered = recover_without_fenced(data, options);
    is_recovered = recovered.ok();
    // It may name further tables, which nobody has looked for while the first ones stopped it.
    if (!recovered.ok() && (!data.room || !fence_named(data, data.room->first_words(k_words_bytes_max))))
      return recovered;
  }
  return not_started(data);
}

}  // namespace

base::Status start_again(DataRoom& data, const ScratchServerOptions& options) {
  // Transactions between two engines that the binary log would decide about, and it is not copied. Where saved logs go
  // on behind what is committed they are in those, and a replay brings them: committed as well they would be in twice.
  // Without such logs they are committed, as whoever was told so believes.
  std::vector<std::vector<std::string>> ways = {{}, {"--tc-heuristic-recover=COMMIT"}, {}};
  for (const std::vector<std::string>& further : ways) {
    std::string words;
    LG_ASSIGN(const bool is_up, start_once(data, further, options, words));
    if (is_up) return base::Done{};
    if (further.empty() && data.room->last_words(20'000).find("prepared transactions") == std::string::npos) break;
    if (further.empty() && options.logs != nullptr && go_on_behind_recovery(words, *options.logs))
      ways[1] = {"--tc-heuristic-recover=ROLLBACK"};
  }
  return not_started(data);
}

base::Result<MariaSession> open_watched(DataRoom& data, MariaTarget target, StartWatch& watch) {
  target.socket = data.socket();
  if (target.user.empty()) target.user = "root";
  target.connect_limit_s = k_connect_limit_s;
  target.watch = &watch;
  watch.begin_question();
  while (true) {
    base::Result<MariaSession> session = MariaSession::open(target);
    if (session.ok() || session.error().code != base::ErrorCode::busy_retry) return session;
    if (data.room->wait(watch.pause())) return session;
    LG_TRY(watch.look());
  }
}

base::Status fence_now(DataRoom& data, const std::string& path, const std::string& why) {
  data.fenced.emplace(path, why);
  LG_ASSIGN(os::ScratchTree folder, os::ScratchTree::inside(data.room->path_of("/room/data")));
  return folder.remove(path);
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
  auto data = std::make_unique<DataRoom>(DataRoom{.copy = std::move(copy),
                                                  .room = {},
                                                  .layout = layout_settings(view, folder),
                                                  .views = {},
                                                  .first_words = {},
                                                  .has_answered = false,
                                                  .fenced = {},
                                                  .view = &view,
                                                  .folder = folder});
  if (rights == ViewRights::asker) data->views = views_without_owner(view, folder);
  LG_TRY(data->copy.tree.make_folder("own/tmp"));
  LG_TRY(data->copy.tree.make_folder("own/none"));
  const auto begin = [&]() -> base::Status {
    if (is_unprepared(view, folder)) LG_TRY(prepare(*data, view, folder, options));
    return start_again(*data, options);
  };
  const auto begin_fenced = [&]() -> base::Status {
    LG_ASSIGN(data->fenced, find_struck_tablespaces(view, folder));
    fence_aria_without_log(*data);
    if (is_unprepared(view, folder)) LG_TRY(prepare(*data, view, folder, options));
    return start_without_broken(*data, options);
  };
  const bool is_fenced = rights == ViewRights::asker && options.judged == Judged::no;
  base::Status begun = is_fenced ? begin_fenced() : begin();
  // A copy that was judged whole and does not start was changed since, or nobody could see what is wrong with it.
  if (!begun.ok() && rights == ViewRights::asker && !is_fenced && begun.error().code == base::ErrorCode::damaged_source)
    begun = begin_fenced();
  if (begun.ok()) return data;
  base::Error error = with_unread(begun.error(), start);
  const std::string maker = made_by(view, folder);
  if (error.code == base::ErrorCode::damaged_source && !maker.empty())
    error.what += fmt::format(" (it was made by {}; another version may not open it)", maker);
  return error;
}

}  // namespace lastgood::engines::mariadb
