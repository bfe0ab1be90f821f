// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What the marker segments of a JPEG stream say: frame, tables, scan headers (ITU-T T.81, annex B).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/byte_view.h"
#include "formats/codec/jpeg_huffman.h"

namespace lastgood::formats {

enum class JpegProcess : std::uint8_t {
  sequential,     // SOF0, SOF1
  progressive,    // SOF2
  lossless,       // SOF3
  other,          // arithmetic coding, hierarchical: scans are not decoded
  near_lossless,  // JPEG-LS (T.87): other rule for 0xFF in scans
};

struct JpegComponent {
  std::uint8_t id = 0;
  std::uint32_t h = 1;
  std::uint32_t v = 1;
  std::size_t quantisation_table = 0;
  std::uint32_t blocks_wide = 0;  // without the padding of interleaved scans; samples in a lossless frame
  std::uint32_t blocks_high = 0;
  std::vector<std::uint64_t> nonzero;  // progressive: one bit per coefficient known to be other than zero
};

struct JpegFrame {
  JpegProcess process = JpegProcess::other;
  std::uint32_t precision_bits = 8;
  std::uint32_t width = 0;
  std::uint32_t height = 0;  // 0: a DNL segment says it after the first scan
  std::uint32_t mcus_wide = 0;
  std::uint32_t mcus_high = 0;
  std::uint64_t blocks = 0;  // of all components
  std::vector<JpegComponent> components;
};

struct JpegTables {
  std::array<JpegHuffmanTable, 4> dc;
  std::array<JpegHuffmanTable, 4> ac;
  std::array<std::array<std::uint16_t, 64>, 4> quantisation{};  // zigzag order; 0: not given
  std::uint32_t restart_interval = 0;
};

struct JpegScanComponent {
  std::size_t index = 0;  // into JpegFrame::components
  std::size_t dc_table = 0;
  std::size_t ac_table = 0;
};

struct JpegScan {
  std::vector<JpegScanComponent> components;
  std::uint32_t spectral_from = 0;
  std::uint32_t spectral_to = 63;
  std::uint32_t approximation_high = 0;
  std::uint32_t approximation_low = 0;
};

/// `segment`: from the length field on, complete. Empty when no encoder writes it.
std::optional<JpegFrame> parse_jpeg_frame(std::uint8_t marker, base::ByteView segment);
std::optional<JpegScan> parse_jpeg_scan(const JpegFrame& frame, base::ByteView segment);
/// False when the segment is no set of Huffman (quantisation) tables.
bool read_jpeg_huffman_tables(JpegTables& tables, base::ByteView segment);
bool read_jpeg_quantisation_tables(JpegTables& tables, base::ByteView segment);

/// SOF0 to SOF15 without DHT, JPG and DAC, and JPEG-LS's SOF55.
bool is_jpeg_frame_marker(std::uint8_t marker);

}  // namespace lastgood::formats
