// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// MPEG audio (MP3 and its older layers) and AAC in ADTS. Specifications: ISO/IEC 11172-3 section 2.4.1, ISO/IEC
// 13818-3, ISO/IEC 14496-3 annex 1.A.
//
//   file  = [ ID3v2 ]* [ zeros ] frame* [ APEv2 | Lyrics3 | ID3v1 ]*
//   frame = header(4; ADTS 7) payload; the header's bit rate and sampling rate give the frame's length
//   The next frame begins exactly where the last one ends.
#include "formats/mp3/mp3_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "formats/mp3/mp3_frame.h"
#include "formats/mp3/mp3_tags.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"mp3", Promise::firm}, NameClaim{"mp2", Promise::firm},
                                 NameClaim{"mp1", Promise::loose}, NameClaim{"mpga", Promise::firm},
                                 NameClaim{"aac", Promise::firm}};
constexpr std::size_t k_piece_bytes = 256 * 1024;
constexpr std::size_t k_frame_bytes_max = 8192;
constexpr std::uint64_t k_opening_junk_bytes_max = 64 * 1024;
constexpr std::uint64_t k_samples = 64;
constexpr std::size_t k_sample_bytes = 16 * 1024;
constexpr int k_frames_in_a_row = 3;

/// True when `count` frames of one stream follow each other at `from`, or as many as fit.
bool begins_chain(ByteView bytes, std::uint64_t from, int count, bool must_all_fit) {
  std::uint32_t stream = 0;
  for (int i = 0; i < count; ++i) {
    const std::optional<AudioFrame> frame = parse_audio_frame(bytes.part(from, 8));
    if (!frame) return i > 0 && !must_all_fit && from + 8 > bytes.size();
    if (i > 0 && frame->stream != stream) return false;
    stream = frame->stream;
    from += frame->length_bytes;
  }
  return true;
}

/// Offset of the first chain of frames at or after `from`; npos when there is none.
std::size_t find_chain(ByteView bytes, std::size_t from) {
  std::size_t found = from;
  while ((found = bytes.find("\xFF"sv, found)) != ByteView::npos) {
    if (begins_chain(bytes, found, k_frames_in_a_row, true)) return found;
    ++found;
  }
  return ByteView::npos;
}

Likeness recognise(const Edges& edges) {
  const std::uint64_t tag = id3v2_bytes(edges.head);
  if (tag != 0) {
    if (edges.head.matches(tag, "fLaC"sv)) return Likeness::none;
    return tag < edges.head.size() && begins_chain(edges.head, tag, k_frames_in_a_row, false) ? Likeness::strong
                                                                                              : Likeness::weak;
  }
  if (!parse_audio_frame(edges.head.part(0, 8))) return Likeness::none;
  return begins_chain(edges.head, 0, k_frames_in_a_row, true) ? Likeness::strong : Likeness::weak;
}

class Mp3Walk {
 public:
  Mp3Walk(WalkInput& input, WalkReport& report) : input_(input), report_(report) {}
  void walk();

 private:
  [[nodiscard]] bool find_start();
  void frames();
  [[nodiscard]] std::size_t piece_of_frames(ByteView piece, bool is_last);
  [[nodiscard]] bool are_samples_sane(std::uint64_t from);
  void end_gap(std::uint64_t to);
  void finish();

  WalkInput& input_;
  WalkReport& report_;
  std::uint64_t at_ = 0;
  std::uint64_t end_ = 0;  // of the frames
  std::uint64_t frames_ = 0;
  std::uint64_t gap_from_ = 0;  // where frames stopped fitting; 0: they fit
  std::uint64_t named_ = 0;     // up to where regions are named
  bool all_ = false;
};

/// Passes tags and filling. False: no frames begin here.
bool Mp3Walk::find_start() {
  for (int tags = 0; tags < 4; ++tags) {
    const std::uint64_t length = id3v2_bytes(input_.at(at_, 10));
    if (length == 0 || length > input_.size_bytes() - at_) break;
    report_.region(at_, at_ + 10, RegionKind::structured);
    // Cover pictures and private frames are compressed; small tags are text.
    report_.region(at_ + 10, at_ + length, length > 4096 ? RegionKind::compressed : RegionKind::plain);
    at_ += length;
    report_.shape = Shape::whole;
  }
  const ByteView opening = input_.at(at_, k_opening_junk_bytes_max);
  // Small sounds have fewer frames than a chain needs; then the first one must be where it should.
  const bool is_short =
      opening.size() < k_frames_in_a_row * k_frame_bytes_max && begins_chain(opening, 0, k_frames_in_a_row, false);
  const std::size_t found = is_short ? 0 : find_chain(opening, 0);
  if (found == ByteView::npos) return false;
  if (report_.shape == Shape::foreign && found != 0) return false;
  at_ += found;
  return true;
}

void Mp3Walk::end_gap(std::uint64_t to) {
  if (gap_from_ == 0) return;
  report_.region(named_, gap_from_, RegionKind::compressed);
  named_ = to;
  report_.breaks(
      "mp3.frame",
      fmt::format("no frame begins at byte {}, behind {} whole ones; the next one at byte {}", gap_from_, frames_, to),
      {.from = gap_from_, .to = to});
  gap_from_ = 0;
}

