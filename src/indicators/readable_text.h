// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a person would read in a text file, a web page or an RTF document. Approximate: good enough to find words and
// addresses, not to print.
#pragma once

#include <string>
#include <string_view>

#include "base/byte_view.h"

namespace lastgood::indicators {

/// UTF-16, HTML and RTF become UTF-8; 8-bit text of an unknown code page stays as it is.
std::string readable_text(base::ByteView bytes);

/// Without tags, comments, scripts and styles; with entities decoded; attributes that people see or click at the end.
std::string text_of_markup(std::string_view markup);

/// Help pages, settings and messages in XML of their own: attackers write pages that a browser shows. Looks at the
/// first element only.
bool is_foreign_markup(std::string_view text);

/// RTF 1.9, code pages of fonts included; what lies in pictures and tables of fonts and styles is left out.
std::string text_of_rtf(std::string_view rtf);

/// Lower case, Latin letters without their accents, every blank and break one space; ends of lines stay. What
/// note_words_table.cpp is compared with.
std::string fold_text(std::string_view utf8);

}  // namespace lastgood::indicators
