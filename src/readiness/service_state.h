// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// How each service stands: what runs, and of the rest when it can be back, as of when, from which copy.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "readiness/ask_health.h"
#include "recovery/restore_rate.h"
#include "services/check_record.h"
#include "services/services_file.h"

namespace lastgood::readiness {

enum class ServiceState : std::uint8_t {
  up,          // asked, and well
  degraded,    // asked and well, but something it waits for is not up, or files of its data are encrypted
  stopped,     // to start it is enough: its data were restored and lie in place (it is not known to be up), or it has
               // none of its own (it was asked, and is not well)
  restorable,  // not up; all its data, or those of what it waits for, have a copy that works
  down,        // not up, and something it needs has no copy that is known to work
  unknown,     // cannot be asked, and nothing is known of its data
};
std::string_view name_of(ServiceState state);

/// What is known of the copies of one data unit.
struct DataState {
  std::string name;
  std::string kind;
  std::string path;
  enum class Known : std::uint8_t {
    tested,       // the newest restore test passed
    judged,       // judging found a usable copy; nothing was started yet
    none,         // no usable copy
    regenerated,  // needs none
    not_known,    // neither judged nor tested
  } known = Known::not_known;
  std::string source;
  std::string snapshot;
  std::int64_t data_as_of_ns = 0;
  std::uint64_t bytes = 0;
  std::int64_t tested_ns = 0;    // when the restore test was
  std::uint64_t hit = 0;         // encrypted files of it in the newest scan of a live tree, without those
  std::uint64_t replaced = 0;    // that a restore which was begun after it has exchanged or moved away
  std::int64_t restored_ns = 0;  // when that restore ended
  /// Of a regenerable database: files that the newest scan could not judge and that stand there as it saw them.
  std::uint64_t doubtful = 0;
  std::set<std::string> struck_elsewhere;  // folders that links of a PostgreSQL lead to, with encrypted files of it
  // `unstruck`: it lies there, and the newest scan of it saw nothing encrypted. `unclear`: nor could it say that the
  // file of an SQLite database is sound.
  enum class Scanned : std::uint8_t { no, unstruck, unclear } scanned = Scanned::no;
  std::int64_t in_place_ns = 0;    // when a restore ended that put these data where they belong, and no scan has seen
                                   // anything of them struck since; of what is regenerable and not struck: when its
                                   // service's ended; 0: none has
  std::uint32_t refused_mode = 0;  // of its folder, where its server does not start on one that has it; 0: it does
  std::string root_owned_for;  // its folder belongs to root, and its server runs as this account; empty: it does not
  // Of a database that a restore brought. awaited: the restore was stopped before it replayed its saved logs, and
  // `in_place_ns` is 0. not_known: no replay of its saved logs is known since. none: it has none, or they were
  // replayed.
  enum class Replay : std::uint8_t { none, awaited, not_known } replay = Replay::none;
  std::string saved_logs;           // of not_known and awaited: where they lie in the backups
  std::string lacks;                // recovery::describe_lacks of the replay, while no server has worked on it since
  std::string server_logs;          // where the server's own logs lie that go on behind data_as_of_ns and were not
  std::int64_t server_logs_ns = 0;  // replayed since the restore, and when the newest was changed; 0: there are none
  std::string own_log;              // of a struck PostgreSQL that a restore put aside: its log, which was not replayed
  std::int64_t own_log_ns = 0;      // since, and when the newest segment of it was changed; 0: there is none
  std::string own_log_behind;       // the saved logs that it goes on behind; empty: none
  std::string own_log_base;         // the database as it was restored, where a server has worked on it since; or empty
  std::string fault_in_place;       // recovery::find_fault_in_place, of what no scan saw anything of struck
  std::string sentence;
  std::string agreement;  // whether the sources agree on its last commit; empty: there is one only
  /// `data_as_of_ns` is of the copy alone: how far its saved logs go on from there nobody has looked.
  enum class Logs : std::uint8_t { none_or_read, unread } logs = Logs::none_or_read;
};

struct ServiceStanding {
  const services::Service* service = nullptr;
  ServiceState state = ServiceState::unknown;
  HealthAnswer health;
  std::vector<DataState> data;
  std::vector<std::string> waits_for;  // services it needs that are not up
  /// Of its databases and other sets, or of its files where it has none, and of what it waits for the oldest; 0: not
  /// known.
  std::int64_t data_as_of_ns = 0;
  DataState::Logs logs = DataState::Logs::none_or_read;  // unread: `data_as_of_ns` may be later, of its own data
  std::int64_t files_as_of_ns = 0;     // of folders of files beside its databases, where they are older
  std::uint64_t bytes = 0;             // of its own data that have to come back
  double ready_s = 0;                  // from now on, with all that comes before it; 0: nothing to copy
  std::vector<std::string> sentences;  // why
};

/// What deciding goes by; gathered by gather_standings.
struct StandingInput {
  std::vector<const services::Service*> order;              // of return
  std::map<std::string, HealthAnswer, std::less<>> health;  // by service
  std::map<std::string, std::vector<DataState>, std::less<>> data;
  recovery::RestoreRate rate;
  std::string zone;  // of the case, in which sentences say times
};

/// Pure.
[[nodiscard]] std::vector<ServiceStanding> decide_standings(const StandingInput& input);

/// That no replay of the saved logs is known, and how they are tried. REQUIRES: Replay::not_known.
[[nodiscard]] std::string describe_unreplayed(const DataState& data);

/// That what was committed later may not be there, and how it is looked for. REQUIRES: `lacks` is not empty.
[[nodiscard]] std::string describe_lacking(const DataState& data);

/// Restore tests that are kept, copies that were judged, what the scans found. Opens no source. `ask`: whether services
/// are asked as well.
enum class AskHealth : std::uint8_t { no, yes };
[[nodiscard]] base::Result<StandingInput> gather_standings(const services::ServicesFile& file,
                                                           const std::string& wanted, const std::string& case_folder,
                                                           casefile::CaseStore& store, AskHealth ask);

}  // namespace lastgood::readiness
