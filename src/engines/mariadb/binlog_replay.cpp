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
#include "engines/mariadb/binlog_history.h"
#include "engines/mariadb/binlog_position.h"
#include "engines/mariadb/binlog_script.h"
#include "engines/mariadb/script_removals.h"
#include "engines/packed_log.h"
#include "engines/scratch_run.h"
#include "engines/start_watch.h"
#include "os/clock.h"

namespace lastgood::engines::mariadb {

namespace {

constexpr std::int64_t k_second_ns = 1'000'000'000;

struct LogFiles {
  std::vector<std::string> names;  // in order, from the position's on
  std::int64_t last_commit_ns = 0;
  std::int64_t latest_s = 0;
  ClockFall clock_fall;  // the last one, also between two logs
};

/// The copy, and where in the logs it stands.
struct CopyPlace {
  const UnitView& view;
  const std::string& folder;
  BinlogPosition position;
};

base::Error not_of_copy(const CopyPlace& copy, const std::string& name, const std::string& why) {
  return {
      .code = base::ErrorCode::damaged_source,
      .what = fmt::format("these logs do not go on from this copy: they are of another server, or of another branch "
                          "of its history: {}",
                          why),
      .path = name,
      .offset_bytes = {},
      .system_errno = 0,
      .hint = fmt::format("the copy stands at {} ({}): give the logs that its own server wrote from there on, or the "
                          "backup that these belong to; without logs the database is as of its backup",
                          copy.position.text(), copy.position.basis)};
}

/// The first log that is strange, after others that are not.
base::Error branches_off(const CopyPlace& copy, const BinlogHistory& strange, const std::string& name,
                         const std::string& why) {
  base::Error error = not_of_copy(copy, name, why);
  error.hint += fmt::format("; the logs before '{}' are of the copy's server, and replayed with an end at {} or before",
                            name, base::format_rfc3339((strange.begun_s - 1) * k_second_ns));
  return error;
}

/// The log in which the copy stands. False: it ends before that place, or is broken there.
base::Result<bool> check_first(const CopyPlace& copy, const BinlogHistory& log, base::ByteSource& bytes,
                               const std::string& name, ScratchStart& start) {
  LG_ASSIGN(const std::string why, find_mismatch(copy.view, copy.folder, copy.position, log, bytes, name));
  if (!why.empty()) return not_of_copy(copy, name, why);
  if (!log.has_boundary)
    start.left_out.push_back(fmt::format("log {}: it ends before {}, where the copy stands{}{}", name,
                                         copy.position.offset, log.broken.empty() ? "" : ": ", log.broken));
  return log.has_boundary;
}

/// A log that follows those of before. False: something is missing between them.
base::Result<bool> check_next(const CopyPlace& copy, const BinlogHistory& before, const std::string& before_name,
                              const BinlogHistory& log, const std::string& name, ScratchStart& start) {
  const BinlogJoint joint = join_logs(before, before_name, log, name);
  if (joint.kind == BinlogJoint::Kind::strange) return branches_off(copy, log, name, joint.why);
  if (joint.kind == BinlogJoint::Kind::gap)
    start.left_out.push_back(
        fmt::format("log {}: transactions before it are missing, replay ends there: {}", name, joint.why));
  return joint.kind == BinlogJoint::Kind::fits;
}

const UnitEntry* find_log(const std::vector<UnitEntry>& entries, const std::string& base, unsigned long number) {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const UnitEntry& entry) {
    const auto name = parse_log_name(entry.name);
    return name && name->first == base && name->second == number && entry.kind == model::EntryKind::regular;
  });
  return found == entries.end() ? nullptr : &*found;
}

/// Logs of that server behind this one.
std::size_t count_later(const std::vector<UnitEntry>& entries, const std::string& base, unsigned long number) {
  return static_cast<std::size_t>(std::count_if(entries.begin(), entries.end(), [&](const UnitEntry& entry) {
    const auto name = parse_log_name(entry.name);
    return name && name->first == base && name->second > number && entry.kind == model::EntryKind::regular;
  }));
}

void note_clock(const BinlogHistory& log, LogFiles& files) {
  if (log.clock_fall.from_s != 0)
    files.clock_fall = log.clock_fall;
  else if (log.begun_s != 0 && log.begun_s + ClockFall::k_fall_s_min < files.latest_s)
    files.clock_fall = {files.latest_s, log.begun_s};
  files.latest_s = std::max(files.latest_s, log.latest_s);
}

