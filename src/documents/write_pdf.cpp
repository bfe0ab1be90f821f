// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// PDF by Pango and Cairo, which shape the scripts of India. The document is laid out twice: first to count its pages.
#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "base/human.h"
#include "base/sanitizers.h"
#include "documents/font_families.h"
#include "documents/writers.h"

#if LASTGOOD_HAS_ADDRESS_SANITIZER
// Fontconfig keeps what it read of fonts to the end of the program, in a way that looks lost.
extern "C" const char* __lsan_default_suppressions();  // NOLINT(bugprone-reserved-identifier)
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libfontconfig";
}  // NOLINT(bugprone-reserved-identifier)
#endif

namespace lastgood::documents {

namespace {

// Points: A4 with margins of 20 mm.
constexpr double k_page_width = 595.276;
constexpr double k_page_height = 841.89;
constexpr double k_margin = 56.7;
constexpr double k_line_width = k_page_width - 2 * k_margin;
constexpr double k_bottom = k_page_height - k_margin - 14;

const std::string k_families = fmt::format("Liberation Sans, Noto Sans, {}, DejaVu Sans, Sans", k_indian_families);

struct FreeSurface {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct FreeCairo {
  void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
};
struct FreeObject {
  void operator()(PangoLayout* layout) const { g_object_unref(layout); }
};
using Layout = std::unique_ptr<PangoLayout, FreeObject>;

cairo_status_t append_bytes(void* out, const unsigned char* bytes, unsigned int count) {
  auto& text = *static_cast<std::string*>(out);
  for (unsigned i = 0; i < count; ++i) text += static_cast<char>(bytes[i]);
  return CAIRO_STATUS_SUCCESS;
}

// Laying out a text takes time with the square of its length where nothing in it lets a line end.
constexpr std::size_t k_text_bytes_max = 6000;

/// The beginning of what is too long for a page, with a word on what is missing.
Runs shortened(const Runs& runs) {
  Runs kept;
  std::size_t left = k_text_bytes_max;
  for (const Run& run : runs) {
    if (run.text.size() <= left) {
      left -= run.text.size();
      kept.push_back(run);
      continue;
    }
    std::size_t end = left;
    while (end > 0 && (static_cast<unsigned char>(run.text[end]) & 0xc0U) == 0x80U) --end;
    kept.push_back({run.text.substr(0, end), run.style});
    kept.push_back({"... (too long for a page: the editable forms have all of it)", RunStyle::plain});
    break;
  }
  return kept;
}

std::string markup_of(const Runs& runs) {
  // A hyphen where a line breaks would change an address or a digest.
  std::string markup = "<span insert_hyphens=\"false\">";
  for (const Run& run : runs) {
    const std::unique_ptr<char, decltype(&g_free)> escaped(
        g_markup_escape_text(run.text.data(), static_cast<gssize>(run.text.size())), &g_free);
    const char* tag = run.style == RunStyle::bold ? "b" : run.style == RunStyle::quoted ? "tt" : "span";
    markup += fmt::format("<{0}>{1}</{0}>", tag, escaped.get());
  }
  return markup + "</span>";
}

/// Goes down the pages. One thread.
class Pages {
 public:
  Pages(cairo_t* cairo, const Document& document, int pages_in_all)
      : cairo_(cairo), document_(document), pages_in_all_(pages_in_all) {
    begin_page();
  }

  /// `next` is what follows, nullptr at the end: a heading alone at the foot of a page leads nowhere.
  void put(const Block& block, const Block* next) {
    if (const auto* heading = std::get_if<Heading>(&block)) {
      const double size = heading->level == 1 ? 13 : heading->level == 2 ? 11.5 : 10.5;
      down_ += 8;
      const auto* table = next == nullptr ? nullptr : std::get_if<Table>(next);
      if (down_ + 24 + (table == nullptr ? 36 : height_of_start(*table)) > k_bottom) next_page();
      put_text({{heading->text, RunStyle::bold}}, size, 0, 4);
    }
    if (const auto* paragraph = std::get_if<Paragraph>(&block)) put_text(paragraph->runs, 10, 0, 6);
    if (const auto* list = std::get_if<List>(&block)) {
      for (std::size_t i = 0; i < list->items.size(); ++i) put_item(mark_of(*list, i), list->items[i]);
      down_ += 4;
    }
    if (const auto* field = std::get_if<Field>(&block)) {
      Runs runs = {{field->name + ": ", RunStyle::plain}};
      const Runs value = value_of(*field);
      runs.insert(runs.end(), value.begin(), value.end());
      put_text(runs, 10, 0, 4);
    }
    if (const auto* table = std::get_if<Table>(&block)) put_table(*table);
    if (std::holds_alternative<PageBreak>(block)) next_page();
  }

