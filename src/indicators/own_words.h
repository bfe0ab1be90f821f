// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What the writer of a text says himself, and how it looks before its words are compared.
#pragma once

#include <string>
#include <string_view>

namespace lastgood::indicators {

/// Lines somebody quotes in a letter are not his own. More than two signs are an ornament.
std::string without_quoted_lines(std::string_view text);

/// Nor is a sentence between quotation marks; a word or a number there is.
std::string without_quotations(std::string_view text);

/// Programs, settings and tables hold the words of notes as strings: braces and semicolons, or lines that end as code
/// does.
bool is_source_code(std::string_view text);

/// `folded`: as fold_text leaves it, or as stored.
bool is_english(std::string_view folded);

/// What a victim is to quote, not part of an address: "91B09485B9301061", "XY7F0STTQ4".
bool has_number_of_victim(std::string_view text);

}  // namespace lastgood::indicators
