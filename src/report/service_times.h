// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// When a service was down by the attack and when it was back for the first time, from its history. What was stopped
// and started again after that is told apart: it is no part of the time that the attack cost.
#pragma once

#include <cstdint>
#include <vector>

#include "report/case_report.h"
#include "services/history.h"

namespace lastgood::report {

/// Sets of `service` down_ns, healthy_ns, up_after_ns, later and, where its data came back, until when it worked before
/// that. Whoever is down, or had to be restored, is so since the attack began (`attack_ns`, 0: unknown), where that
/// came first and it was not seen well after that. REQUIRES: what was restored of it is set.
void take_history(const std::vector<services::HistoryEntry>& entries, std::int64_t attack_ns, ServiceShare& service);

}  // namespace lastgood::report
