// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "evidence/qr_code.h"

#include <fmt/format.h>
#include <qrencode.h>

#include <memory>

namespace lastgood::evidence {

namespace {

constexpr std::size_t k_quiet = 4;

using MadeCode = std::unique_ptr<QRcode, void (*)(QRcode*)>;

std::optional<QrCode> taken_over(const MadeCode& made) {
  if (!made || made->width <= 0) return std::nullopt;
  QrCode out;
  out.width = static_cast<std::size_t>(made->width);
  for (std::size_t i = 0; i < out.width * out.width; ++i) out.modules.push_back((made->data[i] & 1U) != 0);
  return out;
}

}  // namespace

std::optional<QrCode> make_qr_code(std::string_view text) {
  const std::string zero_ended(text);
  return taken_over(MadeCode(QRcode_encodeString8bit(zero_ended.c_str(), 0, QR_ECLEVEL_M), &QRcode_free));
}

std::optional<QrCode> make_small_qr_code(std::string_view text) {
  const std::string zero_ended(text);
  return taken_over(MadeCode(QRcode_encodeString(zero_ended.c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 0), &QRcode_free));
}

std::string qr_svg(const QrCode& code, unsigned size_mm) {
  const std::size_t side = code.width + 2 * k_quiet;
  std::string out = fmt::format(
      "<svg class=\"qr\" role=\"img\" aria-label=\"QR code\" width=\"{}mm\" height=\"{}mm\" viewBox=\"0 0 {} {}\" "
      "shape-rendering=\"crispEdges\"><rect width=\"{}\" height=\"{}\" fill=\"#fff\"/><path fill=\"#000\" d=\"",
      size_mm, size_mm, side, side, side, side);
  for (std::size_t row = 0; row < code.width; ++row) {
    for (std::size_t column = 0; column < code.width; ++column) {
      if (!code.is_dark(row, column)) continue;
      std::size_t run = 1;
      while (code.is_dark(row, column + run)) ++run;
      out += fmt::format("M{} {}h{}v1h-{}z", column + k_quiet, row + k_quiet, run, run);
      column += run;
    }
  }
  return out + "\"/></svg>";
}

std::string qr_text(const QrCode& code) {
  // Dark modules are drawn: right on paper. On a dark terminal the code stands reversed, which most readers take as
  // well.
  std::string out;
  const std::size_t side = code.width + 2 * k_quiet;
  for (std::size_t row = 0; row < side; row += 2) {
    for (std::size_t column = 0; column < side; ++column) {
      const auto dark = [&](std::size_t at) {
        return at >= k_quiet && column >= k_quiet && code.is_dark(at - k_quiet, column - k_quiet);
      };
      const bool upper = dark(row);
      const bool lower = dark(row + 1);
      out += upper ? (lower ? "█" : "▀") : (lower ? "▄" : " ");
    }
    out += "\n";
  }
  return out;
}

}  // namespace lastgood::evidence
