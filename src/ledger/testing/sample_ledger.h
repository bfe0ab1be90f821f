// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Ledgers for tests: the same bytes each time, and ways to spoil them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ledger/chain.h"
#include "ledger/entry.h"

namespace lastgood::ledger::testing {

inline Entry sample_entry(std::uint64_t sequence, std::string previous) {
  Entry out{.sequence = sequence,
            .time = "2022-11-23T07:07:0" + std::to_string(sequence % 10) + ".000000000Z",
            .actor = {.host = "hims1", .login = "ravi", .program = "lastgood 0.1.0", .user = "root"},
            .kind = sequence == 1 ? std::string(k_kind_created) : "scan-begun",
            .fields = {{"root", "/srv/lab " + std::to_string(sequence)}},
            .previous = std::move(previous),
            .sha256 = {}};
  if (sequence == 1) out.fields = {{"case_id", std::string(32, 'c')}, {"format", std::int64_t{1}}};
  return out;
}

/// Lines without LF, chained.
inline std::vector<std::string> sample_lines(std::uint64_t count) {
  std::vector<std::string> out;
  std::string previous(64, '0');
  for (std::uint64_t sequence = 1; sequence <= count; ++sequence) {
    out.push_back(write_entry(sample_entry(sequence, previous)));
    previous = digest_in(out.back());
  }
  return out;
}

inline std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

/// The entry that names `torn`, which begins at `offset`.
inline std::string repair_line(std::uint64_t sequence, const std::string& previous, const std::string& torn,
                               std::size_t offset) {
  Entry entry = sample_entry(sequence, previous);
  entry.kind = k_kind_repaired;
  const base::Sha256Digest digest = base::sha256(base::ByteView(std::string_view(torn)));
  entry.fields = {{"torn_bytes", static_cast<std::int64_t>(torn.size())},
                  {"torn_offset", static_cast<std::int64_t>(offset)},
                  {"torn_sha256", base::hex(base::ByteView(std::span<const std::uint8_t>(digest)))}};
  return write_entry(entry);
}

inline ChainState check_text(const std::string& text, std::vector<Anchor> anchors = {}) {
  base::MemorySource source{base::ByteView(std::string_view(text))};
  Chain chain(std::move(anchors));
  base::ignore_error(chain.read_on(source), "memory can be read");
  chain.check_anchors_reached();
  return chain.state();
}

/// In the words of tools/check_ledger.py.
inline std::string describe(const ChainState& state) {
  if (state.broken) {
    return "broken entry=" + std::to_string(state.broken->entry) +
           " offset=" + std::to_string(state.broken->offset_bytes) +
           " reason=" + std::string(name_of(state.broken->reason));
  }
  return "ok entries=" + std::to_string(state.entries) + " repairs=" + std::to_string(state.repairs) +
         " torn=" + std::to_string(state.torn_end ? state.torn_end->size_bytes : 0) +
         " backwards=" + std::to_string(state.times_backwards) + " head=" + state.head_sha256;
}

}  // namespace lastgood::ledger::testing
