// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// GIF pictures. Specification: Graphics Interchange Format, version 89a.
//
//   file      = "GIF87a" | "GIF89a", screen descriptor(7), [ colours ], block*, ';'
//   block     = ',' image descriptor(9) [ colours ] code-size(1) chain | '!' label(1) chain
//   chain     = ( length(1) bytes(length) )* 0
#include "formats/gif/gif_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "formats/gif/gif_lzw.h"
#include "formats/zero_run.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"gif", Promise::firm}};
constexpr std::uint64_t k_header_bytes = 13;
constexpr std::uint64_t k_filling_bytes_max = 64 * 1024;

bool is_gif(ByteView head) { return head.matches(0, "GIF87a"sv) || head.matches(0, "GIF89a"sv); }

Likeness recognise(const Edges& edges) { return is_gif(edges.head) ? Likeness::strong : Likeness::none; }

std::uint64_t colour_bytes(std::uint8_t flags) { return (flags & 0x80U) == 0 ? 0 : 3U << ((flags & 7U) + 1U); }

/// The empty sub-block of the last chain and the trailer stand at the very end.
bool ends_as_gif(const WalkInput& input) {
  const ByteView tail = input.tail();
  return tail.size() >= 2 && tail.matches(tail.size() - 2, "\0;"sv);
}

class GifWalk {
 public:
  GifWalk(WalkInput& input, WalkReport& report) : input_(input), report_(report) {
    decodes_ = input.depth() == model::Depth::full || !input.whole().empty();
  }
  void walk();

 private:
  [[nodiscard]] bool block();
  [[nodiscard]] bool image();
  [[nodiscard]] bool chain(GifCodes* codes, std::uint64_t image_from);
  void finish(bool has_trailer);

  WalkInput& input_;
  WalkReport& report_;
  std::uint64_t at_ = 0;
  std::uint64_t images_ = 0;
  std::uint64_t blocks_ = 0;
  bool decodes_ = false;
};

/// Follows sub-blocks to the empty one. False: the chain or the codes in it broke, and it has been said.
bool GifWalk::chain(GifCodes* codes, std::uint64_t image_from) {
  const std::uint64_t data_from = at_;
  const bool is_quick = input_.depth() == model::Depth::quick && input_.whole().empty();
  while (input_.may_continue()) {
    if (is_quick && at_ > k_edge_bytes && ends_as_gif(input_)) {
      // `quick` looks at both ends.
      at_ = input_.size_bytes() - 1;
      return true;
    }
    const ByteView block = input_.at(at_, 256);
    const std::uint64_t length = block.u8(0);
    if (block.size() < 1 + length) {
      report_.breaks("gif.cut",
                     fmt::format("the chain of sub-blocks from byte {} goes beyond the content's end", image_from),
                     {.from = input_.size_bytes(), .to = input_.size_bytes()});
      return false;
    }
    at_ += 1 + length;
    if (length == 0) return true;
    if (codes == nullptr || codes->is_ended() || codes->take(block.part(1, length))) continue;
    report_.breaks("gif.codes",
                   fmt::format("a code before byte {} is none that the picture from byte {} can hold", at_, image_from),
                   {.from = data_from, .to = at_});
    codes = nullptr;
  }
  return false;
}

bool GifWalk::image() {
  const std::uint64_t from = at_;
  const ByteView descriptor = input_.at(at_, 10);
  const std::uint64_t pixels = std::uint64_t{descriptor.le16(5)} * descriptor.le16(7);
  at_ = std::min(at_ + 10 + colour_bytes(descriptor.u8(9)), input_.size_bytes());
  report_.region(from, at_, RegionKind::structured);
  const unsigned code_bits = input_.at(at_, 1).u8(0);
  const std::uint64_t data_from = at_ + 1;
  if (code_bits < 1 || code_bits > 11 || at_ >= input_.size_bytes()) {
    report_.breaks("gif.image", fmt::format("the picture at byte {} has codes of {} bits", from, code_bits),
                   {.from = from, .to = std::min(data_from, input_.size_bytes())});
    return false;
  }
  ++at_;
  ++images_;
  GifCodes codes(code_bits);
  const bool was_broken = report_.shape == Shape::broken;
  if (!chain(decodes_ ? &codes : nullptr, from)) {
    report_.region(data_from, at_, RegionKind::compressed);
    return false;
  }
  const bool is_counted = decodes_ && (was_broken || report_.shape != Shape::broken);
  if (is_counted && codes.pixels() < pixels) {
    report_.breaks("gif.pixels",
                   fmt::format("the picture from byte {} holds {} of its {} pixels", from, codes.pixels(), pixels),
                   {.from = data_from, .to = at_});
  }
  report_.region(data_from, at_,
                 decodes_ && report_.shape != Shape::broken ? RegionKind::verified : RegionKind::compressed);
  return true;
}

