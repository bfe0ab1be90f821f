// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One rule of decide_verdict: contents of compressed formats that do not begin as their name promises.
#pragma once

#include <optional>

#include "verdict/decide_verdict.h"

namespace lastgood::verdict {

/// Payload of compressed formats looks random by nature. Where only its beginning is missing nobody was there for sure:
/// ciphertext is the answer only where so much passes as it that a compressor's work would not have, or where
/// somebody also changed the name.
std::optional<Judgement> lost_beginning(const Facts& facts);

}  // namespace lastgood::verdict
