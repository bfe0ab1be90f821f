// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Checks a ledger entry by entry (format.md, "Checking"). Used by whoever verifies and by whoever appends. Pure: the
// bytes come through a ByteSource.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.h"
#include "base/result.h"
#include "ledger/entry.h"

namespace lastgood::ledger {

inline constexpr std::uint64_t k_torn_bytes_max = 16'777'216;

/// Number and hash of one entry, noted outside the ledger.
struct Anchor {
  std::uint64_t sequence = 0;
  std::string sha256;  // 64 lower-case hex digits
};

enum class BreakReason : std::uint8_t {
  digest,
  spelling,
  sequence,
  previous,
  first,
  version,
  unrepaired,
  repair,
  limit,
  anchor
};

/// The first thing in a ledger that does not hold. Nothing after it is judged.
struct Break {
  BreakReason reason = BreakReason::digest;
  std::uint64_t entry = 0;         // the number that was due there
  std::uint64_t offset_bytes = 0;  // where its line begins
  bool operator==(const Break&) const = default;
};

/// Bytes at the end that a crash or a full disk left; the next append names them in a `ledger-repaired` entry.
struct TornEnd {
  std::uint64_t offset_bytes = 0;
  std::uint64_t size_bytes = 0;
  std::string sha256;
  bool operator==(const TornEnd&) const = default;
};

struct ChainState {
  std::uint64_t entries = 0;    // that hold
  std::uint64_t end_bytes = 0;  // behind the last of them, its LF included
  std::string head_sha256;      // of the last of them; 64 zeros before the first
  std::string head_time;
  std::string case_id;                // from the first entry
  std::uint64_t repairs = 0;          // torn regions that were named afterwards
  std::uint64_t times_backwards = 0;  // entries with a time before that of the entry before; not a break
  std::uint64_t first_backwards = 0;  // number of the first of them
  bool newline_missing = false;       // the last entry is whole but for its LF
  std::optional<TornEnd> torn_end;
  std::optional<Break> broken;
};

/// Called for each entry that holds, in order, with its line (without LF) and where that begins.
using EntryVisitor = std::function<void(const Entry& entry, std::string_view line, std::uint64_t offset_bytes)>;

class Chain {
 public:
  Chain();
  explicit Chain(std::vector<Anchor> anchors, EntryVisitor visitor = {});

  /// Checks on from the last entry that held to the source's present end. Memory: one line. An Error only when the
  /// source cannot be read; what is wrong with the ledger is in `state()`.
  [[nodiscard]] base::Status read_on(base::ByteSource& source);
  /// Says with a `Break` when an anchor lies behind the last entry. REQUIRES: read_on came to the end.
  void check_anchors_reached();
  [[nodiscard]] const ChainState& state() const { return state_; }

 private:
  struct TornRegion;
  void check_line(std::string_view line, std::uint64_t offset_bytes, TornRegion& torn);
  std::optional<BreakReason> judge(const Entry& entry) const;
  void accept(const Entry& entry);
  void check_end(std::string_view rest, std::uint64_t offset_bytes, TornRegion& torn);
  void break_at(BreakReason reason, std::uint64_t offset_bytes);

  ChainState state_;
  std::vector<Anchor> anchors_;
  EntryVisitor visitor_;
};

/// The fields of a `ledger-repaired` name this region.
bool names_region(const Fields& fields, const TornEnd& region);

std::string_view name_of(BreakReason reason);
/// "the hash does not fit the line"
std::string_view sentence_for(BreakReason reason);

}  // namespace lastgood::ledger
