// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One fuzz input through one walker. The first byte chooses depth and shape of the content, the rest is the content.
// With bit 2 a gap of zeros is put in the middle, so that the window is used and not only the whole-in-memory path.
#pragma once

#include <cstdint>
#include <span>

#include "formats/format.h"

namespace lastgood::formats::testing {

/// Aborts, and says which rule, when the walker's report breaks one.
void fuzz_one(const Format& format, std::span<const std::uint8_t> input);

}  // namespace lastgood::formats::testing
