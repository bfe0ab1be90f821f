// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Text that is nothing but an encoding of random-looking bytes. An attacker who writes ciphertext as Base64 or
// hexadecimal digits lowers every statistic to that of text; the letters are then all equally often.
#pragma once

#include "formats/walk_input.h"
#include "formats/walk_report.h"

namespace lastgood::formats {

/// Remarks `text.base64-of-random` or `text.hex-of-random` with the body's range. Looks at contents whose samples are
/// mostly such a body, and only when what it decodes to does not begin as a known format does.
void remark_encoded_body(WalkInput& input, WalkReport& report);

}  // namespace lastgood::formats
