// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What is inside an object's envelope: compressed bytes, told by their first two (borg documentation, "Data structures
// and file formats", section "Compression"): 00 00 none, 01 00 an lz4 block, 02 00 an xz container, 03 00 a zstd frame,
// 04 00 obfuscated (big-endian length, payload, padding), and zlib by its own header.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_view.h"

namespace lastgood::sources::borg {

/// Unpacks pieces; keeps what its libraries need between calls. One thread.
class PayloadReader {
 public:
  PayloadReader();
  ~PayloadReader();
  PayloadReader(const PayloadReader&) = delete;
  PayloadReader& operator=(const PayloadReader&) = delete;

  /// Fills `out` (resized). With `expected_bytes`, exactly so many must come out; without, at most
  /// sources::k_piece_bytes_max. Gives what was wrong, or nothing.
  [[nodiscard]] std::optional<std::string> unpack(base::ByteView payload, std::optional<std::uint32_t> expected_bytes,
                                                  std::vector<std::uint8_t>& out);

 private:
  struct Libraries;
  Libraries* libraries_;
};

}  // namespace lastgood::sources::borg