  void put_title() { put_text({{document_.title, RunStyle::bold}}, 16, 0, 10); }

  /// How many there are; ends the last one.
  int finish() {
    end_page();
    return page_;
  }

 private:
  Layout layout_of(const Runs& runs, double size, double width) {
    Layout layout(pango_cairo_create_layout(cairo_));
    PangoFontDescription* font = pango_font_description_from_string(k_families.c_str());
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_layout_set_font_description(layout.get(), font);
    pango_font_description_free(font);
    pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    const std::string markup = markup_of(shortened(runs));
    pango_layout_set_markup(layout.get(), markup.c_str(), static_cast<int>(markup.size()));
    return layout;
  }

  static double height_of(const Layout& layout) {
    int height = 0;
    pango_layout_get_size(layout.get(), nullptr, &height);
    return static_cast<double>(height) / PANGO_SCALE;
  }

  /// Line by line, so that a paragraph may go over pages.
  void put_text(const Runs& runs, double size, double indent, double space_below) {
    const Layout layout = layout_of(runs, size, k_line_width - indent);
    const int lines = pango_layout_get_line_count(layout.get());
    for (int i = 0; i < lines; ++i) {
      PangoLayoutLine* line = pango_layout_get_line_readonly(layout.get(), i);
      PangoRectangle box;
      pango_layout_line_get_extents(line, nullptr, &box);
      const double height = static_cast<double>(box.height) / PANGO_SCALE;
      if (down_ + height > k_bottom) next_page();
      cairo_move_to(cairo_, k_margin + indent, down_ - static_cast<double>(box.y) / PANGO_SCALE);
      pango_cairo_show_layout_line(cairo_, line);
      down_ += height;
    }
    down_ += space_below;
  }

  void put_item(const std::string& mark, const Runs& runs) {
    const Layout shown = layout_of({{mark, RunStyle::plain}}, 10, 30);
    if (down_ + height_of(shown) > k_bottom) next_page();
    cairo_move_to(cairo_, k_margin + 4, down_);
    pango_cairo_show_layout(cairo_, shown.get());
    put_text(runs, 10, 22, 2);
  }

  void put_row(const std::vector<Layout>& cells, const std::vector<unsigned>& percents, double height) {
    double left = k_margin;
    cairo_set_line_width(cairo_, 0.5);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const double width = k_line_width * percents[i] / 100;
      cairo_rectangle(cairo_, left, down_, width, height);
      cairo_stroke(cairo_);
      cairo_save(cairo_);
      cairo_rectangle(cairo_, left, down_, width, height);
      cairo_clip(cairo_);
      cairo_move_to(cairo_, left + 3, down_ + 2);
      pango_cairo_show_layout(cairo_, cells[i].get());
      cairo_restore(cairo_);
      left += width;
    }
    down_ += height;
  }

  std::vector<Layout> row_of(const Table& table, const std::vector<Runs>& texts) {
    const auto percents = column_percents(table);
    std::vector<Layout> cells;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      cells.push_back(layout_of(texts[i], 8.5, std::max(10.0, k_line_width * percents[i] / 100 - 6)));
    }
    return cells;
  }

  static double height_of_row(const std::vector<Layout>& cells) {
    double height = 0;
    for (const Layout& cell : cells) height = std::max(height, height_of(cell));
    // A row that no page holds is cut at its foot; the editable forms have all of it.
    return std::min(height + 5, k_bottom - k_margin - 60);
  }

