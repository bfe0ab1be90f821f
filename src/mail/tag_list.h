// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Tag lists of DKIM and ARC: RFC 6376 section 3.2.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lastgood::mail {

struct TagList {
  std::vector<std::pair<std::string, std::string>> tags;  // names and values without blanks around them
  /// nullptr when the tag is not there. Names are told apart by case.
  [[nodiscard]] const std::string* find(std::string_view name) const;
  [[nodiscard]] std::string value_or(std::string_view name, std::string_view fallback) const;
};

/// Nothing where the grammar does not hold: no '=', a name that is none, a tag twice, more than 64 tags.
[[nodiscard]] std::optional<TagList> parse_tag_list(std::string_view text);

std::string without_spaces(std::string_view text);
/// Base64 that may be folded; nothing when it is none.
[[nodiscard]] std::optional<std::string> parse_folded_base64(std::string_view text);
/// The "dkim-quoted-printable" of RFC 6376 section 2.11: blanks are dropped, "=2E" is a dot.
std::string decode_tag_text(std::string_view text);
/// "a : b:c" as lower-case words; blanks are dropped.
std::vector<std::string> split_colons(std::string_view text);

}  // namespace lastgood::mail
