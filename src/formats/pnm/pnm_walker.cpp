// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Portable anymaps: PBM, PGM, PPM, PAM and PFM. Specification: Netpbm's format pages pbm(5) to pam(5), pfm(5).
//
//   file   = picture+
//   picture = 'P' kind(1) numbers separated by white space and '#' comments, one white space, pixels
//   kind 1 to 3: pixels as decimal text; 4 to 6: as bits, bytes or 16-bit words; 7: lines "WIDTH n" ... "ENDHDR";
//   'F' and 'f': 32-bit floats. Binary pixels have the length that the header says.
#include "formats/pnm/pnm_walker.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"pnm", Promise::firm}, NameClaim{"pbm", Promise::firm},
                                 NameClaim{"pgm", Promise::firm}, NameClaim{"ppm", Promise::firm},
                                 NameClaim{"pam", Promise::firm}, NameClaim{"pfm", Promise::loose}};
constexpr std::size_t k_header_bytes_max = 4096;
constexpr std::uint64_t k_number_max = 1U << 30U;
constexpr std::uint64_t k_pictures_max = 100'000;
constexpr std::size_t k_piece_bytes = 64 * 1024;

bool is_space(std::uint8_t byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }
bool is_digit(std::uint8_t byte) { return byte >= '0' && byte <= '9'; }

struct Header {
  std::uint64_t length_bytes = 0;
  std::uint64_t pixel_bytes = 0;
  std::uint64_t width = 0;
  std::uint64_t height = 0;
  bool is_text = false;
};

/// The next number behind white space and comments; moves `at` behind it.
std::optional<std::uint64_t> next_number(ByteView head, std::size_t& at) {
  while (at < head.size() && (is_space(head.u8(at)) || head.u8(at) == '#')) {
    if (head.u8(at) == '#') {
      while (at < head.size() && head.u8(at) != '\n') ++at;
    } else {
      ++at;
    }
  }
  const std::size_t from = at;
  std::uint64_t value = 0;
  while (at < head.size() && is_digit(head.u8(at)) && value <= k_number_max) value = value * 10 + head.u8(at++) - '0';
  if (at == from || value > k_number_max) return std::nullopt;
  return value;
}

/// pam(5): lines of a word and a value up to ENDHDR.
std::optional<Header> parse_arbitrary(ByteView head) {
  const std::size_t end = head.find("ENDHDR\n"sv);
  if (end == ByteView::npos) return std::nullopt;
  const auto field = [&](std::string_view name) -> std::uint64_t {
    const std::size_t found = head.find(name);
    if (found == ByteView::npos || found > end) return 0;
    std::size_t at = found + name.size();
    return next_number(head, at).value_or(0);
  };
  Header header{.length_bytes = end + 7, .width = field("WIDTH "sv), .height = field("HEIGHT "sv)};
  const std::uint64_t depth = field("DEPTH "sv);
  const std::uint64_t most = field("MAXVAL "sv);
  if (header.width == 0 || header.height == 0 || depth == 0 || depth > 64 || most == 0) return std::nullopt;
  header.pixel_bytes = header.width * header.height * depth * (most > 255 ? 2 : 1);
  return header;
}

std::optional<Header> parse_float(ByteView head) {
  std::size_t at = 2;
  Header header;
  const std::optional<std::uint64_t> width = next_number(head, at);
  const std::optional<std::uint64_t> height = width ? next_number(head, at) : std::nullopt;
  if (!height) return std::nullopt;
  const std::size_t line = head.find("\n"sv, at + 1);  // behind the scale, whose sign tells the byte order
  if (line == ByteView::npos || line > at + 32) return std::nullopt;
  header.length_bytes = line + 1;
  header.width = *width;
  header.height = *height;
  header.pixel_bytes = *width * *height * (head.u8(1) == 'F' ? 12 : 4);
  return header;
}

