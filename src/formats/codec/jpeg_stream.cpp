// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/codec/jpeg_stream.h"

#include <algorithm>

#include <fmt/format.h>

#include "formats/codec/jpeg_frame.h"
#include "formats/codec/jpeg_scan.h"
#include "formats/codec/jpeg_scan_bytes.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::uint64_t k_samples = 64;
constexpr std::uint64_t k_samples_quick = 16;
constexpr std::size_t k_segment_bytes_max = 65'535;
constexpr std::size_t k_foreign_bytes_max = 16;  // between segments; decoders skip them

bool has_no_length(std::uint8_t marker) { return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD9); }
bool is_reserved(std::uint8_t marker) {
  return marker < 0xC0 || (marker >= 0xF0 && marker <= 0xFD && marker != 0xF7 && marker != 0xF8);
}

/// CIPA DC-007, 5.2: the index is a small TIFF; its tag 0xB002 lists the pictures, 16 bytes each, the first one being
/// that which holds the index.
std::uint64_t read_primary_bytes(ByteView index) {
  const bool little = index.matches(0, "II"sv);
  const auto word = [&](ByteView at, std::uint64_t offset) { return little ? at.le32(offset) : at.be32(offset); };
  const auto half = [&](ByteView at, std::uint64_t offset) { return little ? at.le16(offset) : at.be16(offset); };
  const ByteView directory = index.part(word(index, 4));
  const std::size_t tags = std::min<std::size_t>(half(directory, 0), 16);
  for (std::size_t i = 0; i < tags; ++i) {
    const ByteView tag = directory.part(2 + 12 * i, 12);
    if (half(tag, 0) == 0xB002) return word(index.part(word(tag, 8)), 4);
  }
  return 0;
}

class StreamWalk {
 public:
  StreamWalk(WalkInput& input, std::uint64_t from, std::uint64_t to, JpegEffort effort, WalkReport& report)
      : input_(input),
        from_(from),
        to_(std::min(to, input.size_bytes())),
        effort_(effort),
        report_(report),
        at_(from + 2) {}

  JpegStream walk();

 private:
  [[nodiscard]] bool go_to_marker();
  [[nodiscard]] bool segment(std::uint8_t marker, std::uint64_t length);
  [[nodiscard]] bool is_sane(std::uint8_t marker, ByteView segment);
  [[nodiscard]] bool scan(ByteView header);
  [[nodiscard]] bool decode_scan(std::uint64_t scan_from, const JpegScan& header);
  [[nodiscard]] bool sample_scan(std::uint64_t scan_from);
  void check_scan_bytes(std::uint64_t scan_from);
  void name_application_segment(std::uint64_t length, ByteView bytes);
  void breaks(std::string_view rule, std::string sentence, std::uint64_t from, std::uint64_t to);
  [[nodiscard]] JpegStuffing stuffing() const {
    return frame_.process == JpegProcess::near_lossless ? JpegStuffing::bit : JpegStuffing::byte;
  }

  WalkInput& input_;
  std::uint64_t from_;
  std::uint64_t to_;
  JpegEffort effort_;
  WalkReport& report_;
  std::uint64_t at_;
  JpegStream stream_{.is_decoded = true};
  JpegFrame frame_;
  bool has_frame_ = false;
  std::uint64_t primary_bytes_ = 0;  // length of this picture as a multi-picture index tells; 0: none
  JpegTables tables_;
};

void StreamWalk::breaks(std::string_view rule, std::string sentence, std::uint64_t from, std::uint64_t to) {
  report_.breaks(rule, std::move(sentence), {.from = from, .to = std::max(from, std::min(to, input_.size_bytes()))});
}

/// Skips filling (B.1.1.2) and the few foreign bytes that decoders skip too. False: no marker here.
bool StreamWalk::go_to_marker() {
  std::size_t foreign = 0;
  while (input_.may_continue()) {
    const ByteView here =
        input_.at(at_, static_cast<std::size_t>(std::min<std::uint64_t>(256, to_ > at_ ? to_ - at_ : 0)));
    std::size_t i = 0;
    for (; i + 1 < here.size(); ++i) {
      if (here.u8(i) == 0xFF && here.u8(i + 1) == 0xFF) continue;
      if (here.u8(i) == 0xFF && here.u8(i + 1) != 0) {
        at_ += i;
        return true;
      }
      if (++foreign > k_foreign_bytes_max) return false;
    }
    if (i == 0) return false;
    at_ += i;
  }
  return false;
}

