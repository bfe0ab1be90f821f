// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sheets/write_sheet_pdf.h"

#include <cairo-pdf.h>

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "base/human.h"
#include "base/sanitizers.h"
#include "evidence/qr_code.h"
#include "sheets/column_widths.h"
#include "sheets/page_words.h"
#include "sheets/prepare_sheet.h"
#include "sheets/sheet_rows.h"
#include "sheets/text_layouts.h"

#if LASTGOOD_HAS_ADDRESS_SANITIZER
// Fontconfig keeps what it read of fonts to the end of the program, in a way that looks lost; documents/write_pdf.cpp
// says so for programs that have it, too.
extern "C" __attribute__((weak)) const char* __lsan_default_suppressions();  // NOLINT(bugprone-reserved-identifier)
extern "C" __attribute__((weak)) const char* __lsan_default_suppressions() {
  return "leak:libfontconfig";
}  // NOLINT(bugprone-reserved-identifier)
#endif

namespace lastgood::sheets {

namespace {

// Points.
constexpr double k_a4_short = 595.276;
constexpr double k_a4_long = 841.89;
constexpr double k_margin = 34;
constexpr double k_text = 10;
constexpr double k_small = 9.5;
constexpr double k_title = 14;
constexpr double k_pad = 3;
constexpr double k_code = 30;  // side of a code with its quiet zone: modules of a third of a millimetre
constexpr double k_blank_height = 31;
constexpr int k_no_limit = 0;         // of lines
constexpr int k_head_lines_max = 6;   // of the name of a column
constexpr double k_least_room = 100;  // however much stands at the head of a page
constexpr std::size_t k_pages_max = 20'000;
constexpr std::size_t k_codes_max = 20'000;

struct FreeCairo {
  void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
};

struct Sink {
  std::string bytes;
};

cairo_status_t append_bytes(void* sink, const unsigned char* bytes, unsigned int count) {
  auto& text = static_cast<Sink*>(sink)->bytes;
  text.resize(text.size() + count);
  std::copy_n(bytes, count, text.end() - static_cast<std::ptrdiff_t>(count));
  return CAIRO_STATUS_SUCCESS;
}

base::Error no_pdf(base::ErrorCode code, std::string_view why, std::string hint) {
  return {.code = code,
          .what = fmt::format("cannot make the sheet as a PDF: {}", why),
          .path = {},
          .offset_bytes = {},
          .system_errno = 0,
          .hint = std::move(hint)};
}

}  // namespace

struct FreeSurface {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};

struct SheetPrinter::State {
  TextLayouts texts;
  std::unordered_map<std::string, std::unique_ptr<cairo_surface_t, FreeSurface>> codes;

  /// Null for a text that no code holds.
  cairo_surface_t* code_of(const std::string& text) {
    const auto found = codes.find(text);
    if (found != codes.end()) return found->second.get();
    if (codes.size() > k_codes_max) codes.clear();
    return codes.emplace(text, image_of(text)).first->second.get();
  }

 private:
  static std::unique_ptr<cairo_surface_t, FreeSurface> image_of(const std::string& text) {
    const auto code = evidence::make_small_qr_code(text);
    if (!code) return nullptr;
    constexpr std::size_t quiet = 3;  // the row around it is white, too
    const auto side = static_cast<int>(code->width + 2 * quiet);
    std::unique_ptr<cairo_surface_t, FreeSurface> image(cairo_image_surface_create(CAIRO_FORMAT_RGB24, side, side));
    unsigned char* dots = cairo_image_surface_get_data(image.get());
    const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(image.get()));
    if (dots == nullptr) return nullptr;
    std::fill_n(dots, stride * static_cast<std::size_t>(side), std::uint8_t{0xff});
    for (std::size_t row = 0; row < code->width; ++row) {
      for (std::size_t column = 0; column < code->width; ++column) {
        if (code->is_dark(row, column))
          std::fill_n(dots + (row + quiet) * stride + (column + quiet) * 4, 4, std::uint8_t{0});
      }
    }
    cairo_surface_mark_dirty(image.get());
    return image;
  }
};

