// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// FLAC's frame headers and their checksums (RFC 9639, section 9).
#pragma once

#include <cstdint>

#include "base/byte_view.h"

namespace lastgood::formats {

/// Longest frame header.
inline constexpr std::size_t k_flac_header_bytes_max = 16;

struct FlacHeader {
  std::size_t length_bytes = 0;  // its checksum included; 0: no frame header
  std::uint32_t samples = 0;     // of each channel in the frame
};

/// The frame header at the beginning of `bytes`.
FlacHeader parse_flac_header(base::ByteView bytes);

/// CRC-16 with polynomial 8005, continuing from `seed`. Start with 0. Over a frame with its own checksum it comes to 0.
std::uint16_t flac_crc16(base::ByteView bytes, std::uint16_t seed);

}  // namespace lastgood::formats
