// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/flac/flac_frame.h"

#include <array>

namespace lastgood::formats {

namespace {

constexpr auto k_crc8_table = [] {
  std::array<std::uint8_t, 256> table{};
  for (unsigned i = 0; i < 256; ++i) {
    unsigned crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x80U) != 0 ? (crc << 1U ^ 0x07U) & 0xFFU : crc << 1U & 0xFFU;
    table[i] = static_cast<std::uint8_t>(crc);
  }
  return table;
}();

constexpr auto k_crc16_tables = [] {
  std::array<std::array<std::uint16_t, 256>, 2> tables{};
  for (unsigned i = 0; i < 256; ++i) {
    unsigned crc = i << 8U;
    for (int bit = 0; bit < 8; ++bit)
      crc = (crc & 0x8000U) != 0 ? (crc << 1U ^ 0x8005U) & 0xFFFFU : crc << 1U & 0xFFFFU;
    tables[0][i] = static_cast<std::uint16_t>(crc);
  }
  for (unsigned i = 0; i < 256; ++i) {
    const unsigned crc = tables[0][i];
    tables[1][i] = static_cast<std::uint16_t>((crc << 8U & 0xFFFFU) ^ tables[0][crc >> 8U]);
  }
  return tables;
}();

/// Bytes of the frame or sample number, written as UTF-8 is, up to seven; 0: not so written.
std::size_t number_bytes(base::ByteView bytes) {
  const unsigned first = bytes.u8(0);
  if (first < 0x80) return 1;
  std::size_t count = 0;
  for (unsigned bit = 0x80; (first & bit) != 0 && count < 8; bit >>= 1U) ++count;
  if (count < 2 || count > 7) return 0;
  for (std::size_t i = 1; i < count; ++i) {
    if ((bytes.u8(i) & 0xC0U) != 0x80) return 0;
  }
  return count;
}

}  // namespace

FlacHeader parse_flac_header(base::ByteView bytes) {
  if (bytes.u8(0) != 0xFF || (bytes.u8(1) & 0xFEU) != 0xF8) return {};
  const unsigned block = bytes.u8(2) >> 4U;
  const unsigned rate = bytes.u8(2) & 15U;
  const unsigned channels = bytes.u8(3) >> 4U;
  const unsigned sample_size = bytes.u8(3) >> 1U & 7U;
  if (block == 0 || rate == 15 || channels > 10 || sample_size == 3 || (bytes.u8(3) & 1U) != 0) return {};
  std::size_t length = number_bytes(bytes.part(4, 7));
  if (length == 0) return {};
  length += 4;
  FlacHeader header;
  if (block == 1) header.samples = 192;
  if (block >= 2 && block <= 5) header.samples = 576U << (block - 2);
  if (block == 6) header.samples = bytes.u8(length) + 1U;
  if (block == 7) header.samples = bytes.be16(length) + 1U;
  if (block >= 8) header.samples = 256U << (block - 8);
  if (block == 6 || block == 7) length += block - 5;
  if (rate >= 12) length += rate == 12 ? 1 : 2;
  if (bytes.size() < length + 1) return {};
  std::uint8_t crc = 0;
  for (const std::uint8_t byte : bytes.part(0, length)) crc = k_crc8_table[crc ^ byte];
  if (crc == bytes.u8(length)) header.length_bytes = length + 1;
  return header;
}

std::uint16_t flac_crc16(base::ByteView bytes, std::uint16_t seed) {
  unsigned crc = seed;
  std::size_t i = 0;
  for (; i + 2 <= bytes.size(); i += 2) {
    crc ^= bytes.be16(i);
    crc = static_cast<unsigned>(k_crc16_tables[1][crc >> 8U] ^ k_crc16_tables[0][crc & 0xFFU]);
  }
  for (; i < bytes.size(); ++i) crc = (crc << 8U & 0xFFFFU) ^ k_crc16_tables[0][(crc >> 8U) ^ bytes.u8(i)];
  return static_cast<std::uint16_t>(crc);
}

}  // namespace lastgood::formats
