// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Bytes from the kernel's generator, getrandom(2): for names that must not be guessed and for secret seeds.
#pragma once

#include <cstdint>
#include <span>

namespace lastgood::os {

/// Fills all of `into`. Waits only on a machine that has just been switched on.
void fill_random(std::span<std::uint8_t> into);

}  // namespace lastgood::os
