// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The first rules of decide_verdict: what is known without weighing anything.
#pragma once

#include <optional>

#include "verdict/decide_verdict.h"

namespace lastgood::verdict {

std::optional<Judgement> unreadable(const Facts& facts);
std::optional<Judgement> empty(const Facts& facts);
std::optional<Judgement> ransom_note(const Facts& facts);

}  // namespace lastgood::verdict