/// Follows the frames of `piece`, which begins at at_. How many bytes are done.
std::size_t Mp3Walk::piece_of_frames(ByteView piece, bool is_last) {
  std::size_t done = 0;
  while (done < piece.size() && (is_last || piece.size() - done > 4 * k_frame_bytes_max) && input_.may_continue()) {
    const std::optional<AudioFrame> frame = gap_from_ == 0 ? parse_audio_frame(piece.part(done, 8)) : std::nullopt;
    if (frame && frame->length_bytes <= piece.size() - done) {
      ++frames_;
      done += frame->length_bytes;
      continue;
    }
    // A tag in the middle: files put behind one another. A frame cut short at the end: the recording was.
    const std::uint64_t tag = id3v2_bytes(piece.part(done, 10));
    if (tag != 0 && tag <= piece.size() - done) {
      done += tag;
      continue;
    }
    if (frame && is_last) return piece.size();
    if (gap_from_ == 0) gap_from_ = at_ + done;
    const std::size_t next = find_chain(piece, done + 1);
    if (next == ByteView::npos)
      return is_last ? piece.size() : std::max(done + 1, piece.size() - 4 * k_frame_bytes_max);
    done = next;
    end_gap(at_ + done);
  }
  return done;
}

void Mp3Walk::frames() {
  while (at_ < end_ && input_.may_continue()) {
    const ByteView piece = input_.at(at_, static_cast<std::size_t>(std::min<std::uint64_t>(k_piece_bytes, end_ - at_)));
    const std::size_t done = piece_of_frames(piece, at_ + piece.size() == end_);
    if (done == 0) break;
    at_ += done;
  }
  if (input_.stopped()) return;
  // What follows the last frame without another one is for the verdict to judge, when it is little.
  constexpr std::uint64_t k_appended_bytes_max = 4096;
  if (gap_from_ != 0 && end_ - gap_from_ <= k_appended_bytes_max && end_ == input_.size_bytes() && frames_ > 8 &&
      report_.shape != Shape::broken) {
    end_ = gap_from_;
    gap_from_ = 0;
  }
  end_gap(end_);
  report_.region(named_, end_, RegionKind::compressed);
}

/// True when in windows spread over the frames chains of frames stand that reach to the window's end.
bool Mp3Walk::are_samples_sane(std::uint64_t from) {
  const std::uint64_t samples = input_.depth() == model::Depth::quick ? 3 : k_samples;
  for (std::uint64_t i = 0; i <= samples && input_.may_continue(); ++i) {
    const std::uint64_t last = end_ - std::min<std::uint64_t>(end_ - from, k_sample_bytes);
    const std::uint64_t at = from + (last - from) / samples * i;
    const ByteView window = input_.at(at, k_sample_bytes);
    const std::size_t first = find_chain(window, 0);
    if (first == ByteView::npos || first > k_frame_bytes_max) return false;
    std::uint64_t next = first;
    while (next + 8 <= window.size()) {
      const std::optional<AudioFrame> frame = parse_audio_frame(window.part(next, 8));
      if (!frame) return false;
      next += frame->length_bytes;
    }
  }
  return true;
}

void Mp3Walk::finish() {
  report_.reach = all_ ? Reach::frame : Reach::sampled;
  if (report_.shape == Shape::broken) return;
  const std::uint64_t tags_from = find_closing_tags(input_, 0);
  const bool has_tags = end_ == tags_from;
  report_.end_bytes = has_tags ? input_.size_bytes() : end_;
  if (has_tags) report_.region(end_, input_.size_bytes(), RegionKind::compressed);
  report_.holds("mp3.frames", all_ ? fmt::format("{} frames follow each other to byte {}", frames_, end_)
                                   : fmt::format("frames follow each other in samples up to byte {}", end_));
}

void Mp3Walk::walk() {
  if (!find_start()) {
    if (report_.shape == Shape::whole)
      report_.breaks("mp3.start", fmt::format("no frames follow the tag that ends at byte {}", at_),
                     {.from = at_, .to = std::min(input_.size_bytes(), at_ + k_opening_junk_bytes_max)});
    return;
  }
  report_.shape = Shape::whole;
  const std::optional<AudioFrame> first = parse_audio_frame(input_.at(at_, 8));
  report_.format = first && first->is_adts ? "aac" : "mp3";
  end_ = find_closing_tags(input_, at_);
  all_ = input_.depth() == model::Depth::full || !input_.whole().empty();
  const std::uint64_t from = at_;
  if (!all_ && are_samples_sane(from)) {
    report_.region(from, end_, RegionKind::compressed);
  } else if (!input_.stopped()) {
    all_ = true;
    named_ = from;
    frames();
  }
  if (input_.stopped() || input_.read_error()) {
    report_.remarks("mp3.limit", fmt::format("stopped by a limit after {} frames, at byte {}", frames_, at_));
    return;
  }
  finish();
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (recognise({.head = input.head(), .tail = input.tail(), .size_bytes = input.size_bytes(), .name = input.name()}) ==
      Likeness::none)
    return report;
  Mp3Walk(input, report).walk();
  return report;
}

}  // namespace

const Format k_mp3_format = {.id = "mp3",
                             .title = "MPEG audio",
                             .family = Family::audio_video,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk};

}  // namespace lastgood::formats
