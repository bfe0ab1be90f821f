// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The ledger of a case: what was read, decided and changed, in a record that shows whether it was touched (format.md).
//
//   open or create, then `append` before each effect: an entry is on disk before what it speaks of begins.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ledger/chain.h"
#include "ledger/entry.h"
#include "os/append_file.h"
#include "os/clock.h"

namespace lastgood::ledger {

/// Number and hash of the newest entry. Printed wherever it may serve later as an Anchor.
struct Head {
  std::uint64_t sequence = 0;
  std::string sha256;
};

/// One thread at a time. Any number of processes: they take turns, and each checks what the others appended.
class Ledger {
 public:
  /// For tests, which bring their own file and clock. REQUIRES: `clock` outlives the ledger.
  Ledger(std::unique_ptr<os::AppendFile> file, std::string path, Actor actor, const os::Clock& clock);

  /// Returns when the entry is on disk, with its number and hash. Texts that are not UTF-8 are written readably, and
  /// exactly under NAME_b64; integers beyond 2^53 as text. A torn end is repaired first, by an entry of its own.
  /// After an error the entry may or may not be there, and this Ledger appends no more: open it anew.
  /// REQUIRES: `kind` and the names in `fields` are spelled as format.md says.
  [[nodiscard]] base::Result<Head> append(std::string_view kind, const Fields& fields);

  /// As of the last append or opening.
  [[nodiscard]] const ChainState& state() const { return chain_.state(); }

  /// Checks the whole file; ErrorCode::damaged_container with the first break. Called by open_ledger.
  [[nodiscard]] base::Status check();
  /// Writes the first entry with a new random case id. Called by create_ledger.
  [[nodiscard]] base::Status begin();

 private:
  base::Status catch_up();
  base::Result<Head> append_locked(std::string_view kind, const Fields& fields);

  std::unique_ptr<os::AppendFile> file_;
  std::string path_;
  Actor actor_;
  const os::Clock* clock_;
  Chain chain_;
  bool uncertain_ = false;  // a write or a sync failed: what is on disk is known after opening anew
};

/// This process on this machine.
Actor current_actor();

/// Makes `DIR/ledger` with its first entry. ErrorCode::misuse when there is one already.
[[nodiscard]] base::Result<std::unique_ptr<Ledger>> create_ledger(const std::string& case_folder);
/// Opens `DIR/ledger` and checks all of it. A broken one is not opened: nothing more can be proved by it.
[[nodiscard]] base::Result<std::unique_ptr<Ledger>> open_ledger(const std::string& case_folder);

/// Checks a ledger without writing; needs no case around it. What is wrong is in ChainState::broken; an Error means
/// that the file could not be read. Beside a process that is just appending, a torn end may show that is none.
[[nodiscard]] base::Result<ChainState> verify_ledger(const std::string& path, std::span<const Anchor> anchors = {});

}  // namespace lastgood::ledger
