// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Ogg: Vorbis, Opus, Theora, FLAC and Speex in pages. Specification: RFC 3533.
//
//   file = page*
//   page = "OggS" 0 flags(1) position(8) serial(4) sequence(4) crc(4) count(1) lengths(count) payload(sum of lengths)
//   The checksum is CRC-32 with polynomial 04C11DB7, unreflected, start 0, over the page with the field zeroed.
#include "formats/ogg/ogg_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"ogg", Promise::firm}, NameClaim{"oga", Promise::firm},
                                 NameClaim{"ogv", Promise::firm}, NameClaim{"opus", Promise::firm},
                                 NameClaim{"spx", Promise::firm}, NameClaim{"ogx", Promise::firm}};
constexpr std::uint64_t k_header_bytes = 27;
constexpr std::size_t k_page_bytes_max = 27 + 255 + 255 * 255;
constexpr std::uint64_t k_checked_pages = 64;  // where not all are
constexpr std::size_t k_search_bytes = 256 * 1024;

/// Four tables, so that four bytes go at once.
constexpr auto k_crc_tables = [] {
  std::array<std::array<std::uint32_t, 256>, 4> tables{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i << 24U;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x8000'0000U) != 0 ? crc << 1U ^ 0x04C1'1DB7U : crc << 1U;
    tables[0][i] = crc;
  }
  for (std::size_t t = 1; t < 4; ++t) {
    for (std::size_t i = 0; i < 256; ++i) tables[t][i] = tables[t - 1][i] << 8U ^ tables[0][tables[t - 1][i] >> 24U];
  }
  return tables;
}();

std::uint32_t page_crc(ByteView page) {
  std::uint32_t crc = 0;
  const auto byte_at = [&](std::size_t i) { return i >= 22 && i < 26 ? std::uint32_t{0} : std::uint32_t{page.u8(i)}; };
  std::size_t i = 0;
  for (; i < 28 && i < page.size(); ++i) crc = crc << 8U ^ k_crc_tables[0][crc >> 24U ^ byte_at(i)];
  for (; i + 4 <= page.size(); i += 4) {
    crc ^= page.be32(i);
    crc = k_crc_tables[3][crc >> 24U] ^ k_crc_tables[2][crc >> 16U & 0xFFU] ^ k_crc_tables[1][crc >> 8U & 0xFFU] ^
          k_crc_tables[0][crc & 0xFFU];
  }
  for (; i < page.size(); ++i) crc = crc << 8U ^ k_crc_tables[0][crc >> 24U ^ page.u8(i)];
  return crc;
}

bool begins_page(ByteView bytes) { return bytes.matches(0, "OggS\0"sv) && bytes.u8(5) < 8; }

Likeness recognise(const Edges& edges) { return begins_page(edges.head) ? Likeness::strong : Likeness::none; }

std::string_view find_kind(ByteView head) {
  const ByteView packet = head.part(28, 16);
  if (packet.matches(0, "OpusHead"sv)) return "opus";
  return packet.matches(0, "\x80theora"sv) ? "ogv"sv : "ogg"sv;
}

class OggWalk {
 public:
  OggWalk(WalkInput& input, WalkReport& report) : input_(input), report_(report) {
    all_ = input.depth() == model::Depth::full || !input.whole().empty();
    stride_ = all_ ? 1 : std::max<std::uint64_t>(1, input.size_bytes() / 4096 / k_checked_pages);
  }
  void walk();

 private:
  [[nodiscard]] bool page();
  [[nodiscard]] bool find_next_page(std::uint64_t from);
  void finish();

  WalkInput& input_;
  WalkReport& report_;
  std::uint64_t at_ = 0;
  std::uint64_t pages_ = 0;
  std::uint64_t checked_ = 0;
  std::uint64_t stride_ = 1;
  bool all_ = false;
};

