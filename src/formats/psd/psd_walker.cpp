// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Photoshop documents. Specification: Adobe Photoshop File Formats Specification, "Photoshop File Format".
//
//   file      = header(26) colours resources layers image
//   header    = "8BPS" version(2: 1, or 2 for large documents) 0(6) channels(2) height(4) width(4) depth(2) mode(2)
//   colours, resources = length(4) bytes;  layers = length(4, or 8) bytes
//   resource  = "8BIM" number(2) name(Pascal, even) length(4) bytes(even)
//   image     = compression(2: 0 none, 1 PackBits behind a table of row lengths, 2 and 3 deflate) pixels
#include "formats/psd/psd_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"psd", Promise::firm}, NameClaim{"psb", Promise::firm}};
constexpr std::uint64_t k_header_bytes = 26;
constexpr std::uint64_t k_rows_max = 56ULL * 300'000;

struct Header {
  bool is_large = false;
  std::uint64_t channels = 0;
  std::uint64_t height = 0;
  std::uint64_t width = 0;
  std::uint64_t depth_bits = 0;
};

bool is_document(ByteView head) {
  const bool has_version = head.be16(4) == 1 || head.be16(4) == 2;
  return head.matches(0, "8BPS"sv) && has_version && head.matches(6, "\0\0\0\0\0\0"sv);
}

Likeness recognise(const Edges& edges) { return is_document(edges.head) ? Likeness::strong : Likeness::none; }

class PsdWalk {
 public:
  PsdWalk(WalkInput& input, WalkReport& report) : input_(input), report_(report) {}
  void walk();

 private:
  [[nodiscard]] bool section(const char* name, std::uint64_t length_bytes, RegionKind kind, std::uint64_t& from,
                             std::uint64_t& to);
  [[nodiscard]] bool resources(std::uint64_t from, std::uint64_t to);
  void image();
  [[nodiscard]] std::uint64_t packed_bytes(std::uint64_t table_from);

  WalkInput& input_;
  WalkReport& report_;
  Header header_;
  std::uint64_t at_ = k_header_bytes;
};

bool PsdWalk::section(const char* name, std::uint64_t length_bytes, RegionKind kind, std::uint64_t& from,
                      std::uint64_t& to) {
  const ByteView length = input_.at(at_, static_cast<std::size_t>(length_bytes));
  const std::uint64_t bytes = length_bytes == 8 ? length.be64(0) : length.be32(0);
  from = std::min(at_ + length_bytes, input_.size_bytes());
  report_.region(at_, from, RegionKind::structured);
  if (length.size() < length_bytes || bytes > input_.size_bytes() - from) {
    report_.breaks("psd.cut",
                   fmt::format("the {} section at byte {} goes {} bytes on, beyond the content's {} bytes", name, at_,
                               bytes, input_.size_bytes()),
                   {.from = input_.size_bytes(), .to = input_.size_bytes()});
    return false;
  }
  to = from + bytes;
  report_.region(from, to, kind);
  at_ = to;
  return true;
}

bool PsdWalk::resources(std::uint64_t from, std::uint64_t to) {
  std::uint64_t at = from;
  while (at < to && input_.may_continue()) {
    const ByteView resource = input_.at(at, 7);
    const std::uint64_t name_bytes = (std::uint64_t{resource.u8(6)} + 2) / 2 * 2;
    const std::uint64_t data = at + 6 + name_bytes + 4;
    const std::uint64_t length = input_.at(data - 4, 4).be32(0);
    const bool has_sign = resource.matches(0, "8BIM"sv) || resource.matches(0, "MeSa"sv) ||
                          resource.matches(0, "AgHg"sv) || resource.matches(0, "PHUT"sv) ||
                          resource.matches(0, "DCSR"sv);
    if (!has_sign || data > to || length > to - data) {
      if (input_.stopped()) return false;
      report_.breaks("psd.resource", fmt::format("no image resource begins at byte {}", at), {.from = at, .to = to});
      return false;
    }
    at = data + (length + 1) / 2 * 2;
  }
  return true;
}

