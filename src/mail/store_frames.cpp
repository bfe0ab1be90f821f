// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "mail/store_frames.h"

#include <string_view>

namespace lastgood::mail {

std::optional<FrameHead> parse_frame_head(base::ByteView bytes) {
  const FrameHead head{static_cast<char>(bytes.u8(0)), bytes.le32(1)};
  constexpr std::string_view k_kinds = "IHBADXEF";
  if (k_kinds.find(head.kind) == std::string_view::npos || head.length_bytes > k_frame_bytes_max) return std::nullopt;
  if (head.kind == 'I' && head.length_bytes != 8) return std::nullopt;
  return head;
}

std::string format_frame_head(char kind, std::size_t length_bytes) {
  std::string head(1, kind);
  for (unsigned i = 0; i < 4; ++i) head += static_cast<char>(length_bytes >> (8 * i) & 0xFFU);
  return head;
}

}  // namespace lastgood::mail
