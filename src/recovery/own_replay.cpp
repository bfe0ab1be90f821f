// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/own_replay.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/rfc3339.h"
#include "ledger/read_ledger.h"

namespace lastgood::recovery {

namespace {

// PostgreSQL's control file is one such block; of InnoDB's log it holds the header and both places of the checkpoint.
constexpr std::uint64_t k_stand_bytes = 12288;

}  // namespace

std::string stand_of(const engines::UnitView& view, engines::UnitKind kind) {
  const auto file = view.open(kind == engines::UnitKind::postgresql ? "global/pg_control" : "ib_logfile0");
  if (!file.ok()) return {};
  std::vector<std::uint8_t> bytes(
      static_cast<std::size_t>(std::min<std::uint64_t>(k_stand_bytes, file.value()->size_bytes())));
  std::size_t have = 0;
  while (have < bytes.size()) {
    const auto got = file.value()->read(have, std::span(bytes).subspan(have));
    if (!got.ok() || got.value() == 0) return {};
    have += got.value();
  }
  return base::hex(base::ByteView(std::span<const std::uint8_t>(base::sha256(base::ByteView(bytes)))));
}

base::Result<std::int64_t> find_own_replay(const std::string& case_folder, const std::string& folder,
                                           const std::string& stand) {
  std::int64_t out = 0;
  if (case_folder.empty() || stand.empty()) return out;
  LG_ASSIGN([[maybe_unused]] const ledger::ReadLedger read,
            ledger::read_ledger(
                case_folder + "/ledger", {}, [&](const ledger::Entry& entry, std::string_view, std::uint64_t) {
                  if (entry.kind != "replay-done" || ledger::text_in(entry.fields, "folder") != folder) return;
                  const bool is_it = ledger::text_in(entry.fields, "stand") == stand;
                  out = is_it ? base::parse_rfc3339(ledger::text_in(entry.fields, "as_of_after")).value_or(0) : 0;
                }));
  return out;
}

}  // namespace lastgood::recovery
