// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/restore_rate.h"

#include <map>

#include <fmt/format.h>

#include "base/human.h"
#include "base/rfc3339.h"
#include "ledger/read_ledger.h"

namespace lastgood::recovery {

namespace {

constexpr std::int64_t k_bytes_min = 64'000'000;

template <typename Value>
Value field_of(const ledger::Entry& entry, std::string_view name) {
  const auto at = entry.fields.find(name);
  if (at == entry.fields.end()) return {};
  const auto* value = std::get_if<Value>(&at->second);
  return value == nullptr ? Value{} : *value;
}

struct Measured {
  std::map<std::string, std::int64_t> begun_ns;  // by journal
  std::int64_t bytes = 0;
  double seconds = 0;
  unsigned restores = 0;

  void see(const ledger::Entry& entry) {
    const std::string journal = field_of<std::string>(entry, "journal");
    const std::int64_t time_ns = base::parse_rfc3339(entry.time).value_or(0);
    if (entry.kind == "restore-begun") begun_ns[journal] = time_ns;
    if (entry.kind == "restore-resumed") begun_ns.erase(journal);  // what came before is in its bytes, too
    const auto at = begun_ns.find(journal);
    if (entry.kind != "restore-finished" || at == begun_ns.end()) return;
    const double took_s = static_cast<double>(time_ns - at->second) / 1e9;
    const std::int64_t these = field_of<std::int64_t>(entry, "bytes");
    const bool counts = field_of<std::string>(entry, "outcome") == "finished" && these >= k_bytes_min && took_s > 0 &&
                        field_of<std::int64_t>(entry, "shared_bytes") == 0;
    begun_ns.erase(at);
    if (!counts) return;
    bytes += these;
    seconds += took_s;
    ++restores;
  }
};

}  // namespace

base::Result<RestoreRate> measure_restore_rate(const std::string& case_folder) {
  Measured measured;
  LG_ASSIGN(
      [[maybe_unused]] const ledger::ReadLedger read,
      ledger::read_ledger(case_folder + "/ledger", {},
                          [&](const ledger::Entry& entry, std::string_view, std::uint64_t) { measured.see(entry); }));
  RestoreRate rate;
  if (measured.restores == 0) return rate;
  rate.bytes_per_s = static_cast<double>(measured.bytes) / measured.seconds;
  rate.basis =
      fmt::format("{}/s, measured in this case over {} restore{} of {}",
                  base::human_bytes(static_cast<std::uint64_t>(rate.bytes_per_s)), measured.restores,
                  measured.restores == 1 ? "" : "s", base::human_bytes(static_cast<std::uint64_t>(measured.bytes)));
  return rate;
}

}  // namespace lastgood::recovery
