// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Whether a text may say how to answer its writer: asked of every text there is, so it must cost next to nothing.
#pragma once

#include <string_view>

#include "base/byte_view.h"

namespace lastgood::indicators {

/// Two bytes a letter.
[[nodiscard]] bool is_wide_text(base::ByteView text);

/// An "@" however it is written, an onion or Telegram address, or a number as long as a Tox or Session ID. Texts of two
/// bytes a letter are not looked into and may hold anything.
[[nodiscard]] bool has_contact_sign(base::ByteView text);

/// Whether some run of hexadecimal digits, of k_hex_run_bytes_min and more, fits. Runs much longer than any ID are cut.
inline constexpr std::size_t k_hex_run_bytes_min = 66;
[[nodiscard]] bool has_hex_run(std::string_view text, bool (*fits)(std::string_view run));

}  // namespace lastgood::indicators
