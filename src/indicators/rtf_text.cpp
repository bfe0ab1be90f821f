// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Rich Text Format 1.9: "\word123 ", "\'e9", "\u1074?", groups in braces. A group that begins with "\*" or names a
// table is not shown, except for where a link leads.
#include <algorithm>
#include <array>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "base/letters.h"
#include "base/utf8.h"
#include "indicators/code_pages.h"
#include "indicators/readable_text.h"

namespace lastgood::indicators {

namespace {

using base::is_digit;
using base::is_letter;

constexpr std::size_t k_groups_max = 256;

unsigned nibble(char c) { return static_cast<unsigned>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10) & 15U; }

unsigned page_of_charset(std::int32_t charset) {
  switch (charset) {
    case 161: return 1253;
    case 162: return 1254;
    case 204: return 1251;
    case 238: return 1250;
    default: return 0;
  }
}

class RtfText {
 public:
  explicit RtfText(std::string_view rtf) : rtf_(rtf) {}

  std::string read() {
    while (at_ < rtf_.size()) step();
    return std::move(out_);
  }

 private:
  void step() {
    const char c = rtf_[at_];
    if (c == '{') {
      if (hidden_.size() < k_groups_max) hidden_.push_back(is_hidden_);
      ++at_;
    } else if (c == '}') {
      if (!hidden_.empty()) {
        is_hidden_ = hidden_.back();
        hidden_.pop_back();
        in_fonts_ = in_fonts_ && is_hidden_;
      }
      ++at_;
    } else if (c == '\\' && at_ + 1 < rtf_.size()) {
      control();
    } else {
      if (c != '\r' && c != '\n') put_byte(static_cast<std::uint8_t>(c));
      ++at_;
    }
  }

  void control() {
    const char next = rtf_[at_ + 1];
    if (next == '\'' && at_ + 3 < rtf_.size()) {
      put_byte(static_cast<std::uint8_t>(nibble(rtf_[at_ + 2]) << 4 | nibble(rtf_[at_ + 3])));
      at_ += 4;
    } else if (is_letter(next)) {
      word();
    } else {
      if (next == '*') is_hidden_ = true;
      if (next == '~') put(' ');
      if (next == '\\' || next == '{' || next == '}') put_byte(static_cast<std::uint8_t>(next));
      at_ += 2;
    }
  }

  void word() {
    const std::size_t from = ++at_;
    while (at_ < rtf_.size() && is_letter(rtf_[at_])) ++at_;
    const std::string_view name = rtf_.substr(from, at_ - from);
    const bool negative = at_ < rtf_.size() && rtf_[at_] == '-';
    if (negative) ++at_;
    std::int32_t number = 0;
    while (at_ < rtf_.size() && is_digit(rtf_[at_]) && number < 10'000'000) number = number * 10 + (rtf_[at_++] - '0');
    if (at_ < rtf_.size() && rtf_[at_] == ' ') ++at_;
    apply(name, negative ? -number : number);
  }

  void apply(std::string_view name, std::int32_t number) {
    if (name == "u") {
      put_unit(static_cast<std::uint32_t>(number < 0 ? number + 0x10000 : number) & 0xFFFF);
      to_skip_ = fallback_bytes_;
    } else if (name == "uc") {
      fallback_bytes_ = static_cast<std::size_t>(std::clamp(number, 0, 8));
    } else if (name == "par" || name == "line" || name == "row" || name == "page") {
      put('\n');
    } else if (name == "tab" || name == "cell") {
      put(' ');
    } else if (name == "ansicpg") {
      default_page_ = &find_code_page(static_cast<unsigned>(std::max(number, 0)));
      page_ = default_page_;
    } else if (name == "f") {
      font_ = number;
      const auto known = font_pages_.find(number);
      page_ = known == font_pages_.end() ? default_page_ : known->second;
    } else if (name == "fcharset" && in_fonts_ && page_of_charset(number) != 0) {
      font_pages_[font_] = &find_code_page(page_of_charset(number));
    } else if (name == "fldinst") {
      is_hidden_ = false;
      put('\n');
    } else if (name == "bin") {
      at_ += std::min(static_cast<std::size_t>(std::max(number, 0)), rtf_.size() - at_);
    } else {
      hide(name);
    }
  }

  void hide(std::string_view name) {
    constexpr std::array k_hidden =
        std::to_array<std::string_view>({"fonttbl", "colortbl", "stylesheet", "listtable", "pict", "themedata",
                                         "datastore", "latentstyles", "generator"});
    if (std::find(k_hidden.begin(), k_hidden.end(), name) == k_hidden.end()) return;
    is_hidden_ = true;
    in_fonts_ = name == "fonttbl";
  }

  void put_byte(std::uint8_t byte) {
    if (to_skip_ > 0) {
      --to_skip_;
      return;
    }
    if (!is_hidden_) append_letter(*page_, byte, out_);
  }

  void put(char c) {
    if (!is_hidden_) out_ += c;
  }

  void put_unit(std::uint32_t unit) {
    if (is_hidden_) return;
    const bool is_low = unit >= 0xDC00 && unit < 0xE000;
    base::append_utf8(out_, high_ != 0 && is_low ? 0x10000 + ((high_ - 0xD800) << 10) + (unit - 0xDC00) : unit);
    high_ = unit >= 0xD800 && unit < 0xDC00 ? unit : 0;
  }

  std::string_view rtf_;
  std::size_t at_ = 0;
  std::string out_;
  std::vector<bool> hidden_;  // of the groups around this one
  bool is_hidden_ = false;
  bool in_fonts_ = false;
  std::size_t fallback_bytes_ = 1;  // stand behind "\u" for programs without Unicode
  std::size_t to_skip_ = 0;
  std::uint32_t high_ = 0;  // first half of a pair
  const CodePage* default_page_ = &find_code_page(1252);
  const CodePage* page_ = default_page_;
  std::int32_t font_ = 0;
  std::unordered_map<std::int32_t, const CodePage*> font_pages_;
};

}  // namespace

std::string text_of_rtf(std::string_view rtf) { return RtfText(rtf).read(); }

}  // namespace lastgood::indicators
