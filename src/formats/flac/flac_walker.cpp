// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// FLAC sound. Specification: RFC 9639, sections 6 to 9; ID3v2 before and ID3v1 behind, as some taggers do.
//
//   file     = [ ID3v2 ] "fLaC" metadata+ frame* [ ID3v1 ]
//   metadata = last(1 bit) type(7 bits) length(3) payload(length); the first is STREAMINFO with 34 bytes
//   frame    = header with a CRC-8, subframes, CRC-16 over the whole frame
//   A frame does not say how long it is: the next one begins where the checksum fits and a header stands.
#include "formats/flac/flac_walker.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "formats/flac/flac_frame.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"flac", Promise::firm}, NameClaim{"fla", Promise::loose}};
constexpr std::uint64_t k_blocks_max = 10'000;
constexpr std::size_t k_piece_bytes = 1024 * 1024;
constexpr std::size_t k_frame_bytes_max = 512 * 1024;  // 8 channels of 32 bits in blocks of 16384 samples
constexpr std::size_t k_sample_bytes = 32 * 1024;
constexpr std::uint64_t k_closing_bytes = 128 * 1024;
constexpr std::uint64_t k_samples = 16;
constexpr std::uint64_t k_tag_bytes = 128;

/// Where "fLaC" stands: at the beginning or behind an ID3v2 tag.
std::optional<std::uint64_t> find_start(ByteView head) {
  if (head.matches(0, "fLaC"sv)) return 0;
  if (!head.matches(0, "ID3"sv)) return std::nullopt;
  std::uint64_t length = 0;
  for (std::uint64_t i = 6; i < 10; ++i) length = length << 7U | (head.u8(i) & 0x7FU);
  return head.matches(10 + length, "fLaC"sv) ? std::optional(10 + length) : std::nullopt;
}

Likeness recognise(const Edges& edges) { return find_start(edges.head) ? Likeness::strong : Likeness::none; }

class FlacWalk {
 public:
  FlacWalk(WalkInput& input, std::uint64_t start, WalkReport& report) : input_(input), report_(report), at_(start) {}
  void walk();

 private:
  [[nodiscard]] bool metadata();
  void frames();
  void tell_bad(std::uint64_t from, std::uint64_t to);
  [[nodiscard]] bool ends_before_foreign(std::uint64_t from);
  [[nodiscard]] std::size_t frame_bytes(ByteView piece, bool is_last) const;
  [[nodiscard]] std::size_t find_header(ByteView piece, std::size_t from) const;
  [[nodiscard]] bool are_samples_sane(std::uint64_t from);
  [[nodiscard]] bool is_closing_sane(std::uint64_t from);
  void finish();

  WalkInput& input_;
  WalkReport& report_;
  std::uint64_t at_;
  std::uint64_t end_ = 0;  // of the frames
  std::uint64_t blocks_ = 0;
  std::uint64_t frames_ = 0;
  std::uint64_t samples_ = 0;
  std::uint64_t samples_announced_ = 0;
  std::uint64_t frame_bytes_max_ = 0;
  bool has_tag_ = false;
  bool all_ = false;
};

bool FlacWalk::metadata() {
  report_.region(0, at_, RegionKind::plain);
  report_.region(at_, at_ + 4, RegionKind::structured);
  at_ += 4;
  bool is_last = false;
  while (!is_last && blocks_ < k_blocks_max && input_.may_continue()) {
    const ByteView header = input_.at(at_, 4);
    const unsigned type = header.u8(0) & 0x7FU;
    const std::uint64_t length = header.be24(1);
    const bool is_first = blocks_ == 0;
    if (header.size() < 4 || type == 127 || length > input_.size_bytes() - at_ - 4 ||
        (is_first && (type != 0 || length != 34))) {
      report_.breaks("flac.metadata",
                     fmt::format("no metadata block fits at byte {}, behind {} whole ones", at_, blocks_),
                     {.from = std::min(at_, input_.size_bytes()), .to = input_.size_bytes()});
      return false;
    }
    is_last = (header.u8(0) & 0x80U) != 0;
    if (is_first) {
      // STREAMINFO, 8.2: longest frame (0: unknown), and the number of samples in the low 36 bits.
      const ByteView stream = input_.at(at_ + 4, 34);
      frame_bytes_max_ = stream.be24(7) != 0 ? stream.be24(7) : 64 * 1024;
      samples_announced_ = stream.be64(10) & 0xF'FFFF'FFFFU;
    }
    constexpr unsigned k_picture = 6;
    report_.region(at_, at_ + 4, RegionKind::structured);
    report_.region(at_ + 4, at_ + 4 + length, type == k_picture ? RegionKind::compressed : RegionKind::plain);
    at_ += 4 + length;
    ++blocks_;
  }
  return !input_.stopped();
}

