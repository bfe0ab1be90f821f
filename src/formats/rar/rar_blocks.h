// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One block of a RAR archive, old (up to 4) or new (5 and later) form. Used by rar_walker.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "formats/walk_input.h"

namespace lastgood::formats {

enum class RarBlockRole : std::uint8_t {
  other,
  file,
  encryption,  // what follows, headers and all, is encrypted
  end,
};

struct RarBlock {
  RarBlockRole role = RarBlockRole::other;
  std::uint64_t header_to = 0;
  std::uint64_t data_bytes = 0;        // behind the header
  std::optional<std::uint32_t> crc32;  // of the data, when it is a stored file in one piece
  bool encrypted = false;              // the data
  std::string why;                     // the header does not fit: why
  bool looks_like_header = false;      // although it does not fit
};

/// `at` is the block's first byte.
RarBlock read_rar4_block(WalkInput& input, std::uint64_t at);
RarBlock read_rar5_block(WalkInput& input, std::uint64_t at);

}  // namespace lastgood::formats
