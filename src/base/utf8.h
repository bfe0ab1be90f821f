// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// UTF-8 as The Unicode Standard 15, table 3-7 allows it: no overlong forms, no surrogates, at most U+10FFFF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace lastgood::base {

/// Length in bytes of the well-formed character at `at`; 0 when there is none.
std::size_t utf8_length_at(std::string_view text, std::size_t at);

bool is_utf8(std::string_view text);

/// Appends the character; nothing for surrogates and beyond U+10FFFF.
void append_utf8(std::string& out, std::uint32_t code);

/// UTF-16 as text; a byte order mark is taken off, half pairs are dropped.
enum class ByteOrder : std::uint8_t { little, big };
std::string utf8_of_utf16(std::string_view bytes, ByteOrder order);

}  // namespace lastgood::base
