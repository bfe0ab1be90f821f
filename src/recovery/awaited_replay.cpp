// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/awaited_replay.h"

#include <algorithm>
#include <string_view>
#include <variant>

#include <fmt/format.h>

#include "base/error.h"
#include "ledger/read_ledger.h"

namespace lastgood::recovery {

namespace {

struct Awaited {
  AwaitedReplay replay;
  std::string plan;
  std::string target;
};

std::vector<std::string> texts_in(const ledger::Entry& entry, const std::string& name) {
  const auto at = entry.fields.find(name);
  const auto* list = at == entry.fields.end() ? nullptr : std::get_if<std::vector<std::string>>(&at->second);
  return list == nullptr ? std::vector<std::string>{} : *list;
}

/// What one entry changes in the list.
void take(const ledger::Entry& entry, std::vector<Awaited>& awaited) {
  const auto text = [&](std::string_view name) { return ledger::text_in(entry.fields, name); };
  if (entry.kind == "restore-begun" && text("mode") == "in-place") {
    const std::string target = text("target");
    for (const std::string& path : texts_in(entry, "to_replay")) {
      const std::string folder = (target == "/" ? std::string() : target) + path;
      std::erase_if(awaited, [&](const Awaited& one) { return one.replay.folder == folder; });
      awaited.push_back({.replay = {.path = path, .folder = folder}, .plan = text("plan_sha256"), .target = target});
    }
  }
  if (entry.kind == "restore-replayed" && text("outcome") != "failed")
    std::erase_if(awaited,
                  [&](const Awaited& one) { return one.plan == text("plan_sha256") && one.target == text("target"); });
  if (entry.kind == "replay-made" || entry.kind == "replay-done")
    std::erase_if(awaited, [&](const Awaited& one) { return one.replay.folder == text("folder"); });
}

}  // namespace

base::Result<std::vector<AwaitedReplay>> find_awaited_replays(const std::string& case_folder) {
  std::vector<Awaited> awaited;
  LG_ASSIGN(
      [[maybe_unused]] const ledger::ReadLedger read,
      ledger::read_ledger(case_folder + "/ledger", {},
                          [&](const ledger::Entry& entry, std::string_view, std::uint64_t) { take(entry, awaited); }));
  std::vector<AwaitedReplay> out;
  for (Awaited& one : awaited) out.push_back(std::move(one.replay));
  return out;
}

std::string describe_awaited(const std::string& service, const std::string& folder, const std::string& logs) {
  std::string out = fmt::format(
      "the restore that brings it back has not replayed its saved logs (it was stopped, or could not): what was "
      "committed after the backup is not in it yet. The same restore command again goes on ('lastgood restore "
      "--service {} --in-place'; with --no-replay it leaves the logs out)",
      service);
  if (!logs.empty())
    out += fmt::format(
        "; where the disk that has them was away, 'lastgood replay {} --logs-in-backups {}' brings them in once it is "
        "there",
        base::printable(folder), base::printable(logs));
  return out;
}

}  // namespace lastgood::recovery
