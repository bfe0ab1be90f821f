// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One page without scripts and without anything from outside.
#include <fmt/format.h>

#include "base/markup.h"
#include "documents/writers.h"

namespace lastgood::documents {

namespace {

using base::escape_html;

std::string html_of(const Runs& runs) {
  std::string html;
  for (const Run& run : runs) {
    const char* tag = run.style == RunStyle::bold ? "b" : run.style == RunStyle::quoted ? "code" : nullptr;
    html += tag == nullptr ? escape_html(run.text) : fmt::format("<{0}>{1}</{0}>", tag, escape_html(run.text));
  }
  return html;
}

std::string html_of(const Table& table) {
  std::string html = "<table><thead><tr>";
  for (const std::string& name : table.header) html += "<th>" + escape_html(name) + "</th>";
  html += "</tr></thead><tbody>\n";
  for (const auto& row : table.rows) {
    html += "<tr>";
    for (const Runs& cell : row) html += "<td>" + html_of(cell) + "</td>";
    html += "</tr>\n";
  }
  return html + "</tbody></table>\n";
}

std::string html_of(const Block& block) {
  if (const auto* heading = std::get_if<Heading>(&block)) {
    return fmt::format("<h{0}>{1}</h{0}>\n", heading->level + 1, escape_html(heading->text));
  }
  if (const auto* paragraph = std::get_if<Paragraph>(&block)) return "<p>" + html_of(paragraph->runs) + "</p>\n";
  if (const auto* list = std::get_if<List>(&block)) {
    const char* tag = list->kind == ListKind::numbers ? "ol" : "ul";
    std::string html = fmt::format("<{}>\n", tag);
    for (const Runs& item : list->items) html += "<li>" + html_of(item) + "</li>\n";
    return html + fmt::format("</{}>\n", tag);
  }
  if (const auto* field = std::get_if<Field>(&block)) {
    return "<p class=\"field\">" + escape_html(field->name) + ": " + html_of(value_of(*field)) + "</p>\n";
  }
  if (const auto* table = std::get_if<Table>(&block)) return html_of(*table);
  return "<div class=\"break\"></div>\n";
}

constexpr std::string_view k_style =
    "@page{size:A4;margin:20mm}body{font:11pt/1.4 sans-serif;max-width:170mm;margin:2em "
    "auto;color:#000;background:#fff}"
    "table{border-collapse:collapse;width:100%}td,th{border:1px solid #000;padding:2px "
    "6px;text-align:left;vertical-align:"
    "top;overflow-wrap:anywhere}code{font-family:monospace;overflow-wrap:anywhere}.note{border:1px solid "
    "#000;padding:4px "
    "8px}.field{margin:.2em 0}.break{break-after:page}";

}  // namespace

std::string write_html(const Document& document) {
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" "
      "content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n<title>{0}</title>\n<style>{1}</style></head><body>\n"
      "<h1>{0}</h1>\n",
      escape_html(document.title), k_style);
  if (!document.note.empty()) html += "<p class=\"note\">" + escape_html(document.note) + "</p>\n";
  for (const Block& block : document.blocks) html += html_of(block);
  return html + "</body></html>\n";
}

}  // namespace lastgood::documents
