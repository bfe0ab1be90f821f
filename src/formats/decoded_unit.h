// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What walkers of compressed streams say of one unit (stream, member, frame, block) they decoded, said the same way.
#pragma once

#include <string_view>

#include "formats/codec/deflate.h"
#include "formats/walk_report.h"

namespace lastgood::formats {

enum class DecodeSpeed : std::uint8_t {
  fast,  // some hundred MB per second: deflate, zstd, lz4
  slow,  // some ten MB per second: xz, lzma, bzip2
};

/// How many decoded bytes this depth and size are worth.
std::uint64_t decode_budget_bytes(const WalkInput& input, DecodeSpeed speed);

enum class UnitState : std::uint8_t { proven, broken, not_decoded };

/// Adds the unit's regions, and where it broke a finding whose range lies around the break: a decoder notices foreign
/// bytes a little late, and what stands further on is compressed as before. `unit.to`: end of the unit, or of the
/// content when only decoding tells.
UnitState report_decoding(WalkReport& report, const Decoded& decoded, model::ByteRange unit, std::string_view rule,
                          std::string_view unit_name);

/// The same for a unit whose both ends stand and whose payload looks like ciphertext at every length (LZMA), or in
/// which everything but the payload was followed: bytes inside that do not decode are damage.
UnitState report_decoding_in_frame(WalkReport& report, const Decoded& decoded, model::ByteRange unit,
                                   std::string_view rule, std::string_view unit_name);

/// The same for a unit whose end only decoding tells: it goes to the content's end at most. Where that comes before the
/// unit's own end, the finding is FORMAT.cut.
UnitState report_decoding_to_end(WalkReport& report, const Decoded& decoded, model::ByteRange unit,
                                 std::string_view rule, std::string_view unit_name);

}  // namespace lastgood::formats
