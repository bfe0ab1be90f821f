// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/cluster_room.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>

#include <fmt/format.h>

#include "base/rfc3339.h"
#include "engines/postgresql/cluster_copy.h"
#include "engines/postgresql/copy_stand.h"
#include "engines/postgresql/left_out.h"
#include "engines/postgresql/log_use.h"
#include "engines/postgresql/quiet_cluster.h"
#include "engines/postgresql/transaction_status.h"
#include "engines/postgresql/wal_archive.h"
#include "engines/start_watch.h"

namespace lastgood::engines::postgresql {

namespace {

constexpr int k_connect_limit_s = 3;  // one that was stopped takes a connection and never answers

/// What changes how data is shown, never what runs: as was asked for, else as the copy's own settings say.
std::string zone_setting(const UnitView& view, const std::string& folder, const std::string& wanted) {
  // POSIX counts to the west: "<+0530>-05:30".
  if (wanted.size() == 6)
    return fmt::format("timezone = '<{}{}>{}{}'\n", wanted.substr(0, 3), wanted.substr(4), wanted[0] == '-' ? '+' : '-',
                       wanted.substr(1));
  const std::string zone =
      find_setting(read_text(view, join(folder, "postgresql.conf"), std::size_t{1} << 20U), "timezone");
  const bool is_plain = !zone.empty() && zone.find_first_not_of(
                                             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                             "0123456789_/+-") == std::string::npos;
  return is_plain ? fmt::format("timezone = '{}'\n", zone) : std::string{};
}

std::string recovery_settings(const ScratchServerOptions& options) {
  // The room's shell is /bin/false: the archive is always empty, and what we put into pg_wal is read.
  std::string text =
      "restore_command = 'false'\nrecovery_target_timeline = 'latest'\nrecovery_target_action = 'promote'\n";
  if (options.replay_until_ns) {
    std::string moment = base::format_rfc3339(*options.replay_until_ns).substr(0, 26);  // to the microsecond
    std::replace(moment.begin(), moment.end(), 'T', ' ');
    text += fmt::format("recovery_target_time = '{}+00'\nrecovery_target_inclusive = on\n", moment);
  }
  return text;
}

/// The server's own libraries and those of extensions. Of languages for functions PL/pgSQL alone: the others can do
/// anything once something planted makes the server call them.
void add_libraries(os::RoomPlan& plan, const std::string& folder) {
  std::error_code trouble;
  for (const auto& entry : std::filesystem::directory_iterator(folder, trouble)) {
    const std::string name = entry.path().filename().string();
    const bool is_language = name.starts_with("pl") && name != "plpgsql.so";
    if (name.find(".so") != std::string::npos && !is_language) plan.programs.push_back(entry.path().string());
  }
}

os::RoomPlan room_plan(const std::string& bin) {
  os::RoomPlan plan;
  plan.programs = shared_libraries();
  const std::string version_folder = bin.substr(0, bin.rfind('/'));
  const std::string version = version_folder.substr(version_folder.rfind('/') + 1);
  plan.programs.push_back(bin + "/postgres");
  add_libraries(plan, version_folder + "/lib");
  plan.programs.push_back("/usr/share/postgresql/" + version);
  plan.command = {bin + "/postgres",
                  "-D",
                  "/room/data",
                  "-c",
                  "config_file=/room/own/postgresql.conf",
                  "-c",
                  "hba_file=/room/own/hba.conf",
                  "-c",
                  "ident_file=/room/own/ident.conf",
                  "-c",
                  "unix_socket_directories=/room/own",
                  "-c",
                  "port=5432"};
  plan.environment = {"PATH=/nowhere", "LC_ALL=C.UTF-8", "HOME=/room/own", "TZ=UTC"};
  return plan;
}

/// Waits until the server lets somebody in, or says no to all (FirstGuest::nobody).
base::Status wait_until_ready(ClusterRoom& cluster, const std::vector<std::string>& users, FirstGuest guest,
                              const ScratchServerOptions& options) {
  StartWatch watch("PostgreSQL", {&cluster.room}, options);
  std::size_t next_user = 0;
  std::string said;  // to those that were not let in
  while (true) {
    if (const std::optional<int> code = cluster.room.wait(watch.pause()))
      return ended_by_itself(fmt::format("PostgreSQL does not start on this copy (it ended with code {})", *code),
                             cluster.room.last_words(std::size_t{64} << 10U));
    LG_TRY(watch.look());
    const base::Result<PgSession> session = PgSession::open({.socket_folder = cluster.socket_folder,
                                                             .database = "template1",
                                                             .user = users[next_user],
                                                             .options = std::string(k_quiet_options),
                                                             .connect_limit_s = k_connect_limit_s});
    if (session.ok()) {
      cluster.user = users[next_user];
      return base::Done{};
    }
    if (session.error().code == base::ErrorCode::misuse) return session.error();  // waiting does not mend it
    if (session.error().code != base::ErrorCode::denied) continue;
    if (guest == FirstGuest::nobody) return base::Done{};
    said += (said.empty() ? "" : "\n") + session.error().what;
    if (++next_user == users.size()) return ended_by_itself("PostgreSQL lets nobody in on this copy", said);
  }
}

/// "2026-11-26 07:06:58.123+05:30" as PostgreSQL logs it.
std::int64_t parse_log_time(std::string text) {
  const std::size_t space = text.find(' ');
  if (space == std::string::npos) return 0;
  text[space] = 'T';
  const std::size_t sign = text.find_first_of("+-", space);
  if (sign == std::string::npos) return 0;
  if (text.size() - sign == 3) text += ":00";
  return base::parse_rfc3339(text).value_or(0);
}

std::string after(const std::string& text, std::string_view mark, std::string_view ends) {
  const std::size_t at = text.rfind(mark);
  if (at == std::string::npos) return {};
  const std::size_t from = at + mark.size();
  return text.substr(from, text.find_first_of(ends, from) - from);
}

/// What the server says of the log it replayed. Where the last record of it begins; 0: it replayed none.
Lsn note_replay(const os::LockedRoom& room, ScratchStart& start) {
  const std::string said = room.first_words(std::size_t{4} << 20U);
  const std::int64_t last = parse_log_time(after(said, "last completed transaction was at log time ", "\n"));
  const std::string read_to = after(said, "redo done at ", " \n");
  if (last != 0) {
    start.data_as_of_ns = last;
    start.data_as_of_basis = fmt::format("last commit that PostgreSQL replayed; its log was read up to {}", read_to);
  }
  return parse_lsn(read_to).value_or(0);
}

/// Settings that only some versions know. Since 17 a trigger may fire when somebody connects.
std::string version_settings(const std::string& bin) {
  constexpr int k_login_triggers_since = 17;
  const std::string version_folder = bin.substr(0, bin.rfind('/'));
  const int version = std::atoi(version_folder.substr(version_folder.rfind('/') + 1).c_str());
  return version >= k_login_triggers_since ? "event_triggers = off\n" : "";
}

base::Status write_own_files(ScratchCopy& copy, const std::string& bin, const UnitView& view, const std::string& folder,
                             const ScratchServerOptions& options, FirstGuest guest) {
  LG_TRY(copy.tree.make_folder("own"));
  const std::string configuration = std::string(own_configuration()) + "log_timezone = 'UTC'\nhuge_pages = off\n" +
                                    zone_setting(view, folder, options.zone) + version_settings(bin) +
                                    (options.logs != nullptr ? recovery_settings(options) : std::string{});
  LG_TRY(copy.tree.write_file("own/postgresql.conf", base::ByteView(std::string_view(configuration))));
  LG_TRY(copy.tree.write_file(
      "own/hba.conf", base::ByteView(guest == FirstGuest::anybody ? std::string_view("local all all trust\n")
                                                                  : std::string_view("local all all reject\n"))));
  return copy.tree.write_file("own/ident.conf", base::ByteView(std::string_view()));
}

/// 0: pg_control does not say.
std::uint64_t system_id_of(const UnitView& view, const std::string& folder) {
  const std::optional<ControlFile> control = read_control(view, folder);
  return control ? control->system_id : 0;
}

/// Of saved logs that left the copy's history before the copy was made, the server says so in words of its own.
base::Error with_branch(base::Error error) {
  using namespace std::string_view_literals;
  constexpr std::array k_words = {"is not a child of this server's history"sv,
                                  "does not contain minimum recovery point"sv};
  const bool is_branch = std::any_of(k_words.begin(), k_words.end(), [&](std::string_view words) {
    return error.hint.find(words) != std::string::npos;
  });
  if (!is_branch || error.code != base::ErrorCode::damaged_source) return error;
  error.what = "these logs are of another branch of the server's history, which began before this copy ends";
  error.hint =
      "give the logs without the .history file and segments of that branch (their names begin with its "
      "timeline), or an older copy, from before it; PostgreSQL said: " +
      error.hint.substr(error.hint.find_last_of('\n', error.hint.find_last_not_of('\n')) + 1);
  return error;
}

/// `made`: tablespaces that an earlier attempt met in the logs; one that it meets now comes to them.
base::Result<std::unique_ptr<ClusterRoom>> start_once(const UnitView& view, const std::string& folder,
                                                      const ScratchServerOptions& options, FirstGuest guest,
                                                      std::vector<MadeTablespace>& made, ScratchStart& start) {
  LG_ASSIGN(const std::string bin, find_programs(view, folder));
  if (!os::has_root_rights())
    return base::Error{.code = base::ErrorCode::unsupported,
                       .what = "cannot lock a database server in without root's rights",
                       .hint = "run this step as root: the server itself will run as nobody"};
  LG_TRY(check_transaction_status(view, folder));
  LG_ASSIGN(ScratchCopy copy,
            make_scratch_copy(view, folder, options,
                              {.is_wanted = is_cluster_data, .empty_folders = empty_cluster_folders()}, start));
  LG_ASSIGN(const std::vector<std::string> tablespaces, copy_tablespaces(view, folder, copy.tree));
  LG_TRY(write_own_files(copy, bin, view, folder, options, guest));
  start.way_taken = copy.way;

  os::RoomPlan plan = room_plan(bin);
  plan.stand_ins = {{"/bin/false", "/bin/sh"}};
  for (const MadeTablespace& one : made) {
    LG_TRY(copy.tree.make_folder("tablespaces/" + one.number));
    plan.links.emplace_back(one.place, "/room/tablespaces/" + one.number);
  }
  const auto settle = [&](os::ScratchTree& data) -> base::Status {
    for (const std::string& name : tablespaces)
      LG_TRY(data.make_link_inside("pg_tblspc/" + name, "/room/tablespaces/" + name));
    LG_TRY(copy_linked_log(view, folder, data, "pg_wal"));
    LG_TRY(data.write_file("postgresql.auto.conf", base::ByteView(std::string_view())));
    if (options.logs == nullptr) return base::Done{};
    LG_TRY(put_archive(*options.logs, system_id_of(view, folder), options.parent, data, start));
    return data.write_file("recovery.signal", base::ByteView(std::string_view()));
  };
  LG_ASSIGN(os::LockedRoom room, make_room(copy, plan, settle));
  auto cluster = std::make_unique<ClusterRoom>(
      ClusterRoom{.copy = std::move(copy), .room = std::move(room), .socket_folder = {}, .user = {}, .made = made});
  cluster->socket_folder = cluster->room.path_of("/room/own");
  const std::vector<std::string> users =
      guest == FirstGuest::anybody ? first_superusers(view, folder) : std::vector<std::string>{"nobody"};
  LG_TRY(cluster->room.start());
  const base::Status ready = wait_until_ready(*cluster, users, guest, options);
  if (!ready.ok()) {
    if (auto next = find_made_tablespace(cluster->room.last_words(std::size_t{64} << 10U), plan.programs))
      made.push_back(std::move(*next));
  }
  if (!ready.ok()) return with_unread(options.logs != nullptr ? with_branch(ready.error()) : ready.error(), start);
  cluster->last_record = note_replay(cluster->room, start);
  for (const MadeTablespace& one : made)
    start.left_out.push_back(fmt::format("pg_tblspc/{}: the link to '{}' (the logs make it; its files are in the copy)",
                                         one.number, base::printable(one.place)));
  if (options.logs == nullptr) return cluster;
  LG_TRY(note_log_use({.archive = *options.logs,
                       .copy = view,
                       .folder = folder,
                       .spill_folder = options.parent,
                       .last_record = cluster->last_record},
                      start));
  if (options.replay_until_ns) start.logs_end_early.clear();  // it says itself where it does not come so far
  return cluster;
}

}  // namespace

base::Result<std::unique_ptr<ClusterRoom>> start_cluster(const UnitView& view, const std::string& folder,
                                                         const ScratchServerOptions& options, FirstGuest guest,
                                                         ScratchStart& start) {
  constexpr std::size_t k_made_max = 64;
  ScratchServerOptions wanted = options;
  std::vector<MadeTablespace> made;
  while (true) {
    ScratchStart attempt = start;
    const std::size_t known = made.size();
    auto cluster = start_once(view, folder, wanted, guest, made, attempt);
    const bool is_new = made.size() > known && made.size() <= k_made_max;
    // The log ends before that moment: then all of it is replayed.
    const bool is_short =
        !cluster.ok() && wanted.replay_until_ns &&
        cluster.error().hint.find("before configured recovery target was reached") != std::string::npos;
    if (cluster.ok() || (!is_new && !is_short)) {
      start = std::move(attempt);
      return cluster;
    }
    if (is_short) wanted.replay_until_ns.reset();
  }
}

}  // namespace lastgood::engines::postgresql
