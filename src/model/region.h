// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Region: what a range of a content is, as far as it could be told.
#pragma once

#include <cstdint>
#include <string_view>

#include "model/finding.h"

namespace lastgood::model {

enum class RegionKind : std::uint8_t {
  structured,  // the format's own fields, checked
  verified,    // payload proven by a checksum or by decoding it to its end
  plain,       // payload that is not random-looking by nature (text, pixels, records)
  compressed,  // payload that is random-looking by nature and was not proven; a container explains it
  random,      // random-looking and nothing explains it
  zero,        // all bytes zero (or a hole)
  repeated,    // one short block over and over, not zero
};

struct Region {
  ByteRange range;
  RegionKind kind = RegionKind::structured;
};

std::string_view name_of(RegionKind kind);

}  // namespace lastgood::model
