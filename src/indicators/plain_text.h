// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The words of a text, whatever it is wrapped in.
#pragma once

#include <string>

#include "base/byte_view.h"

namespace lastgood::indicators {

/// UTF-8, ASCII letters in lower case, white space as single blanks. UTF-16 is decoded, HTML tags and numeric entities,
/// RTF control words and escapes are taken out. At most as long as three times `text`.
std::string plain_text(base::ByteView text);

}  // namespace lastgood::indicators
