// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Base64: RFC 4648 sections 4 and 5; hexadecimal: section 8.
#include "formats/text/text_encoded.h"

#include <array>
#include <cmath>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using namespace std::string_view_literals;

constexpr std::size_t k_probe_bytes = 256;
constexpr std::uint64_t k_body_bytes_min = 192;
constexpr double k_body_share_min = 0.8;

/// 0..63 for the letters of both Base64 alphabets, 64 for padding and line ends, 255 for all else.
constexpr std::array<std::uint8_t, 256> make_base64_values() {
  std::array<std::uint8_t, 256> values{};
  for (std::uint8_t& value : values) value = 255;
  for (std::uint8_t i = 0; i < 26; ++i) {
    values['A' + i] = i;
    values['a' + i] = static_cast<std::uint8_t>(26 + i);
  }
  for (std::uint8_t i = 0; i < 10; ++i) values['0' + i] = static_cast<std::uint8_t>(52 + i);
  values['+'] = values['-'] = 62;
  values['/'] = values['_'] = 63;
  values['='] = values['\r'] = values['\n'] = 64;
  return values;
}
constexpr std::array<std::uint8_t, 256> k_base64_values = make_base64_values();

bool is_candidate(ByteView probe) {
  for (const std::uint8_t byte : probe) {
    if (k_base64_values[byte] == 255) return false;
  }
  return !probe.empty();
}

using Letters = std::array<std::uint64_t, 65>;

/// Chi-square of equally many of each of `kinds` values, compared with six deviations above its mean.
bool is_flat(const std::array<std::uint64_t, 64>& counts, std::size_t kinds) {
  double total = 0, squares = 0;
  for (std::size_t i = 0; i < kinds; ++i) {
    const auto count = static_cast<double>(counts[i]);
    total += count;
    squares += count * count;
  }
  const auto freedom = static_cast<double>(kinds - 1);
  const double chi_square = static_cast<double>(kinds) * squares / total - total;
  return chi_square <= freedom + 6 * std::sqrt(2 * freedom);
}

/// True when the first bytes the body decodes to are those of a format, which is random-looking by nature.
bool opens_as_known(ByteView body, bool is_hex) {
  std::array<std::uint8_t, 16> opening{};
  std::size_t count = 0;
  std::uint32_t bits = 0;
  unsigned held = 0;
  const unsigned width = is_hex ? 4 : 6;
  for (std::size_t i = 0; i < body.size() && count < opening.size(); ++i) {
    std::uint8_t value = k_base64_values[body.u8(i)];
    if (value > 63) continue;
    if (is_hex) value = static_cast<std::uint8_t>(value >= 52 ? value - 52 : 10 + value % 26);
    bits = bits << width | value;
    held += width;
    if (held < 8) continue;
    held -= 8;
    opening[count++] = static_cast<std::uint8_t>(bits >> held & 0xFF);
  }
  const ByteView decoded(std::span<const std::uint8_t>(opening).first(count));
  constexpr std::array k_openings = {"\x89PNG"sv,
                                     "\xFF\xD8\xFF"sv,
                                     "GIF8"sv,
                                     "RIFF"sv,
                                     "PK\x03\x04"sv,
                                     "\x1F\x8B\x08"sv,
                                     "BZh"sv,
                                     "%PDF"sv,
                                     "7z\xBC\xAF"sv,
                                     "\xFD"
                                     "7zXZ"sv,
                                     "\x28\xB5\x2F\xFD"sv,
                                     "\x78\x9C"sv,
                                     "\x78\xDA"sv,
                                     "\x78\x01"sv,
                                     "\x78\x5E"sv,
                                     "OggS"sv,
                                     "wOFF"sv,
                                     "wOF2"sv,
                                     "\0asm"sv,
                                     "\x30\x80"sv,
                                     "\x30\x81"sv,
                                     "\x30\x82"sv,
                                     "\x30\x83"sv,
                                     "Salted__"sv,
                                     "\xD0\xCF\x11\xE0"sv,
                                     "ID3"sv,
                                     "fLaC"sv};
  for (const std::string_view known : k_openings) {
    if (decoded.matches(0, known)) return true;
  }
  return decoded.matches(4, "ftyp");
}

}  // namespace

void remark_encoded_body(WalkInput& input, WalkReport& report) {
  const std::uint64_t size = input.size_bytes();
  if (size < k_body_bytes_min) return;
  // Three probes end it for nearly every text there is: a space is in none of the two alphabets.
  for (const std::uint64_t at : {size / 2, size / 4, size / 4 * 3}) {
    if (!is_candidate(input.at(at, k_probe_bytes))) return;
  }
  const ByteView whole = input.whole();
  const ByteView text = whole.empty() ? input.head() : whole;
  std::size_t from = 0, to = text.size();
  while (from < to && !is_candidate(text.part(from, 64))) ++from;
  std::array<std::uint64_t, 64> base64_counts{}, hex_counts{};
  std::uint64_t letters = 0, hex_letters = 0;
  std::size_t at = from;
  for (; at < to && k_base64_values[text.u8(at)] != 255; ++at) {
    const std::uint8_t value = k_base64_values[text.u8(at)];
    if (value == 64) continue;
    ++letters;
    ++base64_counts[value];
    const std::uint8_t digit =
        value >= 52 && value < 62 ? static_cast<std::uint8_t>(value - 52) : static_cast<std::uint8_t>(10 + value % 26);
    if (digit < 16) {
      ++hex_letters;
      ++hex_counts[digit];
    }
  }
  const auto share = static_cast<double>(at - from) / static_cast<double>(text.size());
  if (share < k_body_share_min || letters < k_body_bytes_min / 2) return;
  const bool is_hex = hex_letters == letters;
  if (!is_flat(is_hex ? hex_counts : base64_counts, is_hex ? 16 : 64) || opens_as_known(text.part(from), is_hex))
    return;
  const model::ByteRange range{.from = from, .to = whole.empty() ? size : at};
  report.remarks(is_hex ? "text.hex-of-random" : "text.base64-of-random",
                 fmt::format("{} letters from byte {} on decode to bytes that look random and begin as no known format",
                             letters, from),
                 range);
}

}  // namespace lastgood::formats