/// One block. False: what stands here is none, and it has been said.
bool GifWalk::block() {
  const std::uint64_t from = at_;
  const ByteView head = input_.at(at_, 2);
  if (head.u8(0) == ',') return image();
  if (head.u8(0) == '!' && head.size() == 2) {
    at_ += 2;
    const bool chained = chain(nullptr, from);
    report_.region(from, at_, at_ - from < 4096 ? RegionKind::structured : RegionKind::plain);
    return chained;
  }
  report_.breaks("gif.block", fmt::format("no block begins at byte {}, behind {} whole ones", at_, blocks_),
                 {.from = at_, .to = std::min(input_.size_bytes(), at_ + 65'536)});
  return false;
}

void GifWalk::finish(bool has_trailer) {
  if (has_trailer) {
    report_.region(at_, at_ + 1, RegionKind::structured);
    ++at_;
  } else {
    report_.remarks("gif.no-trailer", "the closing ';' is missing, as some writers leave it out");
  }
  report_.end_bytes = at_;
  const std::uint64_t rest = input_.size_bytes() - at_;
  // An old editor left a few bytes of its buffer, with the trailer once more at their end; no attack's footer is so
  // short.
  const bool is_left_over = rest > 0 && rest <= 16 && input_.tail().u8(input_.tail().size() - 1) == ';';
  if (is_left_over) report_.allowed_trailing_bytes = rest;
  if (rest <= k_filling_bytes_max && zero_run_bytes(input_, at_, rest) == rest) report_.allowed_trailing_bytes = rest;
  report_.reach = decodes_ ? Reach::content : Reach::frame;
  if (images_ == 0 && report_.shape != Shape::broken) report_.remarks("gif.empty", "there is no picture in it");
  if (report_.shape == Shape::broken) return;
  report_.holds("gif.blocks", fmt::format("{} blocks with {} pictures tile the content to byte {}{}", blocks_, images_,
                                          at_, decodes_ ? ", every pixel of them is there" : ""));
}

void GifWalk::walk() {
  at_ = k_header_bytes + colour_bytes(input_.head().u8(10));
  report_.region(0, std::min(at_, input_.size_bytes()), RegionKind::structured);
  if (at_ >= input_.size_bytes()) {
    report_.breaks("gif.header", "the content ends before its first block", {.from = 0, .to = input_.size_bytes()});
    return;
  }
  while (input_.may_continue()) {
    // Between blocks some writers leave an empty sub-block too many.
    while (at_ < input_.size_bytes() && input_.at(at_, 1).u8(0) == 0 && input_.may_continue()) ++at_;
    const bool is_end = at_ >= input_.size_bytes();
    if (is_end || input_.at(at_, 1).u8(0) == ';') {
      finish(!is_end);
      return;
    }
    if (!block()) break;
    ++blocks_;
  }
  if (input_.stopped())
    report_.remarks("gif.limit", fmt::format("stopped by a limit after {} blocks, at byte {}", blocks_, at_));
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (!is_gif(input.head())) return report;
  report.shape = Shape::whole;
  GifWalk(input, report).walk();
  return report;
}

}  // namespace

const Format k_gif_format = {.id = "gif",
                             .title = "GIF image",
                             .family = Family::image,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk};

}  // namespace lastgood::formats
