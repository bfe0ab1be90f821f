// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The rules of decide_verdict that are asked where no structure explains the content: what its bytes look like decides.
#pragma once

#include <optional>

#include "verdict/decide_verdict.h"

namespace lastgood::verdict {

std::optional<Judgement> all_zero(const Facts& facts);
std::optional<Judgement> zeroed_opening(const Facts& facts);
std::optional<Judgement> moved_to_the_end(const Facts& facts);
std::optional<Judgement> opening_replaced(const Facts& facts);
std::optional<Judgement> text_with_random_runs(const Facts& facts);
std::optional<Judgement> random_unknown(const Facts& facts);
std::optional<Judgement> not_what_the_name_says(const Facts& facts);
std::optional<Judgement> unknown_but_plain(const Facts& facts);

}  // namespace lastgood::verdict
