// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "exports/case_times.h"

#include <algorithm>
#include <array>

#include "base/rfc3339.h"
#include "ledger/read_ledger.h"

namespace lastgood::exports {

namespace {

// Beginnings of the kinds that tell nothing new.
constexpr std::array<std::string_view, 16> k_no_news = {"export-",
                                                        "report-",
                                                        "question",
                                                        "notice",
                                                        "sheet",
                                                        "head-",
                                                        "signing-key-",
                                                        "ledger-",
                                                        "evidence-exported",
                                                        "evidence-verified",
                                                        "certificate-",
                                                        "plan-",
                                                        "restore",
                                                        "originals-",
                                                        "unit-moved-",
                                                        "kept-"};

}  // namespace

bool tells_news(std::string_view kind) {
  return std::none_of(k_no_news.begin(), k_no_news.end(),
                      [&](std::string_view beginning) { return kind.starts_with(beginning); });
}

base::Result<CaseTimes> read_case_times(const std::string& case_folder) {
  CaseTimes times;
  bool is_first = true;
  const auto see = [&](const ledger::Entry& entry, std::string_view, std::uint64_t) {
    const auto at = base::parse_rfc3339(entry.time);
    if (!at) return;
    if (is_first) times = {.created_ns = *at, .changed_ns = *at};
    is_first = false;
    if (tells_news(entry.kind)) times.changed_ns = std::max(times.changed_ns, *at);
  };
  LG_ASSIGN([[maybe_unused]] const ledger::ReadLedger read, ledger::read_ledger(case_folder + "/ledger", {}, see));
  return times;
}

}  // namespace lastgood::exports
