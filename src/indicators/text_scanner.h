// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One pass over text of one byte a letter. Private to indicators/.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace lastgood::indicators {

struct TextHit {
  std::string_view kind;
  std::string value;
  std::string_view level;
  std::size_t from = 0;
  std::size_t to = 0;
  std::optional<std::uint16_t> port;
  bool is_defanged = false;
};

/// Shows every hit; those of overlapping words each time (a URL, and the host in it). No more than a few kilobytes are
/// looked at around each place.
void scan_text(std::string_view text, const std::function<void(TextHit&&)>& show);

}  // namespace lastgood::indicators