/// Offset of the next frame header at or after `from`; piece.size() when there is none.
std::size_t FlacWalk::find_header(ByteView piece, std::size_t from) const {
  std::size_t found = from;
  while ((found = piece.find("\xFF"sv, found)) != ByteView::npos) {
    if ((piece.u8(found + 1) & 0xFEU) == 0xF8 &&
        parse_flac_header(piece.part(found, k_flac_header_bytes_max)).length_bytes != 0)
      return found;
    ++found;
  }
  return piece.size();
}

/// Length of the frame that begins `piece`; 0 when its checksum fits nowhere.
std::size_t FlacWalk::frame_bytes(ByteView piece, bool is_last) const {
  const std::size_t header = parse_flac_header(piece.part(0, k_flac_header_bytes_max)).length_bytes;
  if (header == 0) return 0;
  std::uint16_t crc = 0;
  std::size_t summed = 0;
  std::size_t next = header;
  while (summed < std::min(piece.size(), k_frame_bytes_max)) {
    next = find_header(piece, std::max(next, summed + 1));
    if (next == piece.size() && !is_last) return 0;
    crc = flac_crc16(piece.part(summed, next - summed), crc);
    summed = next;
    if (crc == 0) return summed;
  }
  return 0;
}

void FlacWalk::frames() {
  std::uint64_t bad_from = 0;
  while (at_ < end_ && input_.may_continue()) {
    const auto wish = static_cast<std::size_t>(std::min<std::uint64_t>(k_piece_bytes, end_ - at_));
    const ByteView piece = input_.at(at_, wish);
    if (piece.empty()) break;
    const bool is_last = at_ + piece.size() == end_;
    std::size_t done = 0;
    while (done < piece.size() && (is_last || piece.size() - done > k_frame_bytes_max) && input_.may_continue()) {
      const std::size_t length = frame_bytes(piece.part(done), is_last);
      if (length != 0) {
        if (bad_from != 0) tell_bad(bad_from, at_ + done);
        bad_from = 0;
        ++frames_;
        samples_ += parse_flac_header(piece.part(done, k_flac_header_bytes_max)).samples;
        report_.region(at_ + done, at_ + done + length, RegionKind::verified);
        done += length;
        continue;
      }
      if (bad_from == 0) bad_from = at_ + done;
      done = find_header(piece, done + 1);
    }
    if (done == 0) break;  // the content shrank
    at_ += done;
  }
  if (bad_from != 0 && !input_.stopped() && !ends_before_foreign(bad_from)) tell_bad(bad_from, end_);
}

/// A frame whose bits were damaged is still compressed sound; what is longer than any frame is something else.
void FlacWalk::tell_bad(std::uint64_t from, std::uint64_t to) {
  const bool is_one_frame =
      to - from <= frame_bytes_max_ && parse_flac_header(input_.at(from, k_flac_header_bytes_max)).length_bytes != 0;
  if (is_one_frame) report_.region(from, to, RegionKind::compressed);
  report_.breaks("flac.frame", fmt::format("no frame whose checksum fits stands at bytes {} to {}", from, to),
                 {.from = from, .to = to});
}

