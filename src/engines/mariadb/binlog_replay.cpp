// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/binlog_replay.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/human.h"
#include "base/rfc3339.h"
#include "engines/evidence_view.h"
#include "engines/log_end.h"
#include "engines/mariadb/account_statements.h"
#include "engines/mariadb/binlog_position.h"
#include "engines/mariadb/binlog_script.h"
#include "engines/mariadb/follow_binlogs.h"
#include "engines/mariadb/script_removals.h"
#include "engines/scratch_run.h"
#include "engines/start_watch.h"
#include "os/clock.h"

namespace lastgood::engines::mariadb {

namespace {

constexpr std::int64_t k_second_ns = 1'000'000'000;

/// The clock of the server whose logs they are stood wrong: its times are not what they seem, and an end at a moment is
/// the first place that is later.
void say_clock(const FollowedLogs& files, const ScratchServerOptions& options, ScratchStart& start) {
  const ClockFall& fall = files.clock_fall;
  if (fall.from_s == 0) return;
  const std::string what =
      fmt::format("the times in these logs go back from {} to {}: the server's clock was changed",
                  base::utc_time(fall.from_s * k_second_ns), base::utc_time(fall.to_s * k_second_ns));
  start.left_out.push_back(what);
  if (options.replay_until_ns && *options.replay_until_ns < fall.from_s * k_second_ns &&
      *options.replay_until_ns >= fall.to_s * k_second_ns)
    start.logs_end_early = what +
                           "; the replay ended at the first later time, and what came behind it is not there, also "
                           "where its time is before the one that was asked for";
}

/// Copies the logs to own/logs until the first that is missing or none. An Error: they are not of this copy.
base::Result<FollowedLogs> take_logs(DataRoom& data, const CopyPlace& copy, const ScratchServerOptions& options,
                                     ScratchStart& start) {
  const auto take = [&](const std::string& name, base::ByteSource& bytes) {
    const base::Status written = data.copy.tree.write_file("own/logs/" + name, bytes);
    return !written.ok() && was_changed_meanwhile(written.error()) ? written_meanwhile(written.error()) : written;
  };
  if (parse_log_name(copy.position.file)) LG_TRY(data.copy.tree.make_folder("own/logs"));
  LG_ASSIGN(FollowedLogs files, follow_binlogs(copy, *options.logs, data.copy.tree.path(),
                                               {.until_ns = options.replay_until_ns, .take = take}));
  start.left_out.insert(start.left_out.end(), files.left_out.begin(), files.left_out.end());
  if (!files.ends_early.empty()) start.logs_end_early = files.ends_early;
  return files;
}

os::RoomPlan tool_plan(std::vector<std::string> command) {
  os::RoomPlan plan;
  plan.programs = maria_programs();
  plan.stand_ins = {{"/bin/false", "/bin/sh"}};
  plan.environment = {"PATH=/nowhere", "LC_ALL=C.UTF-8", "HOME=/room/own", "TMPDIR=/room/own/tmp", "TZ=UTC"};
  plan.command = std::move(command);
  return plan;
}

/// Runs a tool beside the server, in a room of its own over the same tree.
base::Result<int> run_tool(const DataRoom& data, os::RoomPlan plan, const ScratchServerOptions& options,
                           std::string& last_words) {
  plan.tree = data.copy.tree.path();
  LG_ASSIGN(os::LockedRoom room, os::LockedRoom::make(plan));
  LG_TRY(room.start());
  const base::Result<int> code = wait_watched("replaying the binary logs", room, &*data.room, options);
  last_words = room.last_words(600);
  return code;
}

/// The comment that `at` stands in.
std::string_view comment_at(std::string_view text, std::size_t at) {
  const std::size_t before = text.rfind('\n', at);
  const std::size_t from = before == std::string_view::npos ? 0 : before + 1;
  return text.substr(from, text.find('\n', at) - from);
}

/// Of the last statement behind `from` that commits by itself; 0: there is none. "... GTID 0-1-5 ddl", then its own
/// comment.
std::int64_t last_definition_ns(std::string_view text, std::size_t from) {
  constexpr std::string_view k_gtid = "\tGTID ";
  for (std::size_t at = text.rfind(k_gtid); at != std::string_view::npos && at >= from && at > 0;
       at = text.rfind(k_gtid, at - 1)) {
    const std::string_view head = comment_at(text, at);
    const std::size_t query = text.find("\tQuery\t", at);
    if (parse_event_time(head) != 0 && head.find(" ddl") != std::string_view::npos && query != std::string_view::npos)
      return parse_event_time(comment_at(text, query));
  }
  return 0;
}

/// Time of the last commit in what mariadb-binlog wrote.
std::int64_t last_commit_ns(const os::ScratchTree& tree) {
  const std::string text = tree.read_end("own/replay.sql", std::size_t{1} << 20U);
  const std::size_t commit = text.rfind("\nCOMMIT");
  if (const std::int64_t later_ns = last_definition_ns(text, commit == std::string::npos ? 0 : commit); later_ns != 0)
    return later_ns;
  const std::size_t head = commit == std::string::npos ? commit : text.rfind(" server id ", commit);
  return head == std::string::npos ? 0 : parse_event_time(comment_at(text, head));
}

std::string stop_time(std::int64_t until_ns) {
  std::string text = base::format_rfc3339((until_ns / k_second_ns + 1) * k_second_ns).substr(0, 19);
  text[10] = ' ';
  return text;
}

/// Reads the logs from the position on, to own/replay.sql.
base::Status write_script(const DataRoom& data, const CopyPlace& copy, const FollowedLogs& files,
                          const ScratchServerOptions& options, ScratchStart& start) {
  std::vector<std::string> command{"/usr/bin/mariadb-binlog",
                                   "--no-defaults",
                                   "--disable-log-bin",
                                   "--verify-binlog-checksum",
                                   fmt::format("--start-position={}", copy.position.offset),
                                   "--result-file=/room/own/replay.sql"};
  if (options.replay_until_ns) command.push_back("--stop-datetime=" + stop_time(*options.replay_until_ns));
  for (const std::string& name : files.names) command.push_back("/room/own/logs/" + name);
  std::string words;
  LG_ASSIGN(const int code, run_tool(data, tool_plan(std::move(command)), options, words));
  if (code == 0) return base::Done{};
  start.left_out.push_back(fmt::format("binary logs from a broken event on: {}", base::printable(words)));
  if (start.logs_end_early.empty())
    start.logs_end_early = with_lost_commits(start.left_out.back(), "behind that place", 0);
  return base::Done{};
}

/// Which script the server is given: one without what it cannot take, where there is any. What it takes away is noted.
base::Result<std::string> settle_script(DataRoom& data, ScratchStart& start) {
  LG_ASSIGN(const std::unique_ptr<UnitView> tree, open_evidence_view(data.copy.tree.path()));
  LG_ASSIGN(const std::unique_ptr<base::ByteSource> script, tree->open("own/replay.sql"));
  AccountStatements found;
  ScriptRemovals removals;
  LG_TRY(walk_script(*script, [&](const ScriptPart& part) {
    if (!note_account_statement(part, found)) removals.note(part);
  }));
  start.removals = removals.finish();
  if (found.ranges.empty()) return std::string("own/replay.sql");
  if (found.count > 0)
    start.left_out.push_back(
        fmt::format("{} of the logs about accounts, events or native functions, first a {}: all others were replayed; "
                    "'mariadb-binlog' shows them, and those that are the hospital's can be run again",
                    base::counted(found.count, "statement"), found.first));
  const std::unique_ptr<base::ByteSource> rest = without_statements(*script, std::move(found.ranges));
  LG_TRY(data.copy.tree.write_file("own/tables.sql", *rest));
  return std::string("own/tables.sql");
}

/// Files that LOAD DATA brought lie in the logs themselves, and mariadb-binlog writes them into the room: from there
/// the client, which sees no other, gives them to the server while it replays.
base::Status let_load_files(DataRoom& data, const ScratchServerOptions& options, std::string_view state) {
  StartWatch watch("MariaDB", {&*data.room}, options);
  LG_ASSIGN(MariaSession session, open_watched(data, {}, watch));
  LG_TRY(session.rows(fmt::format("SET GLOBAL local_infile = {}", state)));
  return base::Done{};
}

/// The client repeats the statement, which may be long and all digits, before it says what is wrong with it.
std::string reason_in(const std::string& words) {
  const std::size_t at = words.rfind("ERROR ");
  return base::printable(at == std::string::npos ? last_line(words) : words.substr(at, words.find('\n', at) - at));
}

/// What the server has after a refused statement is no state that the copy's own ever had.
base::Error refused_statement(const DataRoom& data, const CopyPlace& copy, const FollowedLogs& files,
                              const std::string& words) {
  std::string event;
  const auto tree = open_evidence_view(data.copy.tree.path());
  if (tree.ok()) {
    const auto script = tree.value()->open("own/replay.sql");
    const auto found = script.ok() ? find_refused_event(*script.value(), words, files.names) : script.error();
    if (found.ok()) event = found.value();
  }
  if (event.empty()) event = fmt::format("an event of {}", files.names.front());
  return {
      .code = base::ErrorCode::damaged_source,
      .what = fmt::format("MariaDB refused a statement of these logs, {}, and nothing of them was kept: {}", event,
                          reason_in(words)),
      .path = files.names.front(),
      .offset_bytes = {},
      .system_errno = 0,
      .hint = fmt::format("where this copy, which stands at {} ({}), never had what the statement is about, the logs "
                          "are of another server, or of a time after another restore; an end before that moment "
                          "replays what comes before it",
                          copy.position.text(), copy.position.basis)};
}

/// No log goes on from the copy: they are all older, or the one that is needed was lost, or they are strange.
base::Status none_follows(const ScratchServerOptions& options, const BinlogPosition& position, ScratchStart& start) {
  const std::string why = fmt::format("{}, where the copy stands, is not among them", base::printable(position.file));
  LG_ASSIGN(const std::optional<std::string> other, find_not_older(*options.logs, position));
  if (!other) {
    start.left_out.push_back("binary logs: " + why);
    return base::Done{};
  }
  return base::Error{.code = base::ErrorCode::damaged_source,
                     .what = "these logs cannot bring this copy forward: " + why,
                     .path = *other,
                     .hint = "give the logs of the server that this copy is of, from that one on"};
}

void replay_none(const std::string& why, ScratchStart& start) {
  start.left_out.push_back("binary logs: " + why);
  start.logs_end_early = "none of the binary logs was replayed: " + why;
}

}  // namespace

base::Status replay_binlogs(DataRoom& data, const UnitView& view, const std::string& folder,
                            const ScratchServerOptions& options, ScratchStart& start) {
  if (find_program({"/usr/bin/mariadb-binlog"}).empty() || find_program({"/usr/bin/mariadb"}).empty()) {
    replay_none("mariadb-client, which reads them, is not installed", start);
    return base::Done{};
  }
  std::optional<BinlogPosition> position = find_position(data.first_words, view, folder);
  if (!position) {
    LG_TRY(check_notes_still_there(view, folder));
    replay_none("the copy does not say where in them it stands", start);
    return base::Done{};
  }
  LG_ASSIGN(const bool is_settled, settle_position(*position, *options.logs, options.parent));
  if (!is_settled) {
    const std::string why =
        fmt::format("none of them ends with the shutdown before this copy, in {}", base::printable(position->file));
    LG_ASSIGN(const std::optional<std::string> other, find_not_older(*options.logs, *position));
    if (other)
      replay_none(why, start);
    else
      start.left_out.push_back("binary logs: " + why);
    return base::Done{};
  }
  const CopyPlace copy{.view = view, .folder = folder, .position = *position};
  const std::size_t said = start.left_out.size();
  LG_ASSIGN(const FollowedLogs files, take_logs(data, copy, options, start));
  start.logs_used = files.names.size();
  // Broken or missing behind the moment that was asked for.
  if (options.replay_until_ns && files.last_commit_ns > *options.replay_until_ns) start.logs_end_early.clear();
  if (files.names.empty())
    return start.left_out.size() == said ? none_follows(options, *position, start) : base::Done{};
  say_clock(files, options, start);
  LG_TRY(write_script(data, copy, files, options, start));
  os::RoomPlan replay = tool_plan({"/usr/bin/mariadb", "--no-defaults", "--socket=/room/own/s", "--user=root",
                                   "--binary-mode", "--local-infile=1"});
  LG_ASSIGN(const std::string script, settle_script(data, start));
  replay.input = "/room/" + script;
  std::string words;
  LG_TRY(let_load_files(data, options, "ON"));
  LG_ASSIGN(const int code, run_tool(data, std::move(replay), options, words));
  LG_TRY(let_load_files(data, options, "OFF"));
  if (code != 0) {
    // A statement about a table that is fenced is refused too: who asks gets what was before it.
    if (data.fenced.empty()) return refused_statement(data, copy, files, words);
    start.left_out.push_back(fmt::format("binary logs from a statement on that MariaDB refused: {}", reason_in(words)));
    start.logs_end_early = with_lost_commits(start.left_out.back(), "behind that place", 0);
  }
  const std::int64_t last = last_commit_ns(data.copy.tree);
  if (last != 0 && code == 0) {
    start.data_as_of_ns = last;
    start.data_as_of_basis = fmt::format("last commit in {}, replayed from {}:{} ({})", files.names.back(),
                                         position->file, position->offset, position->basis);
    // Two readers of the same logs: the server's tool and ours. A log has whole seconds only.
    if (!options.replay_until_ns && files.last_commit_ns != 0 && files.last_commit_ns != last)
      start.data_as_of_basis += "; by our own reading of the logs " + base::format_rfc3339(files.last_commit_ns);
    if (last > os::SystemClock().now_ns())
      start.data_as_of_basis += "; THAT IS YET TO COME: the server's clock was ahead then";
    if (options.replay_until_ns)
      start.data_as_of_basis += "; a binary log has whole seconds: all commits of the last one are in";
  }
  LG_TRY(data.copy.tree.remove("own/logs"));
  LG_TRY(data.copy.tree.remove("own/tables.sql"));
  return data.copy.tree.remove("own/replay.sql");
}

}  // namespace lastgood::engines::mariadb
