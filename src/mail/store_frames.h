// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What the helper that reads Outlook stores says to its parent, as frames: one byte of kind, four of length (little
// endian), then the bytes. The helper may be in a hostile file's power, so the parent believes no length and no order.
//   'I' number (4 bytes), identifier (4): an item begins; items are numbered from 0 in a fixed order
//   'H' the internet header as UTF-8
//   'B' which body ("text", "html", "rtf"), then its bytes in 'D' frames; said only to who asks for bodies
//   'A' name of an attachment as UTF-8, then its bytes in 'D' frames
//   'X' what could not be read of the item, in words
//   'E' the item ends     'F' the store ends
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/byte_view.h"

namespace lastgood::mail {

inline constexpr std::size_t k_frame_bytes_max = 4U << 20U;
inline constexpr std::size_t k_frame_head_bytes = 5;

/// The helper's argument: the number of the first item, with this behind it where bodies are asked for.
inline constexpr char k_ask_for_bodies = 'b';

struct FrameHead {
  char kind = 0;
  std::uint32_t length_bytes = 0;
};

/// Nothing when the kind is none of the above or the length is beyond k_frame_bytes_max. REQUIRES: k_frame_head_bytes.
std::optional<FrameHead> parse_frame_head(base::ByteView bytes);
/// The five bytes before a frame.
std::string format_frame_head(char kind, std::size_t length_bytes);

}  // namespace lastgood::mail
