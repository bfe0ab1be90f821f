// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Sheets from the newest copy that answers: for each data unit of a services file its own engine is started once on a
// throw-away copy, all its sheets are asked, and what one copy cannot answer is asked of the next older one. A sheet
// that nothing answers is a page that says why. Nothing stops the others, and nothing keeps them waiting: several units
// are asked at a time, and an engine that hangs is given up.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "engines/scratch_server.h"
#include "ledger/ledger.h"
#include "os/clock.h"
#include "recovery/unit_copies.h"
#include "services/services_file.h"
#include "sheets/prepared_sheet.h"
#include "sheets/run_folder.h"

namespace lastgood::sheets {

using OpenServer = std::function<base::Result<std::unique_ptr<engines::ScratchServer>>(
    const engines::UnitView& view, const engines::FoundUnit& unit, const engines::ScratchServerOptions& options)>;

/// A data unit that a restore of the case has put back in its place.
struct RestoredUnit {
  std::string root;                    // below which it lies at its path; empty: this machine
  std::int64_t ended_ns = 0;           // when that restore had ended
  std::int64_t as_of_ns = 0;           // the last commit that its replay brought in; 0: none was, or it is not known
  bool is_as_made = false;             // no server has worked on what that replay made
  std::uint64_t next_transaction = 0;  // engines::LastWork of what it made
  std::string lacks;                   // recovery::describe_lacks of that replay
  enum class Replay : std::uint8_t { known, none } replay = Replay::none;  // of its saved logs, since it was restored
};

struct MakeOptions {
  std::string to;        // the runs' folder
  std::string service;   // its id, with all it waits for left out; empty: all
  std::string audience;  // a ward, clinic or desk, or what a sheet is `for`; empty: all
  std::string scratch;   // copies are made below it
  enum class SmallCopies : std::uint8_t { below_scratch, in_memory } small_copies = SmallCopies::below_scratch;
  std::string zone;          // "+05:30"
  std::string damaged_root;  // the server's own files are looked at first, below this folder ("/": this machine);
                             // empty: only copies
  std::map<std::string, RestoredUnit> restored;  // by path; as they stand there now they are asked before any copy
  Forms forms;
  WhenFull when_full = WhenFull::leave_out;
  os::Readers readers;      // besides the owner
  int start_limit_s = 600;  // for an engine that is at work; one that hangs is given up sooner
  OpenServer open_server;   // engines::open_scratch_server, or a test's own
};

/// What was done with one sheet.
struct MadeSheet {
  std::string id;
  std::string title;
  std::uint64_t rows = 0;
  std::size_t packets = 0;
  std::int64_t data_as_of_ns = 0;
  std::string source;
  bool stale = false;
  std::string could_not;           // empty: it was made; also why it has no room where it should be
  bool is_stand_in = false;        // what would have come first, newer or kept apart, did not answer
  bool lacks_logs = false;         // later commits were saved, or may have been, and are not in it
  bool is_from_attached = false;   // from a backup that the attacker could reach
  std::vector<std::string> notes;  // what older copy was taken and why, what is missing
  double at_s = 0;                 // since the beginning
};

/// Told of what happens, by one thread at a time; `cancelled` is asked between sheets and while an engine starts, by
/// any.
class MakeWatcher {
 public:
  virtual ~MakeWatcher() = default;
  virtual void on_copy(const std::string& unit, const std::string& source) = 0;
  /// About once a second while its engine starts.
  virtual void on_wait(const std::string& unit, const engines::StartWait& wait) = 0;
  virtual void on_start(const std::string& unit, const engines::ScratchStart& start) = 0;
  virtual void on_sheet(const MadeSheet& sheet, const std::string& folder) = 0;
  [[nodiscard]] virtual bool cancelled() const = 0;
};

struct MadeRun {
  std::string path;
  std::vector<MadeSheet> sheets;  // in the order of the services file, whichever was there first
  std::size_t files = 0;
  double seconds = 0;
  std::vector<std::string> packets_without_room;  // "ward W-5: no space left ..."
  std::size_t given_up = 0;                       // older runs, for room
};

/// The case whose backups are used. `ledger` gets an entry before the first copy is read and one at the end.
struct CaseOfSheets {
  std::string folder;
  casefile::CaseStore& store;
  ledger::Ledger& ledger;
  recovery::PasswordPrompt& prompt;
  std::mutex taking_turns = {};  // held by whoever asks the store or a person
};

/// ErrorCode::not_found: the file has no sheet that was asked for. Errors of the target (gone, or full before
/// any sheet was on it) end the run, and the run before stays the current one. A sheet or packet without room costs no
/// other one.
[[nodiscard]] base::Result<MadeRun> make_sheets(const services::ServicesFile& file, CaseOfSheets& of,
                                                const MakeOptions& options, const os::Clock& clock,
                                                MakeWatcher& watcher);

}  // namespace lastgood::sheets
