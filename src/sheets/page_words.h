// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What stands at the head of each page, on paper and screen alike. Pure.
#pragma once

#include <string>
#include <vector>

#include "sheets/prepared_sheet.h"

namespace lastgood::sheets {

/// "ward W-5"; of a value that says itself what it is, "Cardiology ward", nothing more.
[[nodiscard]] std::string called_packet(const std::string& group_by, const std::string& name);

struct HeadLine {
  enum class Rank : std::uint8_t { title, strong, small } rank = Rank::small;
  std::string text;
};

struct HeadWords {
  std::vector<HeadLine> lines;
  std::string stamp;  // "OLDER THAN 24 h"; empty: none
  std::string page;   // "page 3 of 7"
};

/// `packet` is null for a sheet that could not be made. The same number of lines for each page of a packet.
[[nodiscard]] HeadWords head_words(const PreparedSheet& sheet, const Packet* packet, std::size_t page,
                                   std::size_t pages);

}  // namespace lastgood::sheets
