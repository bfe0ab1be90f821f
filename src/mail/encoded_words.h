// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Encoded words of header fields, for showing: RFC 2047. What was written stays the evidence.
#pragma once

#include <string>
#include <string_view>

namespace lastgood::mail {

/// `text` with its encoded words as UTF-8. Words that break the grammar, whose charset is not known (those of several
/// bytes a letter but UTF-8) or whose bytes are none of it stay as written. Control characters in words become blanks;
/// what begins behind the first 16 KB stays as written, too.
std::string decode_words(std::string_view text);

}  // namespace lastgood::mail