/// The pages of one section: first where each row comes to stand, then drawn.
class SheetPrinter::Pages {
 public:
  Pages(State& state, cairo_surface_t* surface, cairo_t* cairo, const Section& section)
      : state_(state),
        surface_(surface),
        cairo_(cairo),
        sheet_(*section.sheet),
        packet_(sheet_.could_not.empty() ? &sheet_.packets[section.packet] : nullptr) {
    columns_ = std::min(sheet_.columns.size(), k_printed_columns_max);
    const bool wide = columns_ > k_portrait_columns_max;
    width_ = wide ? k_a4_long : k_a4_short;
    height_ = wide ? k_a4_short : k_a4_long;
    line_ = width_ - 2 * k_margin;
    gather_rows();
    has_codes_ = std::any_of(rows_.begin(), rows_.end(), [](const auto& row) { return !row.row->code.empty(); });
    widths_ = column_widths(sheet_, columns_, line_ - (has_codes_ ? k_code + 4 : 0), k_text * 0.62);
    break_into_pages();
  }

  [[nodiscard]] std::size_t count() const { return first_rows_.size(); }

  void draw() {
    for (std::size_t page = 0; page < first_rows_.size(); ++page) {
      cairo_pdf_surface_set_size(surface_, width_, height_);
      down_ = k_margin;
      has_boxes_ = false;
      draw_head(page);
      if (packet_ == nullptr) {
        put("This sheet could not be made.", k_title, Weight::bold, 2);
        put(sheet_.could_not, 11, Weight::plain, 40);
      } else {
        draw_table(page);
        if (has_boxes_)
          draw_foot("Letters that show as boxes are in no font of this machine: HTML, CSV and JSON have them.");
      }
      cairo_show_page(cairo_);
    }
  }

 private:
  struct Placed {
    const Row* row = nullptr;
    enum class Kind : std::uint8_t { filled, blank } kind = Kind::filled;
    double height = 0;
    // Of a row that no page holds, a part for each page: of each cell the first line, and how many. A cell that has
    // room in a part stands in each. Empty: all of the row.
    std::vector<LineRange> lines;
    bool is_rest = false;  // of a row that began on the page before
    bool goes_on = false;
    [[nodiscard]] double text_down() const { return k_pad + (is_rest ? k_goes_on_height : 0); }
  };

  void gather_rows() {
    if (packet_ == nullptr) return;
    for (const Row& row : packet_->rows) rows_.push_back({&row, Placed::Kind::filled, 0});
    for (const Row& row : packet_->blank_rows) rows_.push_back({&row, Placed::Kind::blank, 0});
  }

  double row_height(const Placed& placed) {
    double height = placed.kind == Placed::Kind::blank ? k_blank_height : 0;
    if (!placed.row->code.empty()) height = std::max(height, k_code + 1);
    for (std::size_t i = 0; i < columns_; ++i)
      height = std::max(height, cell(placed.row->cells[i], i, weight_of(placed, i)).height + 2 * k_pad);
    return height;
  }

  static Weight weight_of(const Placed& placed, std::size_t column) {
    return placed.kind == Placed::Kind::blank && column == 0 ? Weight::bold : Weight::plain;
  }

  const TextLayouts::Shaped& cell(const std::string& text, std::size_t column, Weight weight,
                                  int lines_max = k_no_limit) {
    return state_.texts.shape(fits_page(text) ? text : cut_for_page(text), k_text, weight,
                              std::max(12.0, widths_[column] - 2 * k_pad), lines_max);
  }

  double table_head_height() {
    double height = 0;
    for (std::size_t i = 0; i < columns_; ++i)
      height = std::max(height, cell(sheet_.columns[i], i, Weight::bold, k_head_lines_max).height + 2 * k_pad);
    return height;
  }

