// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Headers of MPEG audio frames (ISO/IEC 11172-3 and 13818-3) and of AAC in ADTS (ISO/IEC 14496-3, 1.A.2).
#pragma once

#include <cstdint>
#include <optional>

#include "base/byte_view.h"

namespace lastgood::formats {

struct AudioFrame {
  std::uint64_t length_bytes = 0;
  std::uint32_t stream = 0;  // version, layer and sampling rate: the same in all frames of a file
  bool is_adts = false;
};

/// Empty where no frame header stands, and where the length of a frame is free.
std::optional<AudioFrame> parse_audio_frame(base::ByteView bytes);

}  // namespace lastgood::formats
