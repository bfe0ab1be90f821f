// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Whether a text may say how to answer its writer: asked of every text there is, so it must cost next to nothing.
#pragma once

#include "base/byte_view.h"

namespace lastgood::indicators {

/// Two bytes a letter.
[[nodiscard]] bool is_wide_text(base::ByteView text);

/// An "@" however it is written, an onion or Telegram address, or a number as long as a Tox or Session ID. Texts of two
/// bytes a letter are not looked into and may hold anything.
[[nodiscard]] bool has_contact_sign(base::ByteView text);

}  // namespace lastgood::indicators