  std::vector<Layout> header_of(const Table& table) {
    std::vector<Runs> header;
    for (const std::string& name : table.header) header.push_back({{name, RunStyle::bold}});
    return row_of(table, header);
  }

  /// Of the header and the first row: they stay together.
  double height_of_start(const Table& table) {
    if (table.header.empty()) return 0;
    const double first = table.rows.empty() ? 0 : height_of_row(row_of(table, table.rows.front()));
    return std::min(height_of_row(header_of(table)) + first, k_bottom - k_margin - 60);
  }

  void put_table(const Table& table) {
    if (table.header.empty()) return;
    const auto percents = column_percents(table);
    const auto header_cells = header_of(table);
    const double header_height = height_of_row(header_cells);
    if (down_ + height_of_start(table) > k_bottom) next_page();
    put_row(header_cells, percents, header_height);
    for (const auto& row : table.rows) {
      const auto cells = row_of(table, row);
      const double height = height_of_row(cells);
      if (down_ + height > k_bottom) {
        next_page();
        put_row(header_cells, percents, header_height);
      }
      put_row(cells, percents, height);
    }
    down_ += 8;
  }

  void begin_page() {
    ++page_;
    down_ = k_margin;
    if (!document_.note.empty()) put_centred(document_.note, k_margin - 22, RunStyle::bold);
  }
  void end_page() {
    put_centred(fmt::format("page {} of {}", page_, pages_in_all_), k_page_height - k_margin + 4, RunStyle::plain);
    cairo_show_page(cairo_);
  }
  void next_page() {
    end_page();
    begin_page();
  }
  void put_centred(const std::string& text, double down, RunStyle style) {
    const Layout layout = layout_of({{text, style}}, 8.5, k_line_width);
    pango_layout_set_alignment(layout.get(), PANGO_ALIGN_CENTER);
    cairo_move_to(cairo_, k_margin, down);
    pango_cairo_show_layout(cairo_, layout.get());
  }

  cairo_t* cairo_;
  const Document& document_;
  int pages_in_all_;
  int page_ = 0;
  double down_ = 0;
};

base::Error no_pdf(std::string_view why) {
  base::Error error;
  error.code = base::ErrorCode::unsupported;
  error.what = fmt::format("cannot make a PDF: {}", why);
  error.hint = "choose another form (--format odt); fonts come with the package fonts-noto-core";
  return error;
}

/// The pages' number; the bytes go to `out`.
base::Result<int> lay_out(const Document& document, int pages_in_all, std::string& out) {
  const std::unique_ptr<cairo_surface_t, FreeSurface> surface(
      cairo_pdf_surface_create_for_stream(&append_bytes, &out, k_page_width, k_page_height));
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, document.title.c_str());
  // Without a time of its own Cairo takes that of now.
  const std::string made = base::utc_time(document.made_ns == 0 ? 1 : document.made_ns);
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, made.c_str());
  const std::unique_ptr<cairo_t, FreeCairo> cairo(cairo_create(surface.get()));
  Pages pages(cairo.get(), document, pages_in_all);
  pages.put_title();
  const std::vector<Block>& blocks = document.blocks;
  for (std::size_t i = 0; i < blocks.size(); ++i)
    pages.put(blocks[i], i + 1 < blocks.size() ? &blocks[i + 1] : nullptr);
  const int count = pages.finish();
  cairo_surface_finish(surface.get());
  const cairo_status_t status = cairo_status(cairo.get());
  if (status != CAIRO_STATUS_SUCCESS) return no_pdf(cairo_status_to_string(status));
  return count;
}

bool has_fonts() {
  PangoFontFamily** families = nullptr;
  int count = 0;
  pango_font_map_list_families(pango_cairo_font_map_get_default(), &families, &count);
  g_free(static_cast<void*>(families));
  return count > 0;
}

}  // namespace

base::Result<std::string> write_pdf(const Document& document) {
  if (!has_fonts()) return no_pdf("no font is installed");
  std::string counted;
  LG_ASSIGN(const int pages, lay_out(document, 0, counted));
  std::string out;
  LG_ASSIGN([[maybe_unused]] const int same, lay_out(document, pages, out));
  return out;
}

}  // namespace lastgood::documents
