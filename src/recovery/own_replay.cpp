// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/own_replay.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/rfc3339.h"
#include "engines/evidence_view.h"
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

std::string describe_lacks(const OwnReplay& replay) {
  std::string out;
  if (!replay.logs_end_early.empty()) out = "NOT COMPLETE: " + replay.logs_end_early;
  if (!replay.logs_lacking.empty())
    out += fmt::format("{}NOT SURE to be all: later commits may be in saved logs that were not there: {}",
                       out.empty() ? "" : "; ", replay.logs_lacking);
  return out;
}

namespace {

OwnReplay replay_in(const ledger::Entry& entry) {
  const auto text = [&](std::string_view name) { return ledger::text_in(entry.fields, name); };
  OwnReplay replay{.as_of_ns = base::parse_rfc3339(text("as_of_after")).value_or(0),
                   .logs_end_early = text("logs_end_early"),
                   .logs_lacking = text("logs_lacking"),
                   .next_transaction = static_cast<std::uint64_t>(
                       std::max<std::int64_t>(0, ledger::number_in(entry.fields, "next_transaction"))),
                   .base = text("base"),
                   .base_stand = text("base_stand"),
                   .base_now = text("made")};
  if (replay.base.empty()) replay.base = text("kept_as");
  return replay;
}

/// The folder as it was restored: under its name; beside `folder`, when both were moved; or, of a replay that was
/// killed within its exchange, still under the name of what was made.
void find_base(OwnReplay& replay, const std::string& folder, engines::UnitKind kind, const std::string& stand) {
  const std::string made = std::exchange(replay.base_now, {});
  const std::string beside =
      folder.substr(0, folder.rfind('/')) + replay.base.substr(replay.base.rfind('/') + 1).insert(0, "/");
  for (const std::string& path : {replay.base, beside, made}) {
    if (path.empty() || path == folder) continue;
    const auto view = engines::open_evidence_view(path, std::string());
    if (!view.ok()) continue;
    const std::string found = stand_of(*view.value(), kind);
    const bool is_it = replay.base_stand.empty() ? !found.empty() && found != stand : found == replay.base_stand;
    if (!is_it) continue;
    replay.base_now = path;
    return;
  }
}

}  // namespace

base::Result<OwnReplays> find_own_replays(const std::string& case_folder, const std::string& folder,
                                          engines::UnitKind kind, const std::string& stand) {
  OwnReplays out;
  if (case_folder.empty()) return out;
  // "replay-made" comes before the exchange and says all; "replay-done" of an older version has to do without it.
  LG_ASSIGN([[maybe_unused]] const ledger::ReadLedger read,
            ledger::read_ledger(case_folder + "/ledger", {},
                                [&](const ledger::Entry& entry, std::string_view, std::uint64_t) {
                                  const bool is_made = entry.kind == "replay-made";
                                  if (!is_made && entry.kind != "replay-done") return;
                                  const OwnReplay replay = replay_in(entry);
                                  const auto take = [&](std::optional<OwnReplay>& into) {
                                    if (is_made || !into || into->base_stand.empty()) into = replay;
                                  };
                                  if (ledger::text_in(entry.fields, "folder") == folder) take(out.of_folder);
                                  const std::string said = ledger::text_in(entry.fields, "stand");
                                  if (!said.empty() && said == stand) take(out.standing);
                                }));
  // Restored once more, or put back by hand: what was made at this path is not what stands there.
  if (out.of_folder && !stand.empty() && out.of_folder->base_stand == stand) out.of_folder.reset();
  for (std::optional<OwnReplay>* replay : {&out.standing, &out.of_folder})
    if (*replay) find_base(**replay, folder, kind, stand);
  return out;
}

base::Result<std::optional<LastReplay>> find_last_replay(const std::string& case_folder, const std::string& folder,
                                                         engines::UnitKind kind) {
  LG_ASSIGN(const std::unique_ptr<engines::UnitView> view, engines::open_evidence_view(folder, std::string()));
  LG_ASSIGN(OwnReplays replays, find_own_replays(case_folder, folder, kind, stand_of(*view, kind)));
  using Stands = LastReplay::Stands;
  if (replays.standing) return std::optional(LastReplay{std::move(*replays.standing), Stands::as_made});
  if (replays.of_folder) return std::optional(LastReplay{std::move(*replays.of_folder), Stands::changed});
  return std::optional<LastReplay>();
}

}  // namespace lastgood::recovery