/// Sum of the row lengths, table included; 0 when the table is cut.
std::uint64_t PsdWalk::packed_bytes(std::uint64_t table_from) {
  const std::uint64_t entry = header_.is_large ? 4 : 2;
  const std::uint64_t rows = std::min(header_.channels * header_.height, k_rows_max);
  std::uint64_t sum = rows * entry;
  constexpr std::uint64_t k_step = 16 * 1024;
  for (std::uint64_t done = 0; done < rows && input_.may_continue(); done += k_step) {
    const std::uint64_t count = std::min(k_step, rows - done);
    const ByteView piece = input_.at(table_from + done * entry, static_cast<std::size_t>(count * entry));
    if (piece.size() < count * entry) return 0;
    for (std::uint64_t i = 0; i < count; ++i) sum += entry == 4 ? piece.be32(4 * i) : piece.be16(2 * i);
  }
  return sum;
}

void PsdWalk::image() {
  const std::uint64_t size = input_.size_bytes();
  const ByteView compression = input_.at(at_, 2);
  const std::uint64_t pixels_from = at_ + 2;
  const std::uint32_t method = compression.be16(0);
  if (compression.size() < 2 || method > 3) {
    report_.breaks("psd.image", fmt::format("no image data begins at byte {}", at_), {.from = at_, .to = size});
    return;
  }
  report_.region(at_, pixels_from, RegionKind::structured);
  std::uint64_t needed = size - pixels_from;
  if (method == 0) needed = header_.channels * header_.height * ((header_.width * header_.depth_bits + 7) / 8);
  if (method == 1) needed = packed_bytes(pixels_from);
  if (input_.stopped()) return;
  if (needed > size - pixels_from || (method == 1 && needed == 0)) {
    report_.breaks("psd.cut",
                   fmt::format("the image data from byte {} needs {} bytes, {} are there", pixels_from, needed,
                               size - pixels_from),
                   {.from = size, .to = size});
    return;
  }
  report_.region(pixels_from, pixels_from + needed, method == 0 ? RegionKind::plain : RegionKind::compressed);
  report_.reach = Reach::frame;
  if (method <= 1) report_.end_bytes = pixels_from + needed;
  if (report_.shape == Shape::broken) return;
  report_.holds("psd.sections", fmt::format("{} channels of {} by {} pixels; all sections fit and end at byte {}",
                                            header_.channels, header_.width, header_.height, pixels_from + needed));
}

void PsdWalk::walk() {
  const ByteView head = input_.head();
  header_ = {.is_large = head.be16(4) == 2,
             .channels = head.be16(12),
             .height = head.be32(14),
             .width = head.be32(18),
             .depth_bits = head.be16(22)};
  const bool is_sane =
      header_.channels >= 1 && header_.channels <= 56 && header_.height >= 1 && header_.height <= 300'000 &&
      header_.width >= 1 && header_.width <= 300'000 &&
      (header_.depth_bits == 1 || header_.depth_bits == 8 || header_.depth_bits == 16 || header_.depth_bits == 32) &&
      head.be16(24) <= 15;
  report_.region(0, std::min(k_header_bytes, input_.size_bytes()), RegionKind::structured);
  if (!is_sane || head.size() < k_header_bytes) {
    report_.breaks("psd.header", "the header holds sizes that no document has",
                   {.from = 0, .to = std::min(k_header_bytes, input_.size_bytes())});
    return;
  }
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  // Thumbnails, previews and layers are compressed; the checks do not go into them.
  if (!section("colour", 4, RegionKind::plain, from, to)) return;
  if (!section("resource", 4, RegionKind::compressed, from, to) || !resources(from, to)) return;
  if (!section("layer", header_.is_large ? 8 : 4, RegionKind::compressed, from, to)) return;
  image();
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (!is_document(input.head())) return report;
  report.shape = Shape::whole;
  PsdWalk(input, report).walk();
  return report;
}

}  // namespace

const Format k_psd_format = {.id = "psd",
                             .title = "Photoshop document",
                             .family = Family::image,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk};

}  // namespace lastgood::formats
