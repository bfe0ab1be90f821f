// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/mp3/mp3_frame.h"

#include <array>

namespace lastgood::formats {

namespace {

/// kbit/s by version (1, or 2 and 2.5) and layer (1 to 3); index 0 is "free", 15 forbidden.
constexpr std::array<std::array<std::uint16_t, 15>, 6> k_rates = {{
    {0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
    {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
    {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
    {0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
    {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
    {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
}};
constexpr std::array<std::uint32_t, 3> k_frequencies = {44'100, 48'000, 32'000};

std::optional<AudioFrame> parse_adts(base::ByteView bytes) {
  constexpr std::uint64_t k_header_bytes = 7;
  const unsigned frequency = bytes.u8(2) >> 2U & 15U;
  const std::uint64_t length = (bytes.be32(2) >> 5U) & 0x1FFFU;  // 13 bits from the middle of byte 3 on
  if (bytes.size() < k_header_bytes || frequency > 12 || length < k_header_bytes) return std::nullopt;
  return AudioFrame{
      .length_bytes = length, .stream = 0x1000U | (bytes.u8(1) & 0xFEU) << 4U | frequency, .is_adts = true};
}

}  // namespace

std::optional<AudioFrame> parse_audio_frame(base::ByteView bytes) {
  if (bytes.size() < 4 || bytes.u8(0) != 0xFF || (bytes.u8(1) & 0xE0U) != 0xE0) return std::nullopt;
  const unsigned version = bytes.u8(1) >> 3U & 3U;  // 3: MPEG 1, 2: MPEG 2, 0: MPEG 2.5
  const unsigned layer = 4 - (bytes.u8(1) >> 1U & 3U);
  if (layer == 4) return (bytes.u8(1) & 0xF6U) == 0xF0 ? parse_adts(bytes) : std::nullopt;
  const unsigned rate_index = bytes.u8(2) >> 4U;
  const unsigned frequency_index = bytes.u8(2) >> 2U & 3U;
  if (version == 1 || rate_index == 0 || rate_index == 15 || frequency_index == 3 || (bytes.u8(3) & 3U) == 2)
    return std::nullopt;
  const bool is_first = version == 3;
  const std::uint64_t rate = std::uint64_t{k_rates[(is_first ? 0U : 3U) + layer - 1][rate_index]} * 1000;
  const std::uint64_t frequency = k_frequencies[frequency_index] / (is_first ? 1U : version == 2 ? 2U : 4U);
  const std::uint64_t padding = bytes.u8(2) >> 1U & 1U;
  AudioFrame frame{.stream = version << 8U | layer << 4U | frequency_index};
  if (layer == 1) {
    frame.length_bytes = (12 * rate / frequency + padding) * 4;
  } else {
    frame.length_bytes = (layer == 3 && !is_first ? 72 : 144) * rate / frequency + padding;
  }
  return frame;
}

}  // namespace lastgood::formats