  void break_into_pages() {
    // Measured by drawing nothing: the head is as high on each page.
    const HeadWords words = head_words(sheet_, packet_, 0, 1);
    double head = 0;
    for (const HeadLine& line : words.lines)
      head += state_.texts.shape(line.text, size_of(line), weight_of(line), line_ - 70, 3).height + 1;
    if (!words.stamp.empty()) head += k_stamp_height;
    head_height_ = head + 6;
    first_rows_.push_back(0);
    const double room = std::max(k_least_room, height_ - 2 * k_margin - head_height_ - table_head_height() - 2);
    double used = 0;
    std::vector<Placed> placed;
    for (Placed& row : rows_) {
      row.height = row_height(row);
      std::vector<Placed> parts = row.height > room ? split(row, room) : std::vector<Placed>{row};
      for (Placed& part : parts) {
        if (used + part.height > room && used > 0) {
          first_rows_.push_back(placed.size());
          used = 0;
        }
        used += part.height;
        placed.push_back(std::move(part));
      }
      state_.texts.forget_when_many();
    }
    rows_ = std::move(placed);
  }

  /// Parts of a row, each as high as a page has room at most.
  std::vector<Placed> split(const Placed& row, double room) {
    std::vector<Placed> parts;
    const double room_of_text = room - 2 * k_pad - 2 * k_goes_on_height;
    std::vector<int> next(columns_, 0);
    for (bool goes_on = true; goes_on;) {
      goes_on = false;
      Placed part{row.row, row.kind, 0, {}, !parts.empty(), false};
      double high = row.row->code.empty() ? 0 : k_code;
      for (std::size_t i = 0; i < columns_; ++i) {
        const auto& shaped = cell(row.row->cells[i], i, weight_of(row, i));
        const bool is_short = shaped.height <= room_of_text;
        const LinesThatFit fit = TextLayouts::lines_that_fit(shaped, is_short ? 0 : next[i], room_of_text);
        part.lines.push_back({is_short ? 0 : next[i], fit.count});
        high = std::max(high, fit.height);
        if (is_short) continue;
        next[i] += fit.count;
        goes_on = goes_on || fit.is_any_left;
      }
      part.goes_on = goes_on;
      part.height = high + 2 * k_pad + (part.is_rest ? k_goes_on_height : 0) + (goes_on ? k_goes_on_height : 0);
      parts.push_back(std::move(part));
    }
    return parts;
  }

  static double size_of(const HeadLine& line) { return line.rank == HeadLine::Rank::title ? k_title : k_small; }
  static Weight weight_of(const HeadLine& line) {
    return line.rank == HeadLine::Rank::small ? Weight::plain : Weight::bold;
  }

  void put(const std::string& text, double size, Weight weight, int lines_max) {
    const auto& shaped = state_.texts.shape(text, size, weight, line_, lines_max);
    cairo_move_to(cairo_, k_margin, down_);
    pango_cairo_show_layout(cairo_, shaped.layout);
    down_ += shaped.height + 4;
  }

  void draw_head(std::size_t page) {
    const HeadWords words = head_words(sheet_, packet_, page + 1, first_rows_.size());
    const auto& number = state_.texts.shape(words.page, k_small, Weight::bold, 80, 1);
    cairo_move_to(cairo_, width_ - k_margin - number.width, k_margin);
    pango_cairo_show_layout(cairo_, number.layout);
    for (const HeadLine& line : words.lines) {
      const auto& shaped = state_.texts.shape(line.text, size_of(line), weight_of(line), line_ - 70, 3);
      cairo_move_to(cairo_, k_margin, down_);
      pango_cairo_show_layout(cairo_, shaped.layout);
      down_ += shaped.height + 1;
    }
    if (!words.stamp.empty()) draw_stamp(words.stamp);
    down_ = k_margin + head_height_;
  }

  /// In the margin, which is as high as a line: the rows have the rest of the page.
  void draw_foot(std::string_view words) {
    const auto& shaped = state_.texts.shape(words, k_small, Weight::bold, line_, 1);
    cairo_move_to(cairo_, k_margin, height_ - k_margin + 2);
    pango_cairo_show_layout(cairo_, shaped.layout);
  }