// Thumbnails, previews and the tiles of some makers are compressed data inside a segment; the rest is records or text.
void StreamWalk::name_application_segment(std::uint64_t length, ByteView bytes) {
  const std::uint8_t marker = bytes.u8(1);
  std::uint64_t plain_bytes = 2 + length;
  if (marker >= 0xE0 && marker <= 0xEF) {
    const std::size_t picture = bytes.find("\xFF\xD8\xFF"sv);
    if (picture != ByteView::npos) plain_bytes = picture;
    const bool is_tile = marker == 0xEB || bytes.matches(4, "FLIR\0"sv) || bytes.matches(4, "FPXR\0"sv);
    if (is_tile) plain_bytes = std::min<std::uint64_t>(plain_bytes, 32);
  }
  report_.region(at_, at_ + 4, RegionKind::structured);
  report_.region(at_ + 4, at_ + plain_bytes, RegionKind::plain);
  report_.region(at_ + plain_bytes, at_ + 2 + length, RegionKind::compressed);
}

/// Reads what the segment says. False: it cannot be.
bool StreamWalk::is_sane(std::uint8_t marker, ByteView segment) {
  if (marker == 0xC4) return read_jpeg_huffman_tables(tables_, segment);
  if (marker == 0xDB) return read_jpeg_quantisation_tables(tables_, segment);
  if (marker == 0xDD) {
    tables_.restart_interval = segment.be16(2);
    return segment.size() >= 4;
  }
  if (is_jpeg_frame_marker(marker)) {
    std::optional<JpegFrame> frame = parse_jpeg_frame(marker, segment);
    if (!frame) return false;
    frame_ = std::move(*frame);
    has_frame_ = true;
    stream_.width = frame_.width;
    stream_.height = frame_.height;
    return true;
  }
  if (marker == 0xE2 && segment.matches(2, "MPF\0"sv)) primary_bytes_ = read_primary_bytes(segment.part(6));
  return true;
}

bool StreamWalk::segment(std::uint8_t marker, std::uint64_t length) {
  const ByteView bytes = input_.at(at_, static_cast<std::size_t>(length) + 2);
  if (bytes.size() < length + 2) return false;
  ++stream_.segments;
  if (marker >= 0xE0 && marker <= 0xEF) {
    name_application_segment(length, bytes);
  } else {
    report_.region(at_, at_ + 2 + length, marker == 0xFE ? RegionKind::plain : RegionKind::structured);
  }
  if (!is_sane(marker, bytes.part(2))) {
    breaks("jpeg.segment", fmt::format("segment FF{:02X} at byte {} holds what no encoder writes", marker, at_), at_,
           at_ + 2 + length);
    return false;
  }
  at_ += 2 + length;
  if (marker == 0xDA) return scan(bytes.part(2));
  return true;
}

void StreamWalk::check_scan_bytes(std::uint64_t scan_from) {
  const JpegScanBytes found = check_jpeg_scan_bytes(input_, scan_from, to_, stuffing());
  stream_.stopped = input_.stopped() || input_.read_error().has_value();
  at_ = found.end_bytes;
  tell_violations(found.bad, scan_from, at_, "jpeg.scan", report_);
}

/// True when the scan goes to the stream's last EOI, judged by samples.
bool StreamWalk::sample_scan(std::uint64_t scan_from) {
  constexpr std::uint64_t k_tail_bytes = 32 * 1024;
  std::uint64_t to = to_;
  const bool is_indexed = primary_bytes_ > 2 && primary_bytes_ <= to_ - from_ && from_ + primary_bytes_ > scan_from;
  if (is_indexed && input_.at(from_ + primary_bytes_ - 2, 2).matches(0, "\xFF\xD9"sv)) to = from_ + primary_bytes_;
  const std::uint64_t tail_from = std::max(scan_from, to > k_tail_bytes ? to - k_tail_bytes : 0);
  const ByteView tail = input_.at(tail_from, static_cast<std::size_t>(to - tail_from));
  const std::size_t closing = tail.find_last("\xFF\xD9"sv);
  if (closing == ByteView::npos) return false;
  const std::uint64_t end = tail_from + closing;
  const std::uint64_t samples = input_.depth() == model::Depth::quick ? k_samples_quick : k_samples;
  if (!are_jpeg_scan_samples_sane(input_, scan_from, end, samples, stuffing())) return false;
  at_ = end;
  report_.region(scan_from, end, RegionKind::compressed);
  return true;
}

