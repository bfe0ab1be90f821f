// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Databases that a restore brought and that no server starts on yet.
#pragma once

#include <string>
#include <vector>

#include "recovery/plan.h"
#include "recovery/replay_plan.h"

namespace lastgood::recovery {

struct Unstartable {
  std::string folder;
  /// log, tablespaces: its replay was left out, or did not succeed. parts: its server looks elsewhere for files that
  /// came to lie in the folder, and would take what stands there instead.
  enum class Why : std::uint8_t { log, tablespaces, parts } why = Why::log;
  std::vector<std::string> moves;  // of parts: sentences of the plan that say what is to be moved
};

/// `replayed`: what replay_plan said of this restore. Of parts only in place: beside nobody starts the server as it
/// was.
[[nodiscard]] std::vector<Unstartable> find_unstartable(const Plan& plan, const std::vector<ReplayedUnit>& replayed,
                                                        const RestoreOutcome& restored, RestoreMode mode);

}  // namespace lastgood::recovery