  void draw_stamp(const std::string& text) {
    const auto& shaped = state_.texts.shape(text, k_title, Weight::bold, line_ - 20, 1);
    cairo_save(cairo_);
    // Dark enough to be read where a printer knows black only.
    cairo_set_source_rgb(cairo_, 0.7, 0, 0);
    cairo_set_line_width(cairo_, 3);
    cairo_rectangle(cairo_, k_margin + 1.5, down_ + 2, line_ - 3, k_stamp_height - 5);
    cairo_stroke(cairo_);
    cairo_move_to(cairo_, k_margin + (line_ - shaped.width) / 2, down_ + (k_stamp_height - shaped.height) / 2);
    pango_cairo_show_layout(cairo_, shaped.layout);
    cairo_restore(cairo_);
    down_ += k_stamp_height;
  }

  void draw_cells(const std::vector<std::string>& cells, double height, const Placed* placed) {
    double left = k_margin;
    cairo_save(cairo_);
    cairo_rectangle(cairo_, k_margin, down_, line_, height);
    cairo_clip(cairo_);
    for (std::size_t i = 0; i < columns_; ++i) {
      if (!cells[i].empty()) {
        const auto& shaped = placed == nullptr ? cell(cells[i], i, Weight::bold, k_head_lines_max)
                                               : cell(cells[i], i, weight_of(*placed, i));
        has_boxes_ = has_boxes_ || shaped.has_boxes;
        if (placed == nullptr || placed->lines.empty()) {
          cairo_move_to(cairo_, left + k_pad, down_ + k_pad);
          pango_cairo_show_layout(cairo_, shaped.layout);
        } else {
          TextLayouts::draw_lines(cairo_, shaped, placed->lines[i], left + k_pad, down_ + placed->text_down());
        }
      }
      left += widths_[i];
    }
    cairo_restore(cairo_);
  }

