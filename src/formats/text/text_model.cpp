// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/text/text_model.h"

#include <algorithm>
#include <cmath>

namespace lastgood::formats {

namespace {

// Before anything is learned: nearly all bytes of a text are printable ASCII. Weighs as much as 64 bytes read.
constexpr double k_prior_bytes = 64;
constexpr double k_prior_ordinary = 0.97 / 102;  // 102 values are ASCII text
constexpr double k_prior_other = 0.03 / 154;
// A value that never occurred proves no more than this: texts do hold a byte or two of something else.
constexpr double k_score_bits_max = 5;
constexpr double k_score_bits_min = -6;
constexpr double k_steps_per_bit = 16;

constexpr std::uint64_t k_judged_bytes_min = 24;

bool is_within(double value, double expected, double deviation, double slack) {
  return std::abs(value - expected) <= 3.5 * deviation + slack;
}

}  // namespace

std::size_t unit_bytes(TextEncoding encoding) {
  switch (encoding) {
    case TextEncoding::ascii:
    case TextEncoding::utf8:
    case TextEncoding::eight_bit: return 1;
    case TextEncoding::utf16le:
    case TextEncoding::utf16be: return 2;
    case TextEncoding::utf32le:
    case TextEncoding::utf32be: return 4;
  }
  return 1;
}

std::string_view name_of(TextEncoding encoding) {
  switch (encoding) {
    case TextEncoding::ascii: return "ASCII";
    case TextEncoding::utf8: return "UTF-8";
    case TextEncoding::eight_bit: return "ASCII or 8-bit";
    case TextEncoding::utf16le: return "UTF-16 little endian";
    case TextEncoding::utf16be: return "UTF-16 big endian";
    case TextEncoding::utf32le: return "UTF-32 little endian";
    case TextEncoding::utf32be: return "UTF-32 big endian";
  }
  return "ASCII";
}

TextModel::TextModel() { settle(); }

void TextModel::learn(base::ByteView cell, std::uint64_t offset, TextEncoding encoding) {
  const std::uint64_t mask = unit_bytes(encoding) - 1;
  for (const std::uint8_t byte : cell) ++counts_[offset++ & mask][byte];
}

void TextModel::settle() {
  for (std::size_t phase = 0; phase < k_phases; ++phase) {
    double total = k_prior_bytes;
    for (const std::uint32_t count : counts_[phase]) total += count;
    // Phases beyond the encoding's code unit are never asked for.
    if (phase != 0 && total == k_prior_bytes) continue;
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const double prior = is_ascii_text(static_cast<std::uint8_t>(byte)) ? k_prior_ordinary : k_prior_other;
      const double share = (counts_[phase][byte] + k_prior_bytes * prior) / total;
      const double bits = std::clamp(std::log2(1.0 / 256 / share), k_score_bits_min, k_score_bits_max);
      scores_[phase][byte] = static_cast<std::int16_t>(std::lround(bits * k_steps_per_bit));
    }
    counts_[phase].fill(0);
  }
}

std::int32_t TextModel::score(base::ByteView cell, std::uint64_t offset, TextEncoding encoding) const {
  const std::uint64_t mask = unit_bytes(encoding) - 1;
  std::int32_t sum = 0;
  for (const std::uint8_t byte : cell) sum += scores_[offset++ & mask][byte];
  return sum;
}

bool looks_random(const ByteHistogram& counts) {
  std::uint64_t total = 0, high = 0, controls = 0, most = 0, distinct = 0;
  double squares = 0;
  for (std::size_t byte = 0; byte < 256; ++byte) {
    const std::uint64_t count = counts[byte];
    total += count;
    if (byte >= 0x80) high += count;
    if (is_hard_control(static_cast<std::uint8_t>(byte))) controls += count;
    most = std::max(most, count);
    distinct += count != 0 ? 1U : 0U;
    squares += static_cast<double>(count) * static_cast<double>(count);
  }
  if (total < k_judged_bytes_min) return false;
  const auto n = static_cast<double>(total);
  // Cells get here because they are unlike text, so they hold a little more high bytes and controls than pure chance.
  if (!is_within(static_cast<double>(high), n * 0.52, 0.5 * std::sqrt(n), 0.03 * n)) return false;
  if (!is_within(static_cast<double>(controls), n * 25 / 256, 0.297 * std::sqrt(n), 0.02 * n)) return false;
  // One at least, however few the bytes: text in an encoding the model did not meet has none.
  if (controls == 0) return false;
  // Of n draws out of 256 this many differ on average; the variance is below n/4 throughout.
  const double distinct_expected = 256 * (1 - std::exp(-n / 256));
  if (static_cast<double>(distinct) < distinct_expected - 3 * std::sqrt(std::min(n, 256.0) / 8) - 1) return false;
  if (static_cast<double>(most) > n / 256 + 6 * std::sqrt(n / 256) + 3) return false;
  const double chi_square = 256 * squares / n - n;
  return chi_square <= 255 + 6 * 22.6 + 0.08 * n;
}

double control_share(const ByteHistogram& counts) {
  std::uint64_t total = 0, controls = counts[0];
  for (std::size_t byte = 0; byte < 256; ++byte) {
    total += counts[byte];
    if (is_hard_control(static_cast<std::uint8_t>(byte))) controls += counts[byte];
  }
  return total == 0 ? 0 : static_cast<double>(controls) / static_cast<double>(total);
}

}  // namespace lastgood::formats
