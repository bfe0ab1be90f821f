// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace lastgood::documents {

/// Families for the scripts of India, each before any other that has some of its letters: a vowel sign of Tamil is in
/// the font of Grantha too, where it joins none of Tamil's letters. Goes after the families for Latin letters.
inline constexpr const char* k_indian_families =
    "Noto Sans Devanagari, Noto Sans Bengali, Noto Sans Gurmukhi, Noto Sans Gujarati, Noto Sans Oriya, Noto Sans "
    "Tamil, "
    "Noto Sans Telugu, Noto Sans Kannada, Noto Sans Malayalam, Noto Sans Arabic";

}  // namespace lastgood::documents
