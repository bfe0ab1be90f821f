// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// OpenDocument text 1.2 (ISO/IEC 26300-1:2015): a ZIP whose first member is "mimetype", stored.
#include <fmt/format.h>

#include "base/human.h"
#include "base/markup.h"
#include "documents/writers.h"
#include "documents/zip_bytes.h"

namespace lastgood::documents {

namespace {

constexpr std::string_view k_odt_head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
constexpr std::string_view k_odt_names =
    "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" "
    "xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" "
    "xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" "
    "xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" "
    "xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" "
    "xmlns:meta=\"urn:oasis:names:tc:opendocument:xmlns:meta:1.0\" "
    "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" office:version=\"1.2\"";

/// Runs of blanks are one blank in this format unless they are told: <text:s/>.
std::string odt_text(std::string_view text) {
  std::string out;
  std::string_view rest = text;
  for (std::size_t at = rest.find("  "); at != std::string_view::npos; at = rest.find("  ")) {
    out += base::escape_html(rest.substr(0, at + 1)) + "<text:s/>";
    rest.remove_prefix(at + 2);
  }
  return out + base::escape_html(rest);
}

std::string odt_runs(const Runs& runs) {
  std::string out;
  for (const Run& run : runs) {
    const char* style = run.style == RunStyle::bold ? "Bold" : run.style == RunStyle::quoted ? "Mono" : nullptr;
    out += style == nullptr
               ? odt_text(run.text)
               : fmt::format("<text:span text:style-name=\"{}\">{}</text:span>", style, odt_text(run.text));
  }
  return out;
}

std::string odt_paragraph(std::string_view style, std::string_view inside) {
  return fmt::format("<text:p text:style-name=\"{}\">{}</text:p>\n", style, inside);
}

std::string odt_table(const Table& table, std::size_t number) {
  std::string out = fmt::format("<table:table table:name=\"Table{}\" table:style-name=\"Table\">\n", number);
  for (const unsigned percent : column_percents(table)) {
    out += fmt::format("<table:table-column table:style-name=\"Column{}\"/>\n", percent);
  }
  const auto cell = [](std::string_view style, const std::string& inside) {
    return "<table:table-cell table:style-name=\"Cell\" office:value-type=\"string\">" + odt_paragraph(style, inside) +
           "</table:table-cell>\n";
  };
  out += "<table:table-header-rows><table:table-row>\n";
  for (const std::string& name : table.header) out += cell("TableHead", odt_text(name));
  out += "</table:table-row></table:table-header-rows>\n";
  for (const auto& row : table.rows) {
    out += "<table:table-row>\n";
    for (const Runs& runs : row) out += cell("TableText", odt_runs(runs));
    out += "</table:table-row>\n";
  }
  return out + "</table:table>\n" + odt_paragraph("Text", "");
}

std::string odt_block(const Block& block, std::size_t number) {
  if (const auto* heading = std::get_if<Heading>(&block)) {
    return fmt::format("<text:h text:style-name=\"Heading{0}\" text:outline-level=\"{0}\">{1}</text:h>\n",
                       heading->level, odt_text(heading->text));
  }
  if (const auto* text = std::get_if<Paragraph>(&block)) return odt_paragraph("Text", odt_runs(text->runs));
  if (const auto* list = std::get_if<List>(&block)) {
    std::string out;
    for (std::size_t i = 0; i < list->items.size(); ++i) {
      out += odt_paragraph("ListItem", mark_of(*list, i) + odt_runs(list->items[i]));
    }
    return out;
  }
  if (const auto* field = std::get_if<Field>(&block)) {
    return odt_paragraph("Field", odt_text(field->name + ": ") + odt_runs(value_of(*field)));
  }
  if (const auto* table = std::get_if<Table>(&block)) return odt_table(*table, number);
  return odt_paragraph("PageBreak", "");
}

std::string text_style(std::string_view name, std::string_view paragraph_properties, std::string_view text_properties) {
  return fmt::format(
      "<style:style style:name=\"{}\" style:family=\"paragraph\"><style:paragraph-properties {}/>"
      "<style:text-properties {}/></style:style>\n",
      name, paragraph_properties, text_properties);
}

std::string styles_xml(const Document& document) {
  constexpr std::string_view k_font = "fo:font-family=\"'Liberation Sans', 'Noto Sans', sans-serif\"";
  std::string out = fmt::format("{}<office:document-styles {}>\n<office:styles>\n", k_odt_head, k_odt_names);
  const auto plain = [&](std::string_view size, std::string_view more) {
    return fmt::format("{} fo:font-size=\"{}pt\" fo:color=\"#000000\" {}", k_font, size, more);
  };
  constexpr std::string_view k_bold = "fo:font-weight=\"bold\"";
  out += text_style("Title", "fo:margin-bottom=\"4mm\"", plain("16", k_bold));
  out += text_style("Heading1", "fo:margin-top=\"5mm\" fo:margin-bottom=\"2mm\" fo:keep-with-next=\"always\"",
                    plain("13", k_bold));
  out += text_style("Heading2", "fo:margin-top=\"4mm\" fo:margin-bottom=\"2mm\" fo:keep-with-next=\"always\"",
                    plain("11.5", k_bold));
  out += text_style("Heading3", "fo:margin-top=\"3mm\" fo:margin-bottom=\"1mm\" fo:keep-with-next=\"always\"",
                    plain("10.5", k_bold));
  out += text_style("Text", "fo:margin-bottom=\"2mm\"", plain("10.5", ""));
  out += text_style("Field", "fo:margin-bottom=\"1.5mm\"", plain("10.5", ""));
  out += text_style("ListItem", "fo:margin-left=\"6mm\" fo:text-indent=\"-5mm\" fo:margin-bottom=\"1mm\"",
                    plain("10.5", ""));
  out += text_style("TableText", "fo:margin-bottom=\"0mm\"", plain("9", ""));
  out += text_style("TableHead", "fo:margin-bottom=\"0mm\"", plain("9", k_bold));
  out += text_style("PageBreak", "fo:break-after=\"page\"", plain("10.5", ""));
  out += text_style("Note", "fo:text-align=\"center\"", plain("9", k_bold));
  out += text_style("Foot", "fo:text-align=\"center\"", plain("9", ""));
  out +=
      "<style:style style:name=\"Bold\" style:family=\"text\"><style:text-properties "
      "fo:font-weight=\"bold\"/></style:style>\n"
      "<style:style style:name=\"Mono\" style:family=\"text\"><style:text-properties fo:font-family=\"'Liberation "
      "Mono', "
      "monospace\"/></style:style>\n</office:styles>\n<office:automatic-styles>\n<style:page-layout style:name=\"A4\">"
      "<style:page-layout-properties fo:page-width=\"210mm\" fo:page-height=\"297mm\" fo:margin=\"20mm\"/>"
      "<style:header-style/><style:footer-style/></style:page-layout>\n</"
      "office:automatic-styles>\n<office:master-styles>"
      "<style:master-page style:name=\"Standard\" style:page-layout-name=\"A4\">\n";
  if (!document.note.empty())
    out += "<style:header>" + odt_paragraph("Note", odt_text(document.note)) + "</style:header>\n";
  out += "<style:footer>" +
         odt_paragraph("Foot", "page <text:page-number>1</text:page-number> of <text:page-count>1</text:page-count>") +
         "</style:footer>\n</style:master-page></office:master-styles></office:document-styles>\n";
  return out;
}

std::string content_xml(const Document& document) {
  std::string out = fmt::format("{}<office:document-content {}>\n<office:automatic-styles>\n", k_odt_head, k_odt_names);
  out +=
      "<style:style style:name=\"Table\" style:family=\"table\"><style:table-properties style:width=\"170mm\" "
      "table:align=\"left\"/></style:style>\n"
      "<style:style style:name=\"Cell\" style:family=\"table-cell\"><style:table-cell-properties fo:border=\"0.5pt "
      "solid "
      "#000000\" fo:padding=\"1mm\"/></style:style>\n";
  for (unsigned percent = 0; percent <= 100; ++percent) {
    out += fmt::format(
        "<style:style style:name=\"Column{0}\" style:family=\"table-column\"><style:table-column-properties "
        "style:column-width=\"{1}.{2}mm\"/></style:style>\n",
        percent, percent * 17 / 10, percent * 17 % 10);
  }
  out += "</office:automatic-styles>\n<office:body><office:text>\n" + odt_paragraph("Title", odt_text(document.title));
  for (std::size_t i = 0; i < document.blocks.size(); ++i) out += odt_block(document.blocks[i], i + 1);
  return out + "</office:text></office:body></office:document-content>\n";
}

}  // namespace

std::string write_odt(const Document& document) {
  ZipBytes zip;
  zip.add("mimetype", "application/vnd.oasis.opendocument.text", Packing::stored);
  zip.add("content.xml", content_xml(document), Packing::deflated);
  zip.add("styles.xml", styles_xml(document), Packing::deflated);
  const std::string made = document.made_ns == 0
                               ? std::string()
                               : fmt::format("<meta:creation-date>{0}</meta:creation-date><dc:date>{0}</dc:date>",
                                             base::utc_time(document.made_ns));
  zip.add("meta.xml",
          fmt::format("{}<office:document-meta {}><office:meta><meta:generator>lastgood</meta:generator><dc:title>{}"
                      "</dc:title>{}</office:meta></office:document-meta>\n",
                      k_odt_head, k_odt_names, odt_text(document.title), made),
          Packing::deflated);
  zip.add("META-INF/manifest.xml",
          fmt::format("{}<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" "
                      "manifest:version=\"1.2\">\n<manifest:file-entry manifest:full-path=\"/\" "
                      "manifest:media-type=\"application/vnd.oasis.opendocument.text\"/>\n"
                      "<manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/>\n"
                      "<manifest:file-entry manifest:full-path=\"styles.xml\" manifest:media-type=\"text/xml\"/>\n"
                      "<manifest:file-entry manifest:full-path=\"meta.xml\" manifest:media-type=\"text/xml\"/>\n"
                      "</manifest:manifest>\n",
                      k_odt_head),
          Packing::deflated);
  return zip.finish();
}

}  // namespace lastgood::documents
