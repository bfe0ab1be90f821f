// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Office Open XML text (ECMA-376 part 1, section 11 and 17; packaging: part 2), transitional.
#include <fmt/format.h>

#include "base/human.h"
#include "base/markup.h"
#include "documents/writers.h"
#include "documents/zip_bytes.h"

namespace lastgood::documents {

namespace {

constexpr std::string_view k_head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
constexpr std::string_view k_names =
    "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" "
    "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
constexpr std::string_view k_relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
constexpr std::string_view k_word = "application/vnd.openxmlformats-officedocument.wordprocessingml";
constexpr unsigned k_line_twips = 9638;  // 170 mm

std::string docx_run(std::string_view text, RunStyle style) {
  const char* properties = style == RunStyle::bold     ? "<w:rPr><w:b/></w:rPr>"
                           : style == RunStyle::quoted ? "<w:rPr><w:rStyle w:val=\"Mono\"/></w:rPr>"
                                                       : "";
  return fmt::format("<w:r>{}<w:t xml:space=\"preserve\">{}</w:t></w:r>", properties, base::escape_html(text));
}

std::string docx_runs(const Runs& runs) {
  std::string out;
  for (const Run& run : runs) out += docx_run(run.text, run.style);
  return out;
}

std::string paragraph(std::string_view style, std::string_view inside) {
  return fmt::format("<w:p><w:pPr><w:pStyle w:val=\"{}\"/></w:pPr>{}</w:p>\n", style, inside);
}

std::string docx_table(const Table& table) {
  constexpr std::string_view k_borders =
      "<w:tblBorders><w:top w:val=\"single\" w:sz=\"4\" w:color=\"000000\"/><w:left w:val=\"single\" w:sz=\"4\" "
      "w:color=\"000000\"/><w:bottom w:val=\"single\" w:sz=\"4\" w:color=\"000000\"/><w:right w:val=\"single\" "
      "w:sz=\"4\" "
      "w:color=\"000000\"/><w:insideH w:val=\"single\" w:sz=\"4\" w:color=\"000000\"/><w:insideV w:val=\"single\" "
      "w:sz=\"4\" w:color=\"000000\"/></w:tblBorders>";
  const auto percents = column_percents(table);
  std::string out = fmt::format(
      "<w:tbl><w:tblPr><w:tblW w:w=\"{}\" w:type=\"dxa\"/>{}<w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>",
      k_line_twips, k_borders);
  for (const unsigned percent : percents) out += fmt::format("<w:gridCol w:w=\"{}\"/>", k_line_twips * percent / 100);
  out += "</w:tblGrid>\n<w:tr><w:trPr><w:tblHeader/></w:trPr>";
  const auto cell = [&](std::size_t column, const std::string& inside) {
    return fmt::format("<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/></w:tcPr>{}</w:tc>",
                       k_line_twips * percents[column] / 100, paragraph("TableText", inside));
  };
  for (std::size_t i = 0; i < table.header.size(); ++i) out += cell(i, docx_run(table.header[i], RunStyle::bold));
  out += "</w:tr>\n";
  for (const auto& row : table.rows) {
    out += "<w:tr>";
    for (std::size_t i = 0; i < row.size(); ++i) out += cell(i, docx_runs(row[i]));
    out += "</w:tr>\n";
  }
  return out + "</w:tbl>\n" + paragraph("Text", "");
}

std::string docx_block(const Block& block) {
  if (const auto* heading = std::get_if<Heading>(&block)) {
    return paragraph(fmt::format("Heading{}", heading->level), docx_run(heading->text, RunStyle::plain));
  }
  if (const auto* text = std::get_if<Paragraph>(&block)) return paragraph("Text", docx_runs(text->runs));
  if (const auto* list = std::get_if<List>(&block)) {
    std::string out;
    for (std::size_t i = 0; i < list->items.size(); ++i) {
      out += paragraph("ListItem", docx_run(mark_of(*list, i), RunStyle::plain) + docx_runs(list->items[i]));
    }
    return out;
  }
  if (const auto* field = std::get_if<Field>(&block)) {
    return paragraph("Field", docx_run(field->name + ": ", RunStyle::plain) + docx_runs(value_of(*field)));
  }
  if (const auto* table = std::get_if<Table>(&block)) return docx_table(*table);
  return "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>\n";
}

std::string style(std::string_view id, std::string_view name, std::string_view paragraph_properties,
                  std::string_view size, std::string_view more) {
  return fmt::format(
      "<w:style w:type=\"paragraph\" w:styleId=\"{0}\"><w:name w:val=\"{1}\"/><w:pPr>{2}</w:pPr><w:rPr>{4}<w:sz "
      "w:val=\"{3}\"/><w:szCs w:val=\"{3}\"/></w:rPr></w:style>\n",
      id, name, paragraph_properties, size, more);
}

std::string styles_xml() {
  constexpr std::string_view k_bold = "<w:b/>";
  std::string out = fmt::format(
      "{}<w:styles {}>\n<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Liberation Sans\" w:hAnsi=\"Liberation "
      "Sans\" w:cs=\"Noto Sans\"/><w:lang w:val=\"en-IN\"/></w:rPr></w:rPrDefault></w:docDefaults>\n",
      k_head, k_names);
  out += style("Title", "Title", "<w:spacing w:after=\"200\"/>", "32", k_bold);
  out += style("Heading1", "heading 1",
               "<w:keepNext/><w:spacing w:before=\"280\" w:after=\"110\"/><w:outlineLvl w:val=\"0\"/>", "26", k_bold);
  out += style("Heading2", "heading 2",
               "<w:keepNext/><w:spacing w:before=\"220\" w:after=\"110\"/><w:outlineLvl w:val=\"1\"/>", "23", k_bold);
  out += style("Heading3", "heading 3",
               "<w:keepNext/><w:spacing w:before=\"160\" w:after=\"60\"/><w:outlineLvl w:val=\"2\"/>", "21", k_bold);
  out += style("Text", "Text", "<w:spacing w:after=\"110\"/>", "21", "");
  out += style("Field", "Field", "<w:spacing w:after=\"80\"/>", "21", "");
  out +=
      style("ListItem", "List Item", "<w:spacing w:after=\"60\"/><w:ind w:left=\"340\" w:hanging=\"280\"/>", "21", "");
  out += style("TableText", "Table Text", "<w:spacing w:after=\"0\"/>", "18", "");
  out += style("Note", "Note", "<w:jc w:val=\"center\"/>", "18", k_bold);
  out += style("Foot", "Foot", "<w:jc w:val=\"center\"/>", "18", "");
  return out +
         "<w:style w:type=\"character\" w:styleId=\"Mono\"><w:name w:val=\"Mono\"/><w:rPr><w:rFonts "
         "w:ascii=\"Liberation "
         "Mono\" w:hAnsi=\"Liberation Mono\"/></w:rPr></w:style>\n</w:styles>\n";
}

std::string page_field(std::string_view name) {
  return fmt::format(
      "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> {} </w:instrText></w:r>"
      "<w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/>"
      "</w:r>",
      name);
}

std::string document_xml(const Document& document) {
  std::string out = fmt::format("{}<w:document {}><w:body>\n", k_head, k_names);
  out += paragraph("Title", docx_run(document.title, RunStyle::plain));
  for (const Block& block : document.blocks) out += docx_block(block);
  return out +
         "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"rId2\"/><w:footerReference w:type=\"default\" "
         "r:id=\"rId3\"/>"
         "<w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1134\" w:right=\"1134\" w:bottom=\"1134\" "
         "w:left=\"1134\" "
         "w:header=\"567\" w:footer=\"567\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>\n";
}

std::string relation(std::string_view id, std::string_view kind, std::string_view target) {
  return fmt::format("<Relationship Id=\"{}\" Type=\"{}\" Target=\"{}\"/>", id, kind, target);
}

std::string relations(std::string_view inside) {
  return fmt::format(
      "{}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{}</Relationships>\n",
      k_head, inside);
}

std::string content_types() {
  std::string out = fmt::format(
      "{}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" "
      "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" "
      "ContentType=\"application/xml\"/>",
      k_head);
  for (const auto& [part, kind] : {std::pair{"document", "document.main"}, std::pair{"styles", "styles"},
                                   std::pair{"header", "header"}, std::pair{"footer", "footer"}}) {
    out += fmt::format("<Override PartName=\"/word/{}.xml\" ContentType=\"{}.{}+xml\"/>", part, k_word, kind);
  }
  return out +
         "<Override PartName=\"/docProps/core.xml\" "
         "ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>"
         "</Types>\n";
}

std::string core_xml(const Document& document) {
  const std::string made = document.made_ns == 0
                               ? std::string()
                               : fmt::format("<dcterms:created xsi:type=\"dcterms:W3CDTF\">{}</dcterms:created>",
                                             base::utc_time(document.made_ns));
  return fmt::format(
      "{}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" "
      "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" "
      "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{}</dc:title><dc:creator>lastgood</"
      "dc:creator>{}"
      "</cp:coreProperties>\n",
      k_head, base::escape_html(document.title), made);
}

}  // namespace

std::string write_docx(const Document& document) {
  ZipBytes zip;
  const auto add = [&](std::string_view name, const std::string& bytes) { zip.add(name, bytes, Packing::deflated); };
  add("[Content_Types].xml", content_types());
  add("_rels/.rels",
      relations(relation("rId1", fmt::format("{}/officeDocument", k_relations), "word/document.xml") +
                relation("rId2",
                         "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
                         "docProps/core.xml")));
  add("docProps/core.xml", core_xml(document));
  add("word/_rels/document.xml.rels", relations(relation("rId1", fmt::format("{}/styles", k_relations), "styles.xml") +
                                                relation("rId2", fmt::format("{}/header", k_relations), "header.xml") +
                                                relation("rId3", fmt::format("{}/footer", k_relations), "footer.xml")));
  add("word/document.xml", document_xml(document));
  add("word/styles.xml", styles_xml());
  add("word/header.xml", fmt::format("{}<w:hdr {}>{}</w:hdr>\n", k_head, k_names,
                                     paragraph("Note", docx_run(document.note, RunStyle::plain))));
  add("word/footer.xml",
      fmt::format("{}<w:ftr {}>{}</w:ftr>\n", k_head, k_names,
                  paragraph("Foot", docx_run("page ", RunStyle::plain) + page_field("PAGE") +
                                        docx_run(" of ", RunStyle::plain) + page_field("NUMPAGES"))));
  return zip.finish();
}

}  // namespace lastgood::documents
