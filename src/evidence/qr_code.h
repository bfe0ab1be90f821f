// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// QR codes (ISO/IEC 18004) by libqrencode. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lastgood::evidence {

/// Square; true is dark. Without the quiet zone of four modules that must stand around it.
struct QrCode {
  std::size_t width = 0;
  std::vector<bool> modules;  // row by row
  [[nodiscard]] bool is_dark(std::size_t row, std::size_t column) const {
    return row < width && column < width && modules[row * width + column];
  }
};

/// Error correction level M: a seventh of it may be unreadable. Nothing when `text` is longer than a code can hold.
[[nodiscard]] std::optional<QrCode> make_qr_code(std::string_view text);
/// The smallest code there is for it, letters a to z written as capitals: 20 characters of A-Z, 0-9 and " $%*+-./:" fit
/// 21 modules. For a code in each row of a sheet.
[[nodiscard]] std::optional<QrCode> make_small_qr_code(std::string_view text);

/// Inline SVG with its quiet zone, `size_mm` wide on paper.
std::string qr_svg(const QrCode& code, unsigned size_mm);
/// Half blocks, two rows a line, dark on light: for terminals and typewriter print.
std::string qr_text(const QrCode& code);

}  // namespace lastgood::evidence
