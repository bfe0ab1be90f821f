// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The streams part of a 7z header: packed streams, folders with their coders, sizes and checksums (7zFormat.txt).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/byte_view.h"

namespace lastgood::formats {

inline constexpr std::uint64_t k_seven_zip_copy = 0x00;
inline constexpr std::uint64_t k_seven_zip_delta = 0x03;
inline constexpr std::uint64_t k_seven_zip_lzma2 = 0x21;
inline constexpr std::uint64_t k_seven_zip_lzma = 0x030101;
inline constexpr std::uint64_t k_seven_zip_bcj_x86 = 0x03030103;
inline constexpr std::uint64_t k_seven_zip_deflate = 0x040108;
inline constexpr std::uint64_t k_seven_zip_bzip2 = 0x040202;
inline constexpr std::uint64_t k_seven_zip_aes = 0x06F10701;

struct SevenZipCoder {
  std::uint64_t id = 0;
  std::uint64_t inputs = 1;
  std::uint64_t outputs = 1;
  std::vector<std::uint8_t> properties;
};

/// Input `input` takes what comes out of output `output`; both counted over all coders of the folder.
struct SevenZipBond {
  std::uint64_t input = 0;
  std::uint64_t output = 0;
};

struct SevenZipFolder {
  std::vector<SevenZipCoder> coders;
  std::vector<SevenZipBond> bonds;
  std::uint64_t packed_streams = 1;
  std::vector<std::uint64_t> unpacked_sizes;  // one for each output
  std::uint64_t unpacked_bytes = 0;           // of the output no other coder takes in
  std::optional<std::uint32_t> crc32;
  std::vector<std::uint64_t> file_sizes;  // of the files in it; empty: one file
  std::vector<std::optional<std::uint32_t>> file_crcs;

  [[nodiscard]] bool uses(std::uint64_t coder) const;
  /// Coders from the one whose output is the content to the one that takes the packed stream, when they are one row.
  [[nodiscard]] std::vector<std::size_t> row() const;
};

struct SevenZipStreams {
  std::uint64_t pack_offset = 0;  // from the end of the start header
  std::vector<std::uint64_t> packed_sizes;
  std::vector<SevenZipFolder> folders;
};

/// The streams of a header (`header` begins with its id, 1) or of an encoded one (23). Nothing when a field does not
/// fit.
std::optional<SevenZipStreams> parse_seven_zip_streams(base::ByteView header);

}  // namespace lastgood::formats
