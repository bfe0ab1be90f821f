// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// File name extensions of text files.
#pragma once

#include <array>
#include <string>

#include "formats/format.h"

namespace lastgood::formats {

constexpr NameClaim firm_text(std::string_view extension) { return {.extension = extension, .promise = Promise::firm}; }
constexpr NameClaim loose_text(std::string_view extension) {
  return {.extension = extension, .promise = Promise::loose};
}

/// Extensions of text that has no walker of its own. Firm only where nobody uses the extension for anything but text.
inline constexpr std::array k_text_claims = {
    firm_text("txt"),   firm_text("md"),         firm_text("markdown"), firm_text("rst"),   firm_text("adoc"),
    firm_text("tex"),   firm_text("bib"),        firm_text("c"),        firm_text("cc"),    firm_text("cpp"),
    firm_text("cxx"),   firm_text("h"),          firm_text("hh"),       firm_text("hpp"),   firm_text("cs"),
    firm_text("java"),  firm_text("kt"),         firm_text("scala"),    firm_text("go"),    firm_text("rs"),
    firm_text("swift"), firm_text("py"),         firm_text("rb"),       firm_text("pl"),    firm_text("pm"),
    firm_text("php"),   firm_text("js"),         firm_text("mjs"),      firm_text("cjs"),   firm_text("jsx"),
    firm_text("tsx"),   firm_text("css"),        firm_text("scss"),     firm_text("less"),  firm_text("vue"),
    firm_text("sql"),   firm_text("yaml"),       firm_text("yml"),      firm_text("toml"),  firm_text("ini"),
    firm_text("conf"),  firm_text("properties"), firm_text("bat"),      firm_text("cmd"),   firm_text("ps1"),
    firm_text("psm1"),  firm_text("vbs"),        firm_text("awk"),      firm_text("cmake"), firm_text("diff"),
    firm_text("patch"), firm_text("po"),         firm_text("pot"),      firm_text("lua"),   firm_text("hs"),
    firm_text("tcl"),   loose_text("sh"),        loose_text("log"),     loose_text("cfg"),  loose_text("lst"),
    loose_text("list"), loose_text("ts"),        loose_text("asc"),     loose_text("text"), loose_text("m"),
    loose_text("r"),    loose_text("nfo"),       loose_text("out"),     loose_text("err"),  loose_text("inc"),
    loose_text("inf"),  loose_text("reg"),       loose_text("srt"),     loose_text("vtt"),  loose_text("tmpl"),
    loose_text("in"),   loose_text("am"),        loose_text("map"),
};

/// The part behind the last dot in lower case, "" when there is none; longer than `k_extension_bytes_max`: "".
inline constexpr std::size_t k_extension_bytes_max = 15;
std::string lower_extension(std::string_view name);

}  // namespace lastgood::formats
