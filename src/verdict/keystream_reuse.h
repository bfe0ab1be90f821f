// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Finds where one keystream of 64 bytes was laid over a content again and again. Some families do that: the result is
// not random by any count of bytes, for what was skewed stays skewed. Pure, any thread.
//
// Idea: fold the content by a period and take, at each position, the byte that stands there most often. Over text,
// records or zeros that most frequent byte is nearly the same at all positions; where a keystream was laid over them it
// is that byte changed by the keystream: 64 of them in a row pass as random although each is frequent at its place.
// Random bytes have no frequent byte, ordinary records no 64 frequent bytes that pass as random.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/byte_view.h"
#include "model/finding.h"

namespace lastgood::verdict {

struct KeystreamReuse {
  std::uint32_t period_bytes = 0;        // of the fold that showed it; 64: it covers the first bytes without gaps
  std::vector<model::ByteRange> ranges;  // 64-byte pieces that carry the keystream, neighbours merged, at most 4096
};

/// `bytes`: the first part of a content, 2 KiB at least; up to 1 MiB is looked at.
std::optional<KeystreamReuse> find_keystream_reuse(base::ByteView bytes);

}  // namespace lastgood::verdict
