// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "services/toml_shape.h"

#include <fmt/format.h>

namespace lastgood::services {

namespace {

constexpr std::size_t k_depth_max = 16;
constexpr std::size_t k_points_max = 8;
/// What TOML knows outside of texts and comments. toml++ 3.3.0 takes this for granted in places.
constexpr std::string_view k_allowed =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+.:=,[]{} \t\r\n";

/// Steps over comments and strings and counts what is left. A text that is no TOML is counted just the same: what
/// it says of strings then only has to hold as long as the parser agrees, which stops at the first mistake.
class ShapeReader {
 public:
  explicit ShapeReader(std::string_view text) : text_(text) {}

  std::optional<ShapeMistake> read() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    while (at_ < text_.size()) {
      const char here = text_[at_];
      if (here == '\n') end_line();
      if (here == '#') {
        skip_comment();
      } else if (here == '"' || here == '\'') {
        skip_string(here);
      } else {
        if (auto mistake = count(here)) return mistake;
        ++at_;
      }
    }
    return {};
  }

 private:
  void end_line() {
    ++line_;
    points_ = 0;
  }

  void skip_comment() {
    while (at_ < text_.size() && text_[at_] != '\n') ++at_;
  }

  void skip_string(char quote) {
    const std::string three(3, quote);
    const bool is_long = text_.substr(at_, 3) == three;
    at_ += is_long ? 3 : 1;
    while (at_ < text_.size()) {
      const char here = text_[at_];
      if (here == '\n' && !is_long) return;  // not closed: the parser says so
      if (here == '\n') ++line_;
      if (here == '\\' && quote == '"') {
        if (at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++line_;
        at_ += 2;
        continue;
      }
      if (is_long ? text_.substr(at_, 3) == three : here == quote) {
        at_ += is_long ? 3 : 1;
        // Two quotes may stand before the three that end a long text.
        for (int more = 0; is_long && more < 2 && at_ < text_.size() && text_[at_] == quote; ++more) ++at_;
        return;
      }
      ++at_;
    }
  }

  std::optional<ShapeMistake> count(char here) {
    if (k_allowed.find(here) == std::string_view::npos)
      return ShapeMistake{line_, "a character that needs quotes around it: '" + std::string(printable_at()) + "'"};
    const bool begins_line = text_.substr(0, at_).find_last_not_of(" \t") == std::string_view::npos ||
                             text_[text_.substr(0, at_).find_last_not_of(" \t")] == '\n';
    if (begins_line && depth_ == 0 && text_.substr(at_, 3) == "[[[")
      return ShapeMistake{line_, "a table begins with '[' or '[[', not with '[[['"};
    if (here == '[' || here == '{') ++depth_;
    if ((here == ']' || here == '}') && depth_ > 0) --depth_;
    if (here == '.') ++points_;
    if (here == '=' || here == ',' || here == '{' || here == '}') points_ = 0;
    if (depth_ > k_depth_max)
      return ShapeMistake{line_, fmt::format("brackets nest deeper than {}: no services file needs that", k_depth_max)};
    if (points_ >= k_points_max)
      return ShapeMistake{line_,
                          fmt::format("a key has more than {} parts: no services file needs that", k_points_max)};
    return {};
  }

  /// The whole of a letter of several bytes.
  [[nodiscard]] std::string_view printable_at() const {
    std::size_t end = at_ + 1;
    while (end < text_.size() && end < at_ + 4 && (static_cast<unsigned char>(text_[end]) & 0xC0U) == 0x80U) ++end;
    return text_.substr(at_, end - at_);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t depth_ = 0;
  std::size_t points_ = 0;
};

}  // namespace

std::optional<ShapeMistake> check_toml_shape(std::string_view text) { return ShapeReader(text).read(); }

}  // namespace lastgood::services