/// True when the frame at `from` is the last one by the count of samples, and whole, with foreign bytes behind it: the
/// content's end is then where its checksum fits.
bool FlacWalk::ends_before_foreign(std::uint64_t from) {
  const ByteView piece =
      input_.at(from, static_cast<std::size_t>(std::min<std::uint64_t>(k_frame_bytes_max, end_ - from)));
  const FlacHeader header = parse_flac_header(piece.part(0, k_flac_header_bytes_max));
  if (header.length_bytes == 0 || samples_ + header.samples != samples_announced_ || report_.shape == Shape::broken)
    return false;
  std::uint16_t crc = flac_crc16(piece.part(0, header.length_bytes), 0);
  for (std::size_t at = header.length_bytes; at < piece.size(); ++at) {
    crc = flac_crc16(piece.part(at, 1), crc);
    if (crc != 0 || at + 1 < header.length_bytes + 2) continue;
    ++frames_;
    end_ = from + at + 1;
    report_.region(from, end_, RegionKind::verified);
    return true;
  }
  return false;
}

/// True when the frames that begin in the last bytes follow each other to the end.
bool FlacWalk::is_closing_sane(std::uint64_t from) {
  const std::uint64_t at = std::max(from, end_ - std::min<std::uint64_t>(end_, k_closing_bytes));
  const ByteView piece = input_.at(at, static_cast<std::size_t>(end_ - at));
  std::size_t done = find_header(piece, 0);
  // What looks like a header inside a frame is none whose checksum fits.
  while (done < piece.size() && frame_bytes(piece.part(done), true) == 0) done = find_header(piece, done + 1);
  if (done == piece.size()) return false;
  while (done < piece.size() && input_.may_continue()) {
    const std::size_t length = frame_bytes(piece.part(done), true);
    if (length == 0) return false;
    done += length;
  }
  return true;
}

/// True when in windows spread over the frames, the first and the last bytes included, whole frames stand.
bool FlacWalk::are_samples_sane(std::uint64_t from) {
  if (parse_flac_header(input_.at(from, k_flac_header_bytes_max)).length_bytes == 0) return false;
  const std::uint64_t samples = input_.depth() == model::Depth::quick ? 2 : k_samples;
  for (std::uint64_t i = 0; i < samples && input_.may_continue(); ++i) {
    const std::uint64_t at = from + (end_ - from) / samples * i;
    const ByteView window = input_.at(at, static_cast<std::size_t>(std::min<std::uint64_t>(k_sample_bytes, end_ - at)));
    // Two headers are needed to see a frame; long frames of high rates may not give them within the window.
    const std::size_t first = find_header(window, 0);
    const std::size_t second = first == window.size() ? first : find_header(window, first + 1);
    if (first == window.size()) return false;
    if (second == window.size()) continue;
    if (frame_bytes(window.part(first), false) == 0) return false;
  }
  return is_closing_sane(from);
}

void FlacWalk::finish() {
  report_.reach = all_ ? Reach::content : Reach::sampled;
  if (report_.shape == Shape::broken) return;
  report_.end_bytes = end_;
  if (has_tag_) report_.allowed_trailing_bytes = k_tag_bytes;
  report_.holds(
      "flac.frames",
      all_
          ? fmt::format("{} metadata blocks and {} frames to byte {}, every checksum fits", blocks_, frames_, end_)
          : fmt::format("{} metadata blocks and samples of the frames to byte {}, their checksums fit", blocks_, end_));
}

void FlacWalk::walk() {
  if (!metadata()) return;
  const std::uint64_t size = input_.size_bytes();
  has_tag_ = size - at_ >= k_tag_bytes && input_.at(size - k_tag_bytes, 3).matches(0, "TAG"sv);
  end_ = has_tag_ ? size - k_tag_bytes : size;
  all_ = input_.depth() == model::Depth::full || !input_.whole().empty();
  const std::uint64_t from = at_;
  if (!all_ && are_samples_sane(from)) {
    report_.region(from, end_, RegionKind::compressed);
  } else if (!input_.stopped()) {
    all_ = true;
    frames();
  }
  if (input_.stopped() || input_.read_error()) {
    report_.remarks("flac.limit", fmt::format("stopped by a limit after {} frames, at byte {}", frames_, at_));
    return;
  }
  finish();
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const std::optional<std::uint64_t> start = find_start(input.head());
  if (!start) return report;
  report.shape = Shape::whole;
  FlacWalk(input, *start, report).walk();
  return report;
}

}  // namespace

const Format k_flac_format = {.id = "flac",
                              .title = "FLAC sound",
                              .family = Family::audio_video,
                              .claims = k_claims,
                              .recognise = recognise,
                              .walk = walk};

}  // namespace lastgood::formats