/// True when the scan holds what it must, or a limit stopped the decoding.
bool StreamWalk::decode_scan(std::uint64_t scan_from, const JpegScan& header) {
  const JpegScanDecoded decoded = decode_jpeg_scan(input_, scan_from, to_, frame_, tables_, header);
  stream_.units += decoded.units_decoded;
  stream_.stopped = decoded.stopped;
  if (decoded.stopped) return true;
  if (decoded.is_cut) {
    breaks("jpeg.cut",
           fmt::format("the content ends inside the scan from byte {}, after {} of {} units", scan_from,
                       decoded.units_decoded, decoded.units_expected),
           to_, to_);
    return false;
  }
  for (const model::ByteRange& range : decoded.bad) {
    breaks("jpeg.decode",
           fmt::format("the scan from byte {} does not decode to the {} units it must hold, between bytes {} and {}",
                       scan_from, decoded.units_expected, range.from, range.to),
           range.from, range.to);
  }
  if (!decoded.bad.empty()) return false;
  at_ = decoded.end_bytes;
  report_.region(scan_from, at_, RegionKind::verified);
  if (at_ >= to_) {
    report_.remarks("jpeg.no-end-marker", fmt::format("no end marker, yet the last scan is complete at byte {}", at_));
    stream_.is_closed = true;
  }
  return true;
}

bool StreamWalk::scan(ByteView header) {
  ++stream_.scans;
  const std::uint64_t scan_from = at_;
  const std::optional<JpegScan> parsed = has_frame_ ? parse_jpeg_scan(frame_, header) : std::nullopt;
  if (!parsed) {
    breaks("jpeg.scan-header", fmt::format("the scan header before byte {} names no component of the frame", scan_from),
           scan_from - header.size(), scan_from);
    return false;
  }
  const bool decodes = effort_ == JpegEffort::decoded && can_decode_jpeg_scan(frame_, tables_, *parsed, to_ - from_);
  if (!decodes) stream_.is_decoded = false;
  if (decodes && decode_scan(scan_from, *parsed)) return !stream_.stopped;
  if (effort_ == JpegEffort::sampled && sample_scan(scan_from)) return true;
  // What the byte rule finds names the places better than a decoder that lost its way; and it finds the scan's end.
  check_scan_bytes(scan_from);
  const bool is_open = at_ >= to_ && report_.shape != Shape::broken && !stream_.stopped;
  if (is_open && frame_.process == JpegProcess::sequential &&
      can_decode_jpeg_scan(frame_, tables_, *parsed, to_ - from_)) {
    return decode_scan(scan_from, *parsed) && !stream_.stopped;  // some writers leave EOI out: is all there?
  }
  return !stream_.stopped;
}

JpegStream StreamWalk::walk() {
  report_.region(from_, from_ + 2, RegionKind::structured);
  while (!stream_.is_closed) {
    if (!go_to_marker()) break;
    const ByteView head = input_.at(at_, 4);
    const std::uint8_t marker = head.u8(1);
    const std::uint64_t length = head.be16(2);
    if (marker == 0xD9) {
      report_.region(at_, at_ + 2, RegionKind::structured);
      at_ += 2;
      stream_.is_closed = true;
    } else if (marker == 0x01) {
      at_ += 2;
    } else if (is_reserved(marker) || has_no_length(marker) || length < 2 || length > to_ - at_ - 2 ||
               length > k_segment_bytes_max) {
      breaks("jpeg.marker", fmt::format("no segment begins at byte {} after {} whole ones", at_, stream_.segments), at_,
             at_ + 2 + length);
      report_.misses_fields({.from = at_, .to = std::min(to_, at_ + 4)});
      break;
    } else if (!segment(marker, length)) {
      break;
    }
  }
  stream_.end_bytes = at_;
  stream_.stopped = stream_.stopped || input_.stopped() || input_.read_error().has_value();
  stream_.is_decoded = stream_.is_decoded && stream_.scans > 0 && !stream_.stopped;
  if (stream_.stopped || stream_.is_closed || report_.shape == Shape::broken) return stream_;
  // Before the first scan one segment follows another: other bytes there are not an end that is missing.
  if (stream_.scans == 0 && at_ + 4 < to_) {
    breaks("jpeg.marker", fmt::format("no segment begins at byte {} after {} whole ones", at_, stream_.segments), at_,
           at_ + 4);
    report_.misses_fields({.from = at_, .to = at_ + 4});
    return stream_;
  }
  breaks(
      "jpeg.end",
      fmt::format("no end marker; {} segments and {} scans stand before byte {}", stream_.segments, stream_.scans, at_),
      at_, to_);
  return stream_;
}

}  // namespace

bool begins_jpeg_stream(ByteView head) {
  const std::uint8_t marker = head.u8(3);
  return head.matches(0, "\xFF\xD8\xFF"sv) && (!is_reserved(marker) || marker == 0xFF) && !has_no_length(marker);
}

JpegStream walk_jpeg_stream(WalkInput& input, std::uint64_t from, std::uint64_t to, JpegEffort effort,
                            WalkReport& report) {
  return StreamWalk(input, from, to, effort, report).walk();
}

}  // namespace lastgood::formats
