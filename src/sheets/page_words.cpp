// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sheets/page_words.h"

#include <fmt/format.h>

#include "base/counted.h"
#include "base/human.h"
#include "base/letters.h"
#include "base/local_time.h"
#include "documents/clean_text.h"
#include "sheets/sheet_rows.h"

namespace lastgood::sheets {

namespace {

constexpr std::size_t k_notes_shown = 4;

}  // namespace

std::string called_packet(const std::string& group_by, const std::string& name) {
  const std::string words = " " + base::lower(name) + " ";
  const bool says_what = words.find(" " + base::lower(group_by) + " ") != std::string::npos;
  return says_what ? name : group_by + " " + name;
}

HeadWords head_words(const PreparedSheet& sheet, const Packet* packet, std::size_t page, std::size_t pages) {
  using Rank = HeadLine::Rank;
  const Stamp& stamp = sheet.stamp;
  HeadWords words;
  std::string title = sheet.title;
  if (packet != nullptr && !packet->name.empty()) title += ": " + called_packet(sheet.group_by, packet->name);
  words.lines.push_back({Rank::title, title});
  const std::string made = base::time_in_zone(stamp.made_ns, stamp.zone);
  const std::string as_of =
      stamp.data_as_of_ns == 0
          ? std::string("How old its data is, is not known;")
          : fmt::format("Data as of {}, {} when", base::time_in_zone(stamp.data_as_of_ns, stamp.zone), age_of(stamp));
  words.lines.push_back({Rank::strong, packet == nullptr
                                           ? fmt::format("NO DATA. Tried at {}", made)
                                           : fmt::format("READ ONLY. {} this was made ({})", as_of, made)});
  std::string from = fmt::format("sheet {}", sheet.id);
  if (packet != nullptr) from += ", " + base::counted(packet->rows.size(), "row");
  from += fmt::format(", from {}", stamp.source.empty() ? "no copy" : stamp.source);
  if (!stamp.data_as_of_basis.empty()) from += "; time by " + stamp.data_as_of_basis;
  words.lines.push_back({Rank::small, documents::clean_text(from)});
  if (packet != nullptr && !packet->blank_rows.empty() && !packet->blank_rows.front().cells.empty() &&
      !packet->blank_rows.front().cells.front().empty())
    words.lines.push_back(
        {Rank::small, fmt::format("Empty lines {} to {} are for writing. What is written in one keeps "
                                  "its number, also on forms and samples.",
                                  packet->blank_rows.front().cells.front(), packet->blank_rows.back().cells.front())});
  std::vector<std::string> notes = sheet.notes;
  if (packet != nullptr && packet->cut_cells > 0)
    notes.insert(notes.begin(), words_of_cut(packet->cut_cells) + "; CSV and JSON have more of it");
  for (std::size_t i = 0; i < notes.size() && i < k_notes_shown; ++i)
    words.lines.push_back({Rank::strong, "Note: " + documents::clean_text(notes[i])});
  if (notes.size() > k_notes_shown)
    words.lines.push_back(
        {Rank::strong, fmt::format("and {}, in the index", base::counted(notes.size() - k_notes_shown, "more note"))});
  words.stamp = stale_words(stamp);
  words.page = fmt::format("page {} of {}", page, pages);
  return words;
}

}  // namespace lastgood::sheets
