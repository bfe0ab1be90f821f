// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A unit's own engine, started on a throw-away copy, answering questions: how sheets are filled and persons in a data
// directory counted. What start_scratch.h says about locking in holds here too. Nothing of the copy is executed:
// configuration, signal files, hooks, triggers, plugins, events and functions in untrusted languages are left out or
// refused, and what was left out is said.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engines/log_removals.h"
#include "engines/unit.h"

namespace lastgood::engines {

/// How the copy is made. `cheapest`: shared blocks where the file system can, else an overlay for larger folders of
/// this machine in which no server works, else a copy.
enum class CopyWay : std::uint8_t { cheapest, overlay, copy };

/// Whether the unit's files were looked at whole before. Those of a struck server were not: the engine's answer may
/// have rows missing without a word where a file was damaged, so all of them are looked at before it is asked.
enum class Judged : std::uint8_t { no, yes };

/// How long an engine that starts has been waited for.
struct StartWait {
  double seconds = 0;
  double still_seconds = 0;  // for how long it has done nothing
};

/// Told about once a second by the thread that starts an engine, and asked whether to give it up; asked, too, by any
/// thread, while the engine works at a question.
class StartWatcher {
 public:
  virtual ~StartWatcher() = default;
  virtual void on_wait(const StartWait& wait) = 0;
  [[nodiscard]] virtual bool cancelled() const = 0;
};

struct ScratchServerOptions {
  std::string parent;  // the copy is made below this folder
  CopyWay copy_way = CopyWay::cheapest;
  int start_limit_s = 600;          // also for an engine that is at work
  int still_limit_s = 30;           // for one that computes, reads and writes nothing
  StartWatcher* watcher = nullptr;  // not owned, lives longer than the server; null: nobody asks
  Judged judged = Judged::no;
  /// Write-ahead log archive or binary logs to replay, as a view whose root is their folder; not owned; null: none.
  const UnitView* logs = nullptr;
  /// Replay ends before the first commit after this moment, UTC; nothing: at the last commit that can be read whole.
  std::optional<std::int64_t> replay_until_ns;
  /// Whether each answer is refused that may be of files which somebody wrote meanwhile (still_server.h). Who asks for
  /// each of thousands of tables looks through the folder once for each then.
  enum class Watch : std::uint8_t { each_answer, none } watch = Watch::each_answer;
  /// "+05:30": answers tell and take moments so; empty: as the copy's own settings say. SQLite knows no zones.
  std::string zone;
};

/// What was done to start it, for people and the ledger.
struct ScratchStart {
  std::string engine;  // "PostgreSQL 15.6"
  CopyWay way_taken = CopyWay::copy;
  std::uint64_t bytes_copied = 0;
  double seconds = 0;
  std::vector<std::string> left_out;  // "postgresql.auto.conf: archive_command", "recovery.signal", ...
  /// Code and settings in the data themselves, out of force here and still in the copy: "event trigger x in database
  /// his", "event lis.purge".
  std::vector<std::string> inside;
  std::vector<std::string> counted;   // more of it, in no case read one by one: "12 triggers, 3 rules in database his"
  std::vector<std::string> refused;   // "function public.x in plpython3u"
  std::vector<std::string> unusable;  // tables that do not answer, "public.lab: invalid page in block 0"
  /// Tables that the engine itself empties at a start after a crash or from a base backup, "public.draft (database
  /// his)". They do not answer either: what was in them nobody can tell. No fault of the copy.
  std::vector<std::string> emptied;
  std::int64_t data_as_of_ns = 0;    // last commit in what answers, UTC; 0: not known
  std::string data_as_of_basis;      // "last commit record in 000000010000000000000012", "binlog.000004:1234"
  bool is_as_of_checkpoint = false;  // as UnitReport has it
  std::uint64_t logs_used = 0;       // files of ScratchServerOptions::logs that go on from this copy
  /// Which of the logs is broken or missing although more are there, and what is lost by that; empty: all that go on
  /// from this copy were replayed, or as far as was asked for.
  std::string logs_end_early;
  /// By the logs that were replayed: of MariaDB from the start on, of PostgreSQL once its folder is kept. Nothing: not
  /// looked for.
  std::optional<LogRemovals> removals;
};

/// The way on where the disk of a copy is full while it is asked.
inline constexpr std::string_view k_more_room =
    "the disk on which the copy is worked on is full: --scratch names a folder with more room";

/// "2 tables of this copy do not answer: lis.p, lis.q; lis.p: invalid page in block 0"; empty: all do.
[[nodiscard]] std::string describe_unusable(const ScratchStart& start);
/// "unlogged: empty after a restore, as PostgreSQL does it: public.draft (database his)"; empty: no table is.
[[nodiscard]] std::string describe_emptied(const std::vector<std::string>& emptied);

struct RowLimits {
  std::uint64_t rows = 1'000'000;
  std::uint64_t bytes = std::uint64_t{1} << 30U;
  std::chrono::milliseconds statement_time{30'000};
  std::chrono::milliseconds grace{5'000};  // beyond it, for the server to say so itself
};

/// Takes an answer. Values are text as the engine writes it, absent for NULL; valid during the call.
class RowSink {
 public:
  virtual ~RowSink() = default;
  virtual void on_columns(std::span<const std::string> names) = 0;
  /// false: enough.
  virtual bool on_row(std::span<const std::optional<std::string_view>> values) = 0;
};

struct TableName {
  std::string schema;  // of PostgreSQL; of MariaDB the database; empty in SQLite
  std::string table;
  std::vector<std::string> columns;
};

/// One thread. The engine, all it started, and the copy are gone at the end of its life, also when we are killed.
class ScratchServer {
 public:
  virtual ~ScratchServer() = default;
  ScratchServer() = default;
  ScratchServer(const ScratchServer&) = delete;
  ScratchServer& operator=(const ScratchServer&) = delete;

  [[nodiscard]] virtual const ScratchStart& start() const = 0;
  /// The databases that people made, sorted. SQLite: one, "".
  [[nodiscard]] virtual base::Result<std::vector<std::string>> databases() = 0;
  [[nodiscard]] virtual base::Result<std::vector<TableName>> tables(const std::string& database) = 0;
  /// Asks one statement as an account that may only read, in a read-only transaction. ErrorCode::limit_reached: too
  /// many rows or bytes, or too slow (what came before was given to the sink). ErrorCode::misuse: the statement writes,
  /// is more than one, or is wrong. ErrorCode::damaged_source: the data under it is broken; other tables may still
  /// answer. ErrorCode::no_space: a file that is opened for the question is copied first, and that has no room.
  /// ErrorCode::busy_retry, also of the two above: the engine hung and was ended; on a new start it may answer.
  /// ErrorCode::cancelled: by the watcher, in the middle of the question.
  [[nodiscard]] virtual base::Status ask(const std::string& database, const std::string& sql, const RowLimits& limits,
                                         RowSink& sink) = 0;
  /// Ends the engine in good order and leaves the folder, for a restore that was brought forward by its logs.
  /// The path is below `parent` and the caller's from then on; ask() may not be called any more. What of the logs did
  /// not go into that folder is in start().left_out then.
  [[nodiscard]] virtual base::Result<std::string> keep_folder() = 0;
  /// It looked at files where they lie (CopyWay::overlay), and somebody wrote there since: ErrorCode::busy_retry from
  /// then on. What lies there now is another copy than the one that was opened.
  [[nodiscard]] virtual bool was_written() const { return false; }
};

/// PostgreSQL, MariaDB, SQLite, and Orthanc's index. ErrorCode::unsupported with a clear sentence: the right engine or
/// version is not installed, or it cannot be locked in. ErrorCode::damaged_source: it does not start on this copy; what
/// it said last is the hint. ErrorCode::limit_reached: it hangs, or was not ready in time. ErrorCode::no_space: the
/// disk of the copy is full. ErrorCode::cancelled: by the watcher.
[[nodiscard]] base::Result<std::unique_ptr<ScratchServer>> open_scratch_server(const UnitView& view,
                                                                               const FoundUnit& unit,
                                                                               const ScratchServerOptions& options);

}  // namespace lastgood::engines