/// The clock of the server whose logs they are stood wrong: its times are not what they seem, and an end at a moment is
/// the first place that is later.
void say_clock(const LogFiles& files, const ScratchServerOptions& options, ScratchStart& start) {
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

struct ReadLog {
  OpenedLog opened;
  BinlogHistory history;
};

/// As far as it can be read.
base::Result<ReadLog> read_log(const UnitView& logs, const std::string& name, std::optional<std::uint64_t> from,
                               const std::string& spill_folder) {
  auto source = logs.open(name);
  auto opened = source.ok() ? open_packed_log(std::move(source).value(), spill_folder, k_log_bytes_max)
                            : base::Result<OpenedLog>(source.error());
  const bool is_gone = !opened.ok() && (was_changed_meanwhile(opened.error()) ||
                                        opened.error().code == base::ErrorCode::not_found);  // it was listed
  if (is_gone) return written_meanwhile(opened.error());
  if (!opened.ok()) return opened.error();
  auto history = read_history(*opened.value().bytes, from);
  if (!history.ok() && history.error().code != base::ErrorCode::limit_reached) {
    LG_ASSIGN(OpenedLog front, readable_front(std::move(opened).value()));
    opened = std::move(front);
    history = read_history(*opened.value().bytes, from);
  }
  if (!history.ok()) return history.error();
  return ReadLog{std::move(opened).value(), std::move(history).value()};
}

/// Not of one log: no replay goes on after it.
bool ends_all(const base::Error& error) {
  return error.code == base::ErrorCode::no_space || error.code == base::ErrorCode::busy_retry;
}

/// Copies the logs to own/logs until the first that is missing or none. An Error: they are not of this copy.
base::Result<LogFiles> take_logs(DataRoom& data, const CopyPlace& copy, const ScratchServerOptions& options,
                                 ScratchStart& start) {
  LogFiles files;
  const auto first = parse_log_name(copy.position.file);
  if (!first) return files;
  LG_TRY(data.copy.tree.make_folder("own/logs"));
  LG_ASSIGN(const std::vector<UnitEntry> entries, options.logs->list({}));
  BinlogHistory before;
  for (unsigned long number = first->second;; ++number) {
    const UnitEntry* found = find_log(entries, first->first, number);
    const auto end_early = [&](const std::string& what, std::string_view where) {
      start.logs_end_early = with_lost_commits(what, where, count_later(entries, first->first, number));
    };
    if (found == nullptr) {
      if (!files.names.empty() && count_later(entries, first->first, number) > 0)
        end_early(fmt::format("log {}.{:06} is not among them", base::printable(first->first), number), "in it");
      return files;
    }
    const std::string name(without_packing(found->name));
    const bool is_first = files.names.empty();
    auto read = read_log(*options.logs, found->name,
                         is_first ? std::optional(copy.position.offset) : std::optional<std::uint64_t>(),
                         data.copy.tree.path());
    if (!read.ok() && ends_all(read.error())) return read.error();
    if (!read.ok() || !read.value().history.is_binlog || read.value().history.is_sealed) {
      start.left_out.push_back(fmt::format("log {}: not readable as a binary log; replay ends before it{}",
                                           base::printable(found->name), read.ok() ? "" : ": " + read.error().what));
      end_early(fmt::format("log {} is not readable as a binary log", base::printable(found->name)), "in it");
      return files;
    }
    OpenedLog& opened = read.value().opened;
    BinlogHistory log = std::move(read.value().history);
    if (!is_first && options.replay_until_ns && log.begun_s * k_second_ns > *options.replay_until_ns) return files;
    LG_ASSIGN(const bool is_next, is_first ? check_first(copy, log, *opened.bytes, name, start)
                                           : check_next(copy, before, files.names.back(), log, name, start));
    if (!is_next) {
      end_early(start.left_out.back(), "in it");
      return files;
    }
    const base::Status written = data.copy.tree.write_file("own/logs/" + name, *opened.bytes);
    if (!written.ok() && was_changed_meanwhile(written.error())) return written_meanwhile(written.error());
    LG_TRY(written);
    files.names.push_back(name);
    files.last_commit_ns = std::max(files.last_commit_ns, log.last_commit_s * k_second_ns);
    note_clock(log, files);
    const std::string& broken = opened.broken.empty() ? log.broken : opened.broken;
    if (!broken.empty()) {
      start.left_out.push_back(fmt::format("log {}: {}; replay ends there", base::printable(found->name), broken));
      end_early(fmt::format("log {} is broken: {}", base::printable(found->name), broken), "behind that place");
      return files;
    }
    before = std::move(log);
  }
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

/// Time of the last commit in what mariadb-binlog wrote.
std::int64_t last_commit_ns(const os::ScratchTree& tree) {
  const std::string text = tree.read_end("own/replay.sql", std::size_t{1} << 20U);
  const std::size_t commit = text.rfind("\nCOMMIT");
  const std::size_t head = commit == std::string::npos ? commit : text.rfind(" server id ", commit);
  const std::size_t line = head == std::string::npos ? head : text.rfind("\n#", head);
  return line == std::string::npos ? 0 : parse_event_time(std::string_view(text).substr(line + 1));
}

std::string stop_time(std::int64_t until_ns) {
  std::string text = base::format_rfc3339((until_ns / k_second_ns + 1) * k_second_ns).substr(0, 19);
  text[10] = ' ';
  return text;
}

/// Reads the logs from the position on, to own/replay.sql.
base::Status write_script(const DataRoom& data, const CopyPlace& copy, const LogFiles& files,
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
base::Error refused_statement(const DataRoom& data, const CopyPlace& copy, const LogFiles& files,
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

/// A log that may have what the copy lacks, or is of another server; nothing: they are all of before the copy.
base::Result<std::optional<std::string>> find_not_older(const UnitView& logs, const BinlogPosition& position) {
  LG_ASSIGN(const std::vector<UnitEntry> entries, logs.list({}));
  const auto stands = parse_log_name(position.file);
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const UnitEntry& entry) {
    const auto name = parse_log_name(entry.name);
    if (!name || entry.kind != model::EntryKind::regular) return false;
    if (!stands || name->first != stands->first || name->second > stands->second) return true;
    const bool is_packed = without_packing(entry.name).size() != entry.name.size();
    return name->second == stands->second && (is_packed || entry.size_bytes > position.offset);
  });
  return found == entries.end() ? std::optional<std::string>() : std::optional(found->name);
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
  LG_ASSIGN(const LogFiles files, take_logs(data, copy, options, start));
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
