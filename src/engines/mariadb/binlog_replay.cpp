// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/binlog_replay.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/rfc3339.h"
#include "engines/mariadb/binlog.h"
#include "engines/packed_log.h"
#include "engines/scratch_run.h"
#include "engines/start_watch.h"

namespace lastgood::engines::mariadb {

namespace {

constexpr std::int64_t k_second_ns = 1'000'000'000;
constexpr std::uint64_t k_log_bytes_max = std::uint64_t{16} << 30U;

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
  return BinlogPosition{.file = name, .offset = *offset, .basis = "as InnoDB's recovery says"};
}

/// A server that was shut down in good order stands at the end of its last log.
std::optional<BinlogPosition> position_of_last_log(const UnitView& view, const std::string& folder) {
  const auto entries = view.list(folder);
  std::optional<BinlogPosition> last;
  unsigned long number = 0;
  for (const UnitEntry& entry : entries.ok() ? entries.value() : std::vector<UnitEntry>{}) {
    const auto name = parse_log_name(entry.name);
    if (!name || entry.kind != model::EntryKind::regular || name->second < number) continue;
    if (read_text(view, join(folder, entry.name), 4) !=
        "\xFE"
        "bin")
      continue;
    number = name->second;
    last = BinlogPosition{.file = entry.name, .offset = entry.size_bytes, .basis = "end of the copy's own last log"};
  }
  return last;
}

/// What mariadb-backup wrote down.
std::optional<BinlogPosition> noted_position(const UnitView& view, const std::string& folder) {
  for (const char* name : {"xtrabackup_binlog_info", "mariadb_backup_binlog_info"}) {
    std::optional<BinlogPosition> noted = parse_binlog_note(read_text(view, join(folder, name), 4096));
    if (!noted) continue;
    noted->basis = name;
    return noted;
  }
  return std::nullopt;
}

std::optional<BinlogPosition> find_position(const DataRoom& data, const UnitView& view, const std::string& folder) {
  std::optional<BinlogPosition> position = noted_position(view, folder);
  if (!position) position = position_of_recovery(data.first_words);
  return position ? position : position_of_last_log(view, folder);
}

struct LogFiles {
  std::vector<std::string> names;  // in order, from the position's on
  std::int64_t last_commit_ns = 0;
};

/// Copies the logs to own/logs until the first that is missing or none.
base::Result<LogFiles> take_logs(DataRoom& data, const UnitView& logs, const BinlogPosition& position,
                                 ScratchStart& start) {
  LogFiles files;
  const auto first = parse_log_name(position.file);
  if (!first) return files;
  LG_TRY(data.copy.tree.make_folder("own/logs"));
  LG_ASSIGN(const std::vector<UnitEntry> entries, logs.list({}));
  for (unsigned long number = first->second;; ++number) {
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const UnitEntry& entry) {
      const auto name = parse_log_name(entry.name);
      return name && name->first == first->first && name->second == number && entry.kind == model::EntryKind::regular;
    });
    if (found == entries.end()) return files;
    auto source = logs.open(found->name);
    const auto opened = source.ok() ? open_packed_log(std::move(source).value(), data.copy.tree.path(), k_log_bytes_max)
                                    : base::Result<OpenedLog>(source.error());
    if (!opened.ok() && opened.error().code == base::ErrorCode::no_space) return opened.error();
    const auto looked = opened.ok() ? read_binlog(*opened.value().bytes) : base::Result<Binlog>(opened.error());
    if (!looked.ok() || !looked.value().is_binlog || looked.value().is_sealed) {
      start.left_out.push_back(
          fmt::format("log {}: not readable as a binary log; replay ends before it", base::printable(found->name)));
      return files;
    }
    const std::string name(without_packing(found->name));
    LG_TRY(data.copy.tree.write_file("own/logs/" + name, *opened.value().bytes));
    files.names.push_back(name);
    files.last_commit_ns = std::max(files.last_commit_ns, looked.value().last_commit_s * k_second_ns);
    if (opened.value().broken.empty()) continue;
    start.left_out.push_back(
        fmt::format("log {}: {}; replay ends there", base::printable(found->name), opened.value().broken));
    return files;
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

/// Time of the last commit in what mariadb-binlog wrote: "#261126 14:00:05 server id ..." before the last COMMIT.
std::int64_t last_commit_ns(const os::ScratchTree& tree) {
  const std::string text = tree.read_end("own/replay.sql", std::size_t{1} << 20U);
  const std::size_t commit = text.rfind("\nCOMMIT");
  const std::size_t head = commit == std::string::npos ? commit : text.rfind(" server id ", commit);
  const std::size_t line = head == std::string::npos ? head : text.rfind("\n#", head);
  if (line == std::string::npos || head - line < 15) return 0;
  // yymmdd hh:mm:ss, the hour may begin with a blank.
  std::string stamp = text.substr(line + 2, 15);
  std::replace(stamp.begin() + 7, stamp.end(), ' ', '0');
  return base::parse_rfc3339(
             fmt::format("20{}-{}-{}T{}Z", stamp.substr(0, 2), stamp.substr(2, 2), stamp.substr(4, 2), stamp.substr(7)))
      .value_or(0);
}

std::string stop_time(std::int64_t until_ns) {
  std::string text = base::format_rfc3339((until_ns / k_second_ns + 1) * k_second_ns).substr(0, 19);
  text[10] = ' ';
  return text;
}

}  // namespace

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
  return position ? position : position_of_last_log(view, folder);
}