/// One page at at_. False: none stands here.
bool OggWalk::page() {
  const ByteView header = input_.at(at_, k_header_bytes + 255);
  if (!begins_page(header)) return false;
  const std::uint64_t count = header.u8(26);
  std::uint64_t length = k_header_bytes + count;
  for (std::uint64_t i = 0; i < count; ++i) length += header.u8(k_header_bytes + i);
  if (header.size() < k_header_bytes + count || length > input_.size_bytes() - at_) return false;
  ++pages_;
  const bool check = pages_ % stride_ == 0 || pages_ <= 2;
  bool fits = true;
  if (check) {
    const ByteView page = input_.at(at_, static_cast<std::size_t>(std::min<std::uint64_t>(length, k_page_bytes_max)));
    const std::uint32_t stored = page.le32(22);
    fits = page.size() == length && page_crc(page) == stored;
    if (input_.stopped() || input_.read_error()) return false;
    ++checked_;
  }
  if (!fits) {
    report_.breaks("ogg.crc", fmt::format("checksum of the page at byte {} does not fit its {} bytes", at_, length),
                   {.from = at_, .to = at_ + length});
  }
  report_.region(at_, at_ + k_header_bytes + count, RegionKind::structured);
  report_.region(at_ + k_header_bytes + count, at_ + length,
                 check && fits ? RegionKind::verified : RegionKind::compressed);
  at_ += length;
  return true;
}

/// Goes to the next page behind bytes that are none. False: there is none any more.
bool OggWalk::find_next_page(std::uint64_t from) {
  std::uint64_t at = from;
  while (at < input_.size_bytes() && input_.may_continue()) {
    const ByteView piece = input_.at(at, k_search_bytes);
    if (piece.size() < 5) return false;
    const std::size_t found = piece.find("OggS\0"sv);
    if (found != ByteView::npos) {
      at_ = at + found;
      return true;
    }
    at += piece.size() - 4;
  }
  return false;
}

void OggWalk::finish() {
  report_.reach = all_ ? Reach::content : Reach::sampled;
  if (report_.shape == Shape::broken) return;
  report_.end_bytes = at_;
  report_.holds("ogg.pages", fmt::format("{} pages tile the content to byte {}, the checksums of {} of them fit",
                                         pages_, at_, checked_));
}

void OggWalk::walk() {
  report_.format = find_kind(input_.head());
  const bool jumps = input_.depth() == model::Depth::quick && input_.whole().empty();
  while (at_ < input_.size_bytes() && input_.may_continue()) {
    if (jumps && at_ >= k_edge_bytes && at_ < input_.size_bytes() - k_edge_bytes) {
      // `quick` looks at both ends: the last pages must tile the content to its end.
      const std::uint64_t tail_from = input_.size_bytes() - k_edge_bytes;
      if (!find_next_page(tail_from)) at_ = tail_from;
    }
    if (page()) continue;
    if (input_.stopped() || input_.read_error()) break;
    const std::uint64_t gap_from = at_;
    const bool found = input_.depth() != model::Depth::quick && find_next_page(at_ + 1);
    if (!found && pages_ > 2 && !begins_page(input_.at(gap_from, 6))) {
      at_ = gap_from;  // what follows the last page is for the verdict to judge
      break;
    }
    if (!found && begins_page(input_.at(gap_from, 6))) {
      const std::uint64_t size = input_.size_bytes();
      report_.breaks("ogg.cut",
                     fmt::format("the page at byte {} goes beyond the content's end at byte {}", gap_from, size),
                     {.from = size, .to = size});
      return;
    }
    const std::uint64_t gap_to = found ? at_ : input_.size_bytes();
    report_.breaks("ogg.page",
                   fmt::format("no page begins at byte {}, behind {} whole ones; the next one at byte {}", gap_from,
                               pages_, gap_to),
                   {.from = gap_from, .to = gap_to});
    if (!found) return;
  }
  if (input_.stopped() || input_.read_error()) {
    report_.remarks("ogg.limit", fmt::format("stopped by a limit after {} pages, at byte {}", pages_, at_));
    return;
  }
  finish();
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (!begins_page(input.head())) return report;
  report.shape = Shape::whole;
  OggWalk(input, report).walk();
  return report;
}

}  // namespace

const Format k_ogg_format = {.id = "ogg",
                             .title = "Ogg sound or movie",
                             .family = Family::audio_video,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk};

}  // namespace lastgood::formats
