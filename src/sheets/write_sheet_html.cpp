// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sheets/write_sheet_html.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/markup.h"
#include "documents/clean_text.h"
#include "evidence/qr_code.h"
#include "sheets/page_words.h"
#include "sheets/prepare_sheet.h"
#include "sheets/sheet_rows.h"

namespace lastgood::sheets {

namespace {

using base::escape_html;

constexpr unsigned k_code_mm = 10;
constexpr std::size_t k_whole_bytes_max = 16;    // "2022-11-23 09:10"
constexpr std::size_t k_whole_columns_max = 10;  // more would be wider than the page
constexpr std::size_t k_word_letters_max = 24;   // a longer one would push what is beside it off the page
constexpr std::size_t k_cell_letters_max = 60;   // more would take the width of all columns beside it

constexpr std::string_view k_style =
    "@page{size:A4;margin:12mm;@bottom-right{content:\"page \" counter(page) \" of \" counter(pages)}}"
    "@page wide{size:A4 landscape}section.wide{page:wide}"
    "body{font:10.5pt/1.3 'Noto Sans',sans-serif;color:#000;background:#fff;margin:12mm}"
    "@media print{body{margin:0}}"
    "section{break-after:page}h1{font-size:15pt;margin:0}h2{font-size:12pt}p{margin:1px 0}"
    // Half of a border lies outside of its table: on paper that half is cut off.
    "table{border-collapse:collapse;width:calc(100% - 1px);table-layout:auto}thead{display:table-header-group}"
    "tr{break-inside:avoid}td,th{border:1px solid #000;padding:3px "
    "5px;text-align:left;vertical-align:top;overflow-wrap:break-word;unicode-bidi:isolate}"
    "th.head{border:0;font-weight:normal;padding:0 0 4px}.strong{font-weight:bold}"
    ".stale{border:4px solid #b00000;color:#b00000;font-weight:bold;font-size:15pt;text-align:center;margin:4px 0}"
    "td.long,th.long,section.dense td,section.dense th{overflow-wrap:anywhere}"
    "section.dense td,section.dense th{font-size:8pt;padding:2px}section.dense th.head{font-size:10.5pt}"
    "td div{max-width:70mm}section.dense td div{max-width:32mm}"
    "td.whole{white-space:nowrap}td.code{padding:0;width:10mm}tr.blank td{height:11mm}tr.blank "
    "td:first-child{font-weight:bold}"
    "ul{margin:2px 0}";

std::string begun(const std::string& title) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" "
      "content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n<title>{}</title>\n<style>{}</style></head><body>\n",
      escape_html(title), k_style);
}

std::string head_html(const PreparedSheet& sheet, const Packet* packet) {
  const HeadWords words = head_words(sheet, packet, 1, 1);
  std::string html;
  for (const HeadLine& line : words.lines) {
    const bool title = line.rank == HeadLine::Rank::title;
    html += fmt::format("<{0}{1}>{2}</{3}>\n", title ? "h1" : "p",
                        line.rank == HeadLine::Rank::strong ? " class=\"strong\"" : "", escape_html(line.text),
                        title ? "h1" : "p");
  }
  if (!words.stamp.empty()) html += "<p class=\"stale\">" + escape_html(words.stamp) + "</p>\n";
  return html;
}

/// "W-0097", "2022-11-23", "98765 43210": a number that goes on in another line is misread.
bool is_number(std::string_view cell) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return cell.size() <= k_whole_bytes_max && std::any_of(cell.begin(), cell.end(), is_digit) &&
         (cell.find(' ') == std::string_view::npos ||
          cell.find_first_not_of("0123456789 +-/:.") == std::string_view::npos);
}

/// Of its words.
std::size_t longest_word_letters(std::string_view cell) {
  std::size_t longest = 0;
  std::size_t letters = 0;
  for (const char c : cell) {
    letters = c == ' ' ? 0 : letters + ((static_cast<unsigned char>(c) & 0xC0U) == 0x80U ? 0U : 1U);
    longest = std::max(longest, letters);
  }
  return longest;
}