std::optional<BinlogPosition> parse_binlog_note(std::string_view text) {
  const std::size_t tab = text.find('\t');
  if (tab == std::string_view::npos || !parse_log_name(text.substr(0, tab))) return std::nullopt;
  const std::size_t end = std::min(text.find_first_of("\t\n", tab + 1), text.size());
  const auto offset = parse_number(text.substr(tab + 1, end - tab - 1));
  if (!offset) return std::nullopt;
  return BinlogPosition{.file = std::string(text.substr(0, tab)), .offset = *offset, .basis = {}};
}

base::Status replay_binlogs(DataRoom& data, const UnitView& view, const std::string& folder,
                            const ScratchServerOptions& options, ScratchStart& start) {
  if (find_program({"/usr/bin/mariadb-binlog"}).empty() || find_program({"/usr/bin/mariadb"}).empty()) {
    start.left_out.push_back("binary logs: mariadb-client, which reads them, is not installed");
    return base::Done{};
  }
  const std::optional<BinlogPosition> position = find_position(data, view, folder);
  if (!position) {
    start.left_out.push_back("binary logs: the copy does not say where in them it stands");
    return base::Done{};
  }
  LG_ASSIGN(const LogFiles files, take_logs(data, *options.logs, *position, start));
  if (files.names.empty()) {
    start.left_out.push_back(
        fmt::format("binary logs: {}, where the copy stands, is not among them", base::printable(position->file)));
    return base::Done{};
  }
  std::vector<std::string> command{"/usr/bin/mariadb-binlog",
                                   "--no-defaults",
                                   "--disable-log-bin",
                                   "--verify-binlog-checksum",
                                   fmt::format("--start-position={}", std::max<std::uint64_t>(4, position->offset)),
                                   "--result-file=/room/own/replay.sql"};
  if (options.replay_until_ns) command.push_back("--stop-datetime=" + stop_time(*options.replay_until_ns));
  for (const std::string& name : files.names) command.push_back("/room/own/logs/" + name);
  std::string words;
  LG_ASSIGN(const int read_code, run_tool(data, tool_plan(std::move(command)), options, words));
  if (read_code != 0)
    start.left_out.push_back(
        fmt::format("binary logs from a broken event on; where it is the first, they are of another "
                    "server than the copy, which stands at {}:{}: {}",
                    base::printable(position->file), position->offset, base::printable(words)));
  os::RoomPlan replay =
      tool_plan({"/usr/bin/mariadb", "--no-defaults", "--socket=/room/own/s", "--user=root", "--binary-mode"});
  replay.input = "/room/own/replay.sql";
  LG_ASSIGN(const int code, run_tool(data, std::move(replay), options, words));
  if (code != 0)
    start.left_out.push_back(
        fmt::format("binary logs from a statement on that MariaDB refused; where this copy never had what it is about, "
                    "they are of another server, or of a time after another restore: {}",
                    base::printable(words)));
  const std::int64_t last = last_commit_ns(data.copy.tree);
  if (last != 0 && code == 0) {
    start.data_as_of_ns = last;
    start.data_as_of_basis = fmt::format("last commit in {}, replayed from {}:{} ({})", files.names.back(),
                                         position->file, position->offset, position->basis);
    // Two readers of the same logs: the server's tool and ours. A log has whole seconds only.
    if (!options.replay_until_ns && files.last_commit_ns != 0 && files.last_commit_ns != last)
      start.data_as_of_basis += "; by our own reading of the logs " + base::format_rfc3339(files.last_commit_ns);
    if (options.replay_until_ns)
      start.data_as_of_basis += "; a binary log has whole seconds: all commits of the last one are in";
  }
  LG_TRY(data.copy.tree.remove("own/logs"));
  return data.copy.tree.remove("own/replay.sql");
}

}  // namespace lastgood::engines::mariadb