  /// As an image of one dot a module: paths of rectangles took two thirds of the time of a sheet.
  void draw_code(const std::string& text, double left) {
    cairo_surface_t* image = state_.code_of(text);
    if (image == nullptr) return;
    const double dots = cairo_image_surface_get_width(image);
    cairo_save(cairo_);
    cairo_translate(cairo_, left, down_ + 0.5);
    cairo_scale(cairo_, k_code / dots, k_code / dots);
    cairo_set_source_surface(cairo_, image, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cairo_), CAIRO_FILTER_NEAREST);
    cairo_paint(cairo_);
    cairo_restore(cairo_);
  }

  /// Where a row is parted, across its columns: their lines stop before these words.
  void draw_parting(std::string_view words, double down) {
    const auto& shaped = state_.texts.shape(words, k_small, Weight::bold, line_, 1);
    cairo_save(cairo_);
    cairo_set_source_rgb(cairo_, 1, 1, 1);
    cairo_rectangle(cairo_, k_margin + 1, down, shaped.width + 2 * k_pad, k_goes_on_height - 1);
    cairo_fill(cairo_);
    cairo_restore(cairo_);
    cairo_move_to(cairo_, k_margin + k_pad, down);
    pango_cairo_show_layout(cairo_, shaped.layout);
  }

  void line_across(double width) {
    cairo_set_line_width(cairo_, width);
    cairo_move_to(cairo_, k_margin, down_);
    cairo_line_to(cairo_, k_margin + line_, down_);
    cairo_stroke(cairo_);
  }

  void lines_down(double from) {
    cairo_set_line_width(cairo_, 0.3);
    double left = k_margin;
    for (std::size_t i = 0; i <= columns_; ++i) {
      cairo_move_to(cairo_, left, from);
      cairo_line_to(cairo_, left, down_);
      if (i < columns_) left += widths_[i];
    }
    if (has_codes_) {
      cairo_move_to(cairo_, k_margin + line_, from);
      cairo_line_to(cairo_, k_margin + line_, down_);
    }
    cairo_stroke(cairo_);
  }

  void draw_table(std::size_t page) {
    const double top = down_;
    const double head = table_head_height();
    line_across(1);
    draw_cells(sheet_.columns, head, nullptr);
    down_ += head;
    line_across(1);
    const std::size_t end = page + 1 < first_rows_.size() ? first_rows_[page + 1] : rows_.size();
    const double top_of_rows = down_;
    for (std::size_t i = first_rows_[page]; i < end; ++i) {
      draw_cells(rows_[i].row->cells, rows_[i].height, &rows_[i]);
      state_.texts.forget_when_many();
      if (!rows_[i].row->code.empty()) draw_code(rows_[i].row->code, k_margin + line_ - k_code - 1);
      down_ += rows_[i].height;
    }
    // Over the white around the codes.
    down_ = top_of_rows;
    for (std::size_t i = first_rows_[page]; i < end; ++i) {
      down_ += rows_[i].height;
      const bool last_filled = i + 1 < rows_.size() && rows_[i].kind != rows_[i + 1].kind;
      line_across(last_filled ? 1.5 : 0.4);
    }
    lines_down(top);
    if (first_rows_[page] < end && rows_[first_rows_[page]].is_rest)
      draw_parting("(continued from the page before)", top_of_rows + 1);
    if (first_rows_[page] < end && rows_[end - 1].goes_on)
      draw_parting("This row goes on on the next page.", down_ - k_goes_on_height);
    if (packet_->rows.empty() && page == 0) {
      down_ += 8;
      put("The answer has no rows.", k_text, Weight::bold, 1);
    }
  }

  static constexpr double k_stamp_height = 30;
  static constexpr double k_goes_on_height = 15;

  State& state_;
  cairo_surface_t* surface_;
  cairo_t* cairo_;
  const PreparedSheet& sheet_;
  const Packet* packet_;
  std::size_t columns_ = 0;
  double width_ = 0;
  double height_ = 0;
  double line_ = 0;
  double head_height_ = 0;
  double down_ = 0;
  bool has_codes_ = false;
  bool has_boxes_ = false;  // on the page that is drawn
  std::vector<Placed> rows_;
  std::vector<double> widths_;
  std::vector<std::size_t> first_rows_;  // of each page
};

SheetPrinter::SheetPrinter() : state_(std::make_unique<State>()) {}
SheetPrinter::~SheetPrinter() = default;

base::Result<std::string> SheetPrinter::print(const std::vector<Section>& sections) {
  if (!state_->texts.has_fonts())
    return no_pdf(base::ErrorCode::unsupported, "no font is installed",
                  "take the HTML form; fonts come with the package fonts-noto-core");
  Sink out;
  const std::unique_ptr<cairo_surface_t, FreeSurface> surface(
      cairo_pdf_surface_create_for_stream(&append_bytes, &out, k_a4_short, k_a4_long));
  if (!sections.empty()) {
    const PreparedSheet& first = *sections.front().sheet;
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, first.title.c_str());
    // Without a time of its own Cairo takes that of now.
    const std::string made = base::utc_time(first.stamp.made_ns == 0 ? 1 : first.stamp.made_ns);
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, made.c_str());
  }
  const std::unique_ptr<cairo_t, FreeCairo> cairo(cairo_create(surface.get()));
  std::size_t pages = 0;
  for (const Section& section : sections) {
    Pages drawn(*state_, surface.get(), cairo.get(), section);
    pages += drawn.count();
    if (pages > k_pages_max)
      return no_pdf(base::ErrorCode::limit_reached, fmt::format("more than {} pages", k_pages_max),
                    "take the CSV or HTML form, or narrow the question");
    drawn.draw();
    state_->texts.forget_when_many();
  }
  cairo_surface_finish(surface.get());
  const cairo_status_t status = cairo_status(cairo.get());
  if (status != CAIRO_STATUS_SUCCESS) return no_pdf(base::ErrorCode::io, cairo_status_to_string(status), "");
  return std::move(out.bytes);
}

}  // namespace lastgood::sheets
