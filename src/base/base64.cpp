// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"

namespace lastgood::base {

std::string base64(ByteView bytes) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t left = bytes.size() - at;
    const std::uint32_t group =
        std::uint32_t{bytes.u8(at)} << 16U | std::uint32_t{bytes.u8(at + 1)} << 8U | bytes.u8(at + 2);
    out += letters[group >> 18U];
    out += letters[(group >> 12U) & 63U];
    out += left > 1 ? letters[(group >> 6U) & 63U] : '=';
    out += left > 2 ? letters[group & 63U] : '=';
  }
  return out;
}

}  // namespace lastgood::base
