// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Texts shaped by Pango, each once: shaping the scripts of India is what takes the time of a sheet.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include <pango/pangocairo.h>

namespace lastgood::sheets {

enum class Weight : std::uint8_t { plain, bold };

/// Of a text that no page holds as a whole.
struct LineRange {
  int from = 0;
  int count = 0;
};

struct LinesThatFit {
  int count = 0;
  double height = 0;
  bool is_any_left = false;
};

/// One thread.
class TextLayouts {
 public:
  TextLayouts();
  ~TextLayouts();
  TextLayouts(const TextLayouts&) = delete;
  TextLayouts& operator=(const TextLayouts&) = delete;

  /// False when no font is installed.
  [[nodiscard]] bool has_fonts() const;

  struct Shaped {
    PangoLayout* layout = nullptr;  // owned by this object
    double height = 0;              // points
    double width = 0;
    bool has_boxes = false;  // for letters that no font here has
  };
  /// `width` in points; what needs more than `lines_max` lines, when that is not 0, ends in an ellipsis. Valid until
  /// `forget_when_many`.
  [[nodiscard]] const Shaped& shape(std::string_view text, double size, Weight weight, double width, int lines_max);
  /// From line `from` on, in `room` points; one at least where there is one.
  [[nodiscard]] static LinesThatFit lines_that_fit(const Shaped& shaped, int from, double room);
  static void draw_lines(cairo_t* cairo, const Shaped& shaped, LineRange lines, double left, double down);
  /// Drops everything shaped when there is much of it. To be called between rows.
  void forget_when_many();

 private:
  struct FreeObject {
    void operator()(void* object) const { g_object_unref(object); }
  };
  struct Kept {
    std::unique_ptr<PangoLayout, FreeObject> owner;
    Shaped shaped;
  };
  PangoFontMap* fonts_;  // of this thread, owned by Pango
  std::unique_ptr<PangoContext, FreeObject> context_;
  std::unordered_map<std::string, Kept> kept_;
};

}  // namespace lastgood::sheets
