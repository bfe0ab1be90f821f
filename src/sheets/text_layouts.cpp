// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sheets/text_layouts.h"

#include <fmt/format.h>

#include "documents/font_families.h"

namespace lastgood::sheets {

namespace {

constexpr std::size_t k_kept_max = 40'000;
const std::string k_families =
    fmt::format("Noto Sans, {}, Liberation Sans, DejaVu Sans, Sans", documents::k_indian_families);

double points(int pango_units) { return static_cast<double>(pango_units) / PANGO_SCALE; }

/// Calls `each(iterator, top, bottom)` for each line, until it says no.
template <typename Each>
void for_each_line(PangoLayout* layout, const Each& each) {
  PangoLayoutIter* iterator = pango_layout_get_iter(layout);
  do {
    int top = 0;
    int bottom = 0;
    pango_layout_iter_get_line_yrange(iterator, &top, &bottom);
    if (!each(iterator, points(top), points(bottom))) break;
  } while (pango_layout_iter_next_line(iterator) != FALSE);
  pango_layout_iter_free(iterator);
}

}  // namespace

TextLayouts::TextLayouts()
    : fonts_(pango_cairo_font_map_get_default()), context_(pango_font_map_create_context(fonts_)) {
  // As on paper: no rounding to the dots of a screen.
  cairo_font_options_t* options = cairo_font_options_create();
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options(context_.get(), options);
  cairo_font_options_destroy(options);
  pango_context_set_round_glyph_positions(context_.get(), FALSE);
}

TextLayouts::~TextLayouts() = default;

bool TextLayouts::has_fonts() const {
  PangoFontFamily** families = nullptr;
  int count = 0;
  pango_font_map_list_families(fonts_, &families, &count);
  g_free(static_cast<void*>(families));
  return count > 0;
}

const TextLayouts::Shaped& TextLayouts::shape(std::string_view text, double size, Weight weight, double width,
                                              int lines_max) {
  std::string key = fmt::format("{:.1f} {} {:.1f} {} ", size, static_cast<int>(weight), width, lines_max);
  key += text;
  if (const auto found = kept_.find(key); found != kept_.end()) return found->second.shaped;
  Kept kept;
  kept.owner.reset(pango_layout_new(context_.get()));
  PangoLayout* layout = kept.owner.get();
  PangoFontDescription* font = pango_font_description_from_string(k_families.c_str());
  pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
  if (weight == Weight::bold) pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description(layout, font);
  pango_font_description_free(font);
  pango_layout_set_width(layout, static_cast<int>(width * PANGO_SCALE));
  if (lines_max > 0) {
    pango_layout_set_height(layout, -lines_max);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
  }
  pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
  // A number or a name that goes on in the next line has no hyphen that is not in it.
  PangoAttrList* const attributes = pango_attr_list_new();
  pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
  pango_layout_set_attributes(layout, attributes);
  pango_attr_list_unref(attributes);
  // Plain text: markup in a name stays what it is.
  pango_layout_set_text(layout, text.data(), static_cast<int>(text.size()));
  int wide = 0;
  int high = 0;
  pango_layout_get_size(layout, &wide, &high);
  kept.shaped = {layout, static_cast<double>(high) / PANGO_SCALE, static_cast<double>(wide) / PANGO_SCALE,
                 pango_layout_get_unknown_glyphs_count(layout) > 0};
  return kept_.emplace(std::move(key), std::move(kept)).first->second.shaped;
}

LinesThatFit TextLayouts::lines_that_fit(const Shaped& shaped, int from, double room) {
  LinesThatFit out;
  int number = 0;
  double begin = 0;
  for_each_line(shaped.layout, [&](PangoLayoutIter*, double top, double bottom) {
    if (number++ < from) return true;
    if (out.count == 0) begin = top;
    if (out.count > 0 && bottom - begin > room) {
      out.is_any_left = true;
      return false;
    }
    ++out.count;
    out.height = bottom - begin;
    return true;
  });
  return out;
}

void TextLayouts::draw_lines(cairo_t* cairo, const Shaped& shaped, LineRange lines, double left, double down) {
  int number = 0;
  double begin = 0;
  for_each_line(shaped.layout, [&](PangoLayoutIter* iterator, double top, double) {
    const int line = number++;
    if (line < lines.from) return true;
    if (line >= lines.from + lines.count) return false;
    if (line == lines.from) begin = top;
    PangoRectangle extents;
    pango_layout_iter_get_line_extents(iterator, nullptr, &extents);
    cairo_move_to(cairo, left + points(extents.x), down + points(pango_layout_iter_get_baseline(iterator)) - begin);
    pango_cairo_show_layout_line(cairo, pango_layout_iter_get_line_readonly(iterator));
    return true;
  });
}

void TextLayouts::forget_when_many() {
  if (kept_.size() > k_kept_max) kept_.clear();
}

}  // namespace lastgood::sheets
