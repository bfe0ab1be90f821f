// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// How well the byte ranges a verdict names agree with the truth.
#pragma once

#include <cstdint>
#include <span>

#include "model/finding.h"

namespace lastgood::drill {

/// Shared over united blocks (Jaccard index, 0..1) of what was `replaced` and what was `named`, on blocks of 4 KiB: a
/// verdict works on blocks, pages and members, and patterns of 16 or 64 bytes cannot be named finer. `added` bytes
/// (headers, footers) count for neither side. 1 when both sides are empty.
double range_agreement(std::span<const model::ByteRange> replaced, std::span<const model::ByteRange> added,
                       std::span<const model::ByteRange> named, std::uint64_t size_bytes);

}  // namespace lastgood::drill
