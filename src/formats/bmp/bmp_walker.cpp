// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Windows and OS/2 bitmaps. Specification: Microsoft, [MS-WMF] 2.2.2.3 and "Bitmap Storage"; OS/2 2.x bitmap headers.
//
//   file   = "BM" size(4) reserved(4) offset(4) header colours gap pixels [ colour profile ]
//   header = length(4) width height planes(2) bits(2) [ compression(4) image-size(4) ... ]
//   Rows are padded to four bytes, so that the header tells how many bytes of pixels there are.
#include "formats/bmp/bmp_walker.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "formats/zero_run.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"bmp", Promise::firm}, NameClaim{"dib", Promise::loose}};
constexpr std::uint32_t k_core_header_bytes = 12;  // OS/2 1.x: 16-bit width and height
constexpr std::uint64_t k_filling_bytes_max = 4096;

struct Header {
  std::uint64_t file_bytes = 0;  // as the file says; often wrong
  std::uint64_t pixels_from = 0;
  std::uint64_t pixel_bytes = 0;
  std::uint64_t profile_end = 0;  // 0: none
  std::uint64_t width = 0;
  std::uint64_t height = 0;
  std::uint32_t header_bytes = 0;
  std::uint32_t bits = 0;
  std::uint32_t compression = 0;
};

bool is_header_length(std::uint32_t bytes) {
  constexpr std::array<std::uint32_t, 8> k_lengths = {12, 16, 40, 52, 56, 64, 108, 124};
  return std::find(k_lengths.begin(), k_lengths.end(), bytes) != k_lengths.end();
}

/// Empty when the fields contradict each other.
std::optional<Header> parse_header(ByteView head) {
  if (!head.matches(0, "BM"sv) || head.size() < 26) return std::nullopt;
  Header header{.file_bytes = head.le32(2), .pixels_from = head.le32(10), .header_bytes = head.le32(14)};
  if (!is_header_length(header.header_bytes)) return std::nullopt;
  const bool is_core = header.header_bytes == k_core_header_bytes;
  const std::uint32_t raw_height = head.le32(22);
  const bool is_top_down = !is_core && (raw_height >> 31U) != 0;
  header.width = is_core ? head.le16(18) : head.le32(18);
  header.height = is_core ? head.le16(20) : is_top_down ? 0 - raw_height : raw_height;
  header.height &= 0xFFFF'FFFFU;
  header.bits = is_core ? head.le16(24) : head.le16(28);
  const std::uint32_t planes = is_core ? head.le16(22) : head.le16(26);
  const bool has_size = header.header_bytes >= 40;
  header.compression = has_size ? head.le32(30) : 0;
  constexpr std::string_view k_bits = "\0\1\2\4\x08\x10\x18\x20"sv;
  const bool knows_bits = header.bits <= 32 && k_bits.find(static_cast<char>(header.bits)) != std::string_view::npos;
  if (planes != 1 || !knows_bits || header.compression > 13 || header.width > 0x00FF'FFFF ||
      header.height > 0x00FF'FFFF)
    return std::nullopt;
  if (header.pixels_from < 14 + std::uint64_t{header.header_bytes}) return std::nullopt;
  const bool is_raw = header.compression == 0 || header.compression == 3 || header.compression == 6;
  header.pixel_bytes = is_raw ? (header.width * header.bits + 31) / 32 * 4 * header.height : head.le32(34);
  if (header.header_bytes == 124 && head.le32(14 + 116) != 0)
    header.profile_end = 14 + std::uint64_t{head.le32(14 + 112)} + head.le32(14 + 116);
  return header;
}

Likeness recognise(const Edges& edges) {
  if (!edges.head.matches(0, "BM"sv)) return Likeness::none;
  return parse_header(edges.head) ? Likeness::strong : Likeness::weak;
}

/// Run-length coded pixels ([MS-WMF] 3.1.6): where the end-of-bitmap code ends; 0 when the codes run out.
std::uint64_t find_run_length_end(WalkInput& input, std::uint64_t from, std::uint32_t bits) {
  std::uint64_t at = from;
  while (at + 2 <= input.size_bytes() && input.may_continue()) {
    const ByteView code = input.at(at, 2);
    at += 2;
    if (code.u8(0) != 0) continue;
    const std::uint64_t count = code.u8(1);
    if (count == 1) return at;
    if (count == 2) at += 2;
    if (count > 2) at += ((bits == 4 ? (count + 1) / 2 : count) + 1) / 2 * 2;
  }
  return 0;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const std::optional<Header> header = parse_header(input.head());
  if (!header) return report;
  report.shape = Shape::whole;
  const std::uint64_t size = input.size_bytes();
  const std::uint64_t fields_end = std::min<std::uint64_t>(14 + header->header_bytes, size);
  report.region(0, fields_end, RegionKind::structured);
  std::uint64_t end = header->pixels_from + header->pixel_bytes;
  const bool is_run_length = header->compression == 1 || header->compression == 2;
  if (is_run_length && header->pixels_from < size && (input.depth() == model::Depth::full || !input.whole().empty())) {
    const std::uint64_t codes_end = find_run_length_end(input, header->pixels_from, header->bits);
    if (codes_end == 0 && !input.stopped()) {
      report.breaks("bmp.codes",
                    fmt::format("the run-length codes from byte {} do not come to an end", header->pixels_from),
                    {.from = header->pixels_from, .to = size});
      return report;
    }
    end = std::max(end <= size ? end : 0, codes_end);
  }
  if (end > size) {
    report.breaks("bmp.cut",
                  fmt::format("{} by {} pixels of {} bits need the bytes up to {}, the content has {}", header->width,
                              header->height, header->bits, end, size),
                  {.from = size, .to = size});
    return report;
  }
  if (header->profile_end <= size) end = std::max(end, header->profile_end);
  // What the header says of the file's length counts when it is possible: some writers pad the end.
  if (header->file_bytes > end && header->file_bytes <= size && header->file_bytes - end <= k_filling_bytes_max)
    end = header->file_bytes;
  report.region(fields_end, end, RegionKind::plain);
  report.end_bytes = end;
  const std::uint64_t rest = size - end;
  if (rest <= 3) report.allowed_trailing_bytes = rest;  // a line end, or padding to two or four bytes
  if (rest <= k_filling_bytes_max && zero_run_bytes(input, end, rest) == rest) report.allowed_trailing_bytes = rest;
  report.reach = Reach::frame;
  report.holds("bmp.size", fmt::format("{} by {} pixels of {} bits fill the content to byte {}", header->width,
                                       header->height, header->bits, end));
  return report;
}

}  // namespace

const Format k_bmp_format = {.id = "bmp",
                             .title = "Bitmap image",
                             .family = Family::image,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk};

}  // namespace lastgood::formats