std::optional<Header> parse_header(ByteView head) {
  const std::uint8_t kind = head.u8(1);
  if (head.u8(0) != 'P') return std::nullopt;
  if (head.matches(0, "P7\n"sv)) return parse_arbitrary(head);
  if ((kind == 'F' || kind == 'f') && is_space(head.u8(2))) return parse_float(head);
  if (kind < '1' || kind > '6' || !(is_space(head.u8(2)) || head.u8(2) == '#')) return std::nullopt;
  Header header{.is_text = kind <= '3'};
  std::size_t at = 2;
  std::array<std::uint64_t, 3> numbers{0, 0, 1};
  const std::size_t count = kind == '1' || kind == '4' ? 2 : 3;
  for (std::size_t i = 0; i < count; ++i) {
    const std::optional<std::uint64_t> number = next_number(head, at);
    if (!number) return std::nullopt;
    numbers[i] = *number;
  }
  if (!is_space(head.u8(at)) || numbers[2] == 0 || numbers[2] > 65'535) return std::nullopt;
  header.width = numbers[0];
  header.height = numbers[1];
  header.length_bytes = at + 1;
  const std::uint64_t row =
      kind == '4' ? (header.width + 7) / 8 : header.width * (kind == '6' ? 3 : 1) * (numbers[2] > 255 ? 2 : 1);
  header.pixel_bytes = row * header.height;
  return header;
}

Likeness recognise(const Edges& edges) {
  if (edges.head.u8(0) != 'P') return Likeness::none;
  return parse_header(edges.head.part(0, k_header_bytes_max)) ? Likeness::strong : Likeness::none;
}

/// First byte from `from` on that is no digit, white space or comment; the content's size when there is none.
std::uint64_t find_foreign_text(WalkInput& input, std::uint64_t from) {
  std::uint64_t at = from;
  while (at < input.size_bytes() && input.may_continue()) {
    const ByteView piece = input.at(at, k_piece_bytes);
    for (const std::uint8_t byte : piece) {
      if (!is_digit(byte) && !is_space(byte)) return at;
      ++at;
    }
    if (piece.empty()) break;
  }
  return at;
}

void walk_text(WalkInput& input, const Header& header, WalkReport& report) {
  const bool all = input.depth() == model::Depth::full || !input.whole().empty();
  const std::uint64_t size = input.size_bytes();
  report.region(header.length_bytes, size, RegionKind::plain);
  report.reach = all ? Reach::content : Reach::opening;
  if (!all) return;
  const std::uint64_t foreign = find_foreign_text(input, header.length_bytes);
  if (input.stopped()) return;
  if (foreign == size || input.at(foreign, 1).u8(0) == '#') {
    report.holds("pnm.text",
                 fmt::format("{} by {} pixels as decimal text to byte {}", header.width, header.height, size));
    report.end_bytes = size;
    return;
  }
  report.breaks("pnm.text", fmt::format("byte {} is no part of decimal text", foreign),
                {.from = foreign, .to = std::min(size, foreign + k_piece_bytes)});
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  std::uint64_t at = 0;
  std::uint64_t pictures = 0;
  std::optional<Header> first;
  while (at < input.size_bytes() && pictures < k_pictures_max && input.may_continue()) {
    const std::optional<Header> header = parse_header(input.at(at, k_header_bytes_max));
    if (!header) break;
    if (!first) first = header;
    report.shape = Shape::whole;
    report.region(at, at + header->length_bytes, RegionKind::structured);
    if (header->is_text) {
      walk_text(input, *header, report);
      return report;
    }
    const std::uint64_t pixels_from = at + header->length_bytes;
    if (header->pixel_bytes > input.size_bytes() - pixels_from) {
      report.breaks("pnm.cut",
                    fmt::format("{} by {} pixels from byte {} need {} bytes, {} are there", header->width,
                                header->height, pixels_from, header->pixel_bytes, input.size_bytes() - pixels_from),
                    {.from = input.size_bytes(), .to = input.size_bytes()});
      return report;
    }
    at = pixels_from + header->pixel_bytes;
    report.region(pixels_from, at, RegionKind::plain);
    ++pictures;
  }
  if (!first) return report;
  report.end_bytes = at;
  report.reach = Reach::frame;
  if (input.size_bytes() - at == 1 && is_space(input.at(at, 1).u8(0))) report.allowed_trailing_bytes = 1;
  report.holds("pnm.size", fmt::format("{} pictures, the first of {} by {} pixels, fill the content to byte {}",
                                       pictures, first->width, first->height, at));
  return report;
}

}  // namespace

const Format k_pnm_format = {.id = "pnm",
                             .title = "Portable anymap image",
                             .family = Family::image,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk};

}  // namespace lastgood::formats
