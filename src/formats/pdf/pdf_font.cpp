// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/pdf/pdf_font.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/utf8.h"
#include "formats/pdf/pdf_syntax.h"

namespace lastgood::formats {

namespace {

using base::ByteView;

constexpr std::size_t k_mapped_max = 20'000;
constexpr std::uint32_t k_range_codes_max = 4096;
constexpr std::size_t k_map_values_max = 100'000;
constexpr std::size_t k_letters_of_code_max = 16;

// Windows code page 1252, 0x80 to 0x9F; elsewhere it is Latin-1.
constexpr std::array<char32_t, 32> k_windows = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                                0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

struct GlyphName {
  std::string_view name;
  char32_t letter;
};
// Adobe Glyph List, what Latin texts need; letters stand for themselves.
constexpr std::array k_glyph_names = std::to_array<GlyphName>(
    {{"space", ' '},      {"exclam", '!'},       {"quotedbl", '"'},      {"numbersign", '#'},  {"dollar", '$'},
     {"percent", '%'},    {"ampersand", '&'},    {"quotesingle", '\''},  {"parenleft", '('},   {"parenright", ')'},
     {"asterisk", '*'},   {"plus", '+'},         {"comma", ','},         {"hyphen", '-'},      {"minus", '-'},
     {"period", '.'},     {"slash", '/'},        {"zero", '0'},          {"one", '1'},         {"two", '2'},
     {"three", '3'},      {"four", '4'},         {"five", '5'},          {"six", '6'},         {"seven", '7'},
     {"eight", '8'},      {"nine", '9'},         {"colon", ':'},         {"semicolon", ';'},   {"less", '<'},
     {"equal", '='},      {"greater", '>'},      {"question", '?'},      {"at", '@'},          {"bracketleft", '['},
     {"backslash", '\\'}, {"bracketright", ']'}, {"asciicircum", '^'},   {"underscore", '_'},  {"grave", '`'},
     {"braceleft", '{'},  {"bar", '|'},          {"braceright", '}'},    {"asciitilde", '~'},  {"quoteright", '\''},
     {"quoteleft", '\''}, {"quotedblleft", '"'}, {"quotedblright", '"'}, {"endash", 0x2013},   {"emdash", 0x2014},
     {"bullet", 0x2022},  {"germandbls", 0xDF},  {"ae", 0xE6},           {"AE", 0xC6},         {"oslash", 0xF8},
     {"Oslash", 0xD8},    {"dotlessi", 0x131},   {"fi", 0xFB01},         {"fl", 0xFB02},       {"ff", 0xFB00},
     {"Euro", 0x20AC},    {"ccedilla", 0xE7},    {"Ccedilla", 0xC7},     {"exclamdown", 0xA1}, {"questiondown", 0xBF}});

struct Accent {
  std::string_view name;
  std::string_view bases;
  std::u32string_view letters;
};
constexpr std::array k_accents = std::to_array<Accent>({{"acute", "aeiouyAEIOUY", U"áéíóúýÁÉÍÓÚÝ"},
                                                        {"grave", "aeiouAEIOU", U"àèìòùÀÈÌÒÙ"},
                                                        {"circumflex", "aeiouAEIOU", U"âêîôûÂÊÎÔÛ"},
                                                        {"dieresis", "aeiouyAEIOU", U"äëïöüÿÄËÏÖÜ"},
                                                        {"tilde", "anoANO", U"ãñõÃÑÕ"},
                                                        {"ring", "aA", U"åÅ"},
                                                        {"caron", "csezrCSEZR", U"čšežřČŠEŽŘ"},
                                                        {"cedilla", "csCS", U"çşÇŞ"}});

std::optional<char32_t> letter_of_hex(std::string_view digits) {
  char32_t code = 0;
  for (const char digit : digits) {
    const bool decimal = digit >= '0' && digit <= '9';
    const bool upper = digit >= 'A' && digit <= 'F';
    if (!decimal && !upper) return std::nullopt;
    code = code * 16 + static_cast<char32_t>(decimal ? digit - '0' : digit - 'A' + 10);
  }
  return code;
}

/// 0: unknown.
char32_t letter_of_glyph(std::string_view name) {
  if (name.size() == 1) return static_cast<unsigned char>(name[0]);
  for (const GlyphName& glyph : k_glyph_names) {
    if (glyph.name == name) return glyph.letter;
  }
  for (const Accent& accent : k_accents) {
    if (name.substr(1) != accent.name) continue;
    const std::size_t at = accent.bases.find(name[0]);
    if (at != std::string_view::npos) return accent.letters[at];
  }
  if (name.starts_with("uni") && name.size() == 7) return letter_of_hex(name.substr(3)).value_or(0);
  if (name.starts_with("u") && name.size() >= 5 && name.size() <= 7) return letter_of_hex(name.substr(1)).value_or(0);
  return 0;
}

std::uint32_t code_of(std::string_view bytes) {
  std::uint32_t code = 0;
  for (const char byte : bytes.substr(0, 4)) code = (code << 8) | static_cast<unsigned char>(byte);
  return code;
}

/// Ligatures as their letters: an address that holds one must be readable.
std::string letters_of(char32_t letter) {
  constexpr std::array<std::string_view, 5> k_ligatures = {"ff", "fi", "fl", "ffi", "ffl"};
  if (letter >= 0xFB00 && letter < 0xFB00 + k_ligatures.size()) return std::string(k_ligatures.at(letter - 0xFB00));
  std::string out;
  base::append_utf8(out, letter);
  return out;
}

/// The string `bytes` of UTF-16, its last unit raised by `more`.
std::string letters_of(std::string bytes, std::uint32_t more) {
  bytes.resize(std::min(bytes.size(), k_letters_of_code_max));
  if (more != 0 && bytes.size() >= 2) {
    const std::uint32_t unit = code_of(bytes.substr(bytes.size() - 2)) + more;
    bytes[bytes.size() - 2] = static_cast<char>(unit >> 8 & 0xFF);
    bytes[bytes.size() - 1] = static_cast<char>(unit & 0xFF);
  }
  if (bytes.size() == 2) return letters_of(static_cast<char32_t>(code_of(bytes)));
  return base::utf8_of_utf16(bytes, base::ByteOrder::big);
}

}  // namespace

PdfFont::PdfFont() {
  for (std::size_t code = 0; code < simple_.size(); ++code)
    simple_.at(code) = code >= 0x80 && code < 0xA0 ? k_windows.at(code - 0x80) : static_cast<char32_t>(code);
}

PdfFont::PdfFont(PdfPieces& pieces, ByteView dictionary) : PdfFont() {
  const PdfDictionary font(dictionary);
  if (font.first_name_is("/Subtype", "/Type0")) {
    code_bytes_ = 2;
    simple_.fill(0);
  }
  const ByteView encoding = pieces.resolve(font.find("/Encoding"));
  if (encoding.matches(0, "<<")) read_differences(pieces.resolve(PdfDictionary(encoding).find("/Differences")));
  const ByteView map = pieces.resolve(font.find("/ToUnicode"));
  if (map.matches(0, "<<")) read_map(pieces.decode_stream(map));
}

/// "[ 32 /space /exclam 65 /A ]": each name has the code behind the one before (9.6.6.1).
void PdfFont::read_differences(ByteView differences) {
  std::uint64_t code = 0;
  for (const ByteView item : list_pdf_array(differences, 1024)) {
    if (const auto number = parse_pdf_number(item, 0)) {
      code = number->value;
    } else if (item.u8(0) == '/' && code < simple_.size()) {
      const char32_t letter = letter_of_glyph(item.part(1).text());
      if (letter != 0) simple_.at(code) = letter;
      ++code;
    }
  }
}

/// "beginbfchar <code> <letters> ... endbfchar", "beginbfrange <from> <to> <letters or [letters ...]> ... endbfrange"
/// (9.10.3).
void PdfFont::read_map(std::string_view map) {
  const ByteView bytes(map);
  std::size_t values_due = 0;  // 0: outside, 2: characters, 3: ranges
  std::vector<ByteView> values;
  std::size_t at = 0;
  for (std::size_t count = 0; count < k_map_values_max && mapped_.size() < k_mapped_max; ++count) {
    at = skip_pdf_space(bytes, at);
    if (at >= bytes.size()) return;
    const auto end = find_pdf_value_end(bytes, at);
    if (!end || *end <= at) {
      ++at;
      continue;
    }
    const ByteView value = bytes.part(at, *end - at);
    at = *end;
    if (value.text() == "beginbfchar" || value.text() == "beginbfrange") {
      values_due = value.text() == "beginbfchar" ? 2 : 3;
      values.clear();
    } else if (value.u8(0) != '<' && value.u8(0) != '[') {
      values_due = 0;
    } else if (values_due != 0) {
      values.push_back(value);
    }
    if (values_due == 0 || values.size() < values_due) continue;
    const std::uint32_t from = code_of(parse_pdf_string(values[0]));
    const std::uint32_t to = values_due == 2 ? from : code_of(parse_pdf_string(values[1]));
    const std::vector<ByteView> listed = list_pdf_array(values.back(), k_range_codes_max);
    const std::string first = parse_pdf_string(values.back());
    for (std::uint32_t step = 0; step < k_range_codes_max && to >= from && step <= to - from; ++step) {
      if (mapped_.size() >= k_mapped_max) return;
      if (step < listed.size())
        mapped_[from + step] = letters_of(parse_pdf_string(listed[step]), 0);
      else if (listed.empty())
        mapped_[from + step] = letters_of(first, step);
    }
    values.clear();
  }
}

void PdfFont::append_letters(std::string_view codes, std::string_view between, std::string& out) const {
  for (std::size_t at = 0; at + code_bytes_ <= codes.size(); at += code_bytes_) {
    if (at > 0) out += between;
    const std::uint32_t code = code_of(codes.substr(at, code_bytes_));
    const auto found = mapped_.find(code);
    if (found != mapped_.end())
      out += found->second;
    else if (code < simple_.size() && simple_.at(code) != 0)
      out += letters_of(simple_.at(code));
  }
}

}  // namespace lastgood::formats