std::size_t count_letters(std::string_view cell) {
  return static_cast<std::size_t>(
      std::count_if(cell.begin(), cell.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string_view class_of_word(std::string_view cell) {
  return longest_word_letters(cell) > k_word_letters_max ? " class=\"long\"" : "";
}

std::string row_html(const Row& row, std::size_t columns, bool codes, bool blank) {
  std::string html = blank ? "<tr class=\"blank\">" : "<tr>";
  for (std::size_t i = 0; i < columns; ++i) {
    const bool whole = is_number(row.cells[i]) && (blank || i == 0 || columns <= k_whole_columns_max);
    const bool is_wide = count_letters(row.cells[i]) > k_cell_letters_max;
    html += fmt::format(
        "<td{}>{}{}{}</td>", whole ? " class=\"whole\"" : class_of_word(row.cells[i]), is_wide ? "<div>" : "",
        escape_html(fits_page(row.cells[i]) ? row.cells[i] : cut_for_page(row.cells[i])), is_wide ? "</div>" : "");
  }
  if (codes) {
    html += "<td class=\"code\">";
    if (!row.code.empty()) {
      if (const auto code = evidence::make_small_qr_code(row.code)) html += evidence::qr_svg(*code, k_code_mm);
    }
    html += "</td>";
  }
  return html + "</tr>\n";
}

std::string_view class_of_section(std::size_t columns) {
  if (columns > k_whole_columns_max) return " class=\"wide dense\"";
  return columns > k_portrait_columns_max ? " class=\"wide\"" : "";
}

std::string section_html(const Section& section) {
  const PreparedSheet& sheet = *section.sheet;
  if (!sheet.could_not.empty()) {
    return "<section>" + head_html(sheet, nullptr) + "<h2>This sheet could not be made.</h2><p>" +
           escape_html(sheet.could_not) + "</p></section>\n";
  }
  const Packet& packet = sheet.packets[section.packet];
  const std::size_t columns = std::min(sheet.columns.size(), k_printed_columns_max);
  const auto has_code = [](const Row& row) { return !row.code.empty(); };
  const bool codes = std::any_of(packet.rows.begin(), packet.rows.end(), has_code) ||
                     std::any_of(packet.blank_rows.begin(), packet.blank_rows.end(), has_code);
  // The stamp stands in the table's head, which browsers print on each page.
  std::string html = fmt::format("<section{}><table><thead><tr><th class=\"head\" colspan=\"{}\">{}</th></tr><tr>",
                                 class_of_section(columns), std::max<std::size_t>(columns + (codes ? 1 : 0), 1),
                                 head_html(sheet, &packet));
  for (std::size_t i = 0; i < columns; ++i)
    html += fmt::format("<th{}>{}</th>", class_of_word(sheet.columns[i]), escape_html(sheet.columns[i]));
  if (codes) html += "<th></th>";
  html += "</tr></thead><tbody>\n";
  for (const Row& row : packet.rows) html += row_html(row, columns, codes, false);
  for (const Row& row : packet.blank_rows) html += row_html(row, columns, codes, true);
  html += "</tbody></table>\n";
  if (packet.rows.empty()) html += "<p class=\"strong\">The answer has no rows.</p>\n";
  return html + "</section>\n";
}

std::string list_html(const std::vector<IndexedPacket>& packets) {
  std::string html = "<table><tbody>\n";
  for (const IndexedPacket& packet : packets) {
    html += "<tr><td class=\"strong\">" + escape_html(documents::clean_text(packet.title)) + "</td><td>" +
            escape_html(documents::clean_text(packet.what)) +
            (packet.stale ? " <span class=\"strong\">OLD</span>" : "") + "</td><td>";
    for (const IndexedFile& file : packet.files)
      html += fmt::format("<a href=\"{}\">{}</a> ", escape_html(file.name), escape_html(file.title));
    html += "</td></tr>\n";
  }
  return html + "</tbody></table>\n";
}

}  // namespace

std::string write_sheet_html(const std::vector<Section>& sections) {
  std::string html = begun(sections.empty() ? "no sheets" : sections.front().sheet->title);
  for (const Section& section : sections) html += section_html(section);
  return html + "</body></html>\n";
}

std::string write_index_html(const std::string& title, const std::vector<std::string>& sentences,
                             const std::vector<IndexedPacket>& packets, const std::vector<IndexedPacket>& sheets) {
  std::string html = begun(title) + "<h1>" + escape_html(documents::clean_text(title)) + "</h1>\n";
  for (const std::string& sentence : sentences) html += "<p>" + escape_html(documents::clean_text(sentence)) + "</p>\n";
  if (!packets.empty()) html += "<h2>Packets</h2>\n" + list_html(packets);
  html += "<h2>Sheets</h2>\n" + list_html(sheets);
  return html + "</body></html>\n";
}

}  // namespace lastgood::sheets
