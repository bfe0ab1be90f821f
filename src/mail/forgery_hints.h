// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What in a mail's trace does not fit together. Each is a hint and none a proof: clocks are wrong, relays are renamed,
// and honest programs write odd lines. Rules "mail.hint.…", with the byte the hint is about.
#pragma once

#include <optional>
#include <vector>

#include "mail/header.h"
#include "mail/trust.h"
#include "model/finding.h"

namespace lastgood::mail {

/// Sorted by offset; at most some hundred, however long the header is. Pure.
std::vector<model::Finding> find_hints(const Header& header, const std::vector<Hop>& hops,
                                       const std::vector<PeerStatement>& statements,
                                       const std::optional<Boundary>& boundary);

/// How far a writer's clock was from the next ones, where a step shows it: seconds that the line at `hop` is later than
/// the line above it, which was written after it.
struct ClockStep {
  std::size_t hop = 0;
  std::int64_t backwards_seconds = 0;
};
std::vector<ClockStep> find_clock_steps(const std::vector<Hop>& hops);

}  // namespace lastgood::mail
