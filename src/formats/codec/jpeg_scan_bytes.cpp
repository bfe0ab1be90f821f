// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/codec/jpeg_scan_bytes.h"

#include <algorithm>

namespace lastgood::formats {

namespace {

using base::ByteView;

constexpr std::size_t k_piece_bytes = 256 * 1024;
constexpr std::size_t k_segment_bytes_max = 65'535 + 4;  // with its marker and the next
constexpr std::size_t k_sample_bytes = 4096;
constexpr std::uint64_t k_merge_bytes = 4096;  // violations in ciphertext stand closer than this

bool is_restart(std::uint8_t marker) { return marker >= 0xD0 && marker <= 0xD7; }

/// DHT, EOI, SOS, DQT, DNL, DRI, APPn, COM (and JPEG-LS's LSE): what may stand behind a scan.
bool may_end_scan(std::uint8_t marker) {
  return marker == 0xC4 || (marker >= 0xD9 && marker <= 0xDD) || (marker >= 0xE0 && marker <= 0xEF) || marker == 0xFE ||
         marker == 0xF8;
}

bool is_stuffed(std::uint8_t after, JpegStuffing stuffing) {
  return stuffing == JpegStuffing::byte ? after == 0 : after < 0x80;
}

/// True when `bytes`, `left` of which belong to the stream, begin with EOI or with a segment that another marker
/// follows.
bool begins_segment(ByteView bytes, std::uint64_t left) {
  const std::uint8_t marker = bytes.u8(1);
  if (marker == 0xD9) return true;
  const std::uint64_t length = bytes.be16(2);
  if (length < 2 || 2 + length > left) return false;
  if (marker == 0xDA) return bytes.u8(4) >= 1 && bytes.u8(4) <= 4 && length == 6 + 2U * bytes.u8(4);
  return bytes.u8(2 + length) == 0xFF && bytes.u8(3 + length) >= 0xC0;
}

class ByteRule {
 public:
  ByteRule(std::uint64_t from, std::uint64_t to) : to_(to), violations_(from, to, k_merge_bytes) {}

  /// Judges the marker at `at`, where `bytes` begin. True when the scan ends here.
  bool ends_at(std::uint64_t at, ByteView bytes) {
    const std::uint8_t after = bytes.u8(1);
    if (is_restart(after)) {
      const auto number = static_cast<std::uint8_t>(after & 7U);
      // The first one is always RST0; after a gap go on with what stands there.
      if (number != next_restart_) violations_.add(at);
      next_restart_ = static_cast<std::uint8_t>((number + 1) & 7U);
      return false;
    }
    if (may_end_scan(after) && begins_segment(bytes, to_ - at)) return true;
    violations_.add(at);
    return false;
  }
  [[nodiscard]] JpegScanBytes finish(std::uint64_t end, bool is_ended) const {
    return {.end_bytes = end, .is_ended = is_ended, .bad = violations_.ranges()};
  }

 private:
  std::uint64_t to_;
  ViolationRanges violations_;
  std::uint8_t next_restart_ = 0;
};

}  // namespace

JpegScanBytes check_jpeg_scan_bytes(WalkInput& input, std::uint64_t from, std::uint64_t to, JpegStuffing stuffing) {
  ByteRule rule(from, to);
  std::uint64_t at = from;
  while (at < to && input.may_continue()) {
    const ByteView piece = input.at(at, static_cast<std::size_t>(std::min<std::uint64_t>(k_piece_bytes, to - at)));
    const bool is_last = at + piece.size() == to;
    std::size_t found = 0;
    while ((found = piece.find("\xFF", found)) != ByteView::npos) {
      const bool sees_segment = is_last || found == 0 || found + k_segment_bytes_max <= piece.size();
      const std::uint8_t after = piece.u8(found + 1);
      if (found + 1 == piece.size() || (may_end_scan(after) && !sees_segment)) break;
      if (after == 0xFF) {
        ++found;
        continue;
      }
      if (!is_stuffed(after, stuffing) && rule.ends_at(at + found, piece.part(found))) {
        return rule.finish(at + found, true);
      }
      found += 2;
    }
    // Read again from a marker whose segment was not all to be seen; a lone 0xFF at the very end is no reason.
    const std::size_t passed = found < piece.size() && !is_last ? found : piece.size();
    if (passed == 0) break;
    at += passed;
  }
  return rule.finish(to, false);
}

bool are_jpeg_scan_samples_sane(WalkInput& input, std::uint64_t from, std::uint64_t to, std::uint64_t count,
                                JpegStuffing stuffing) {
  if (to <= from) return true;
  const std::uint64_t stride = std::max<std::uint64_t>((to - from) / std::max<std::uint64_t>(count, 1), k_sample_bytes);
  for (std::uint64_t at = from; at < to && input.may_continue(); at += stride) {
    const ByteView sample = input.at(at, static_cast<std::size_t>(std::min<std::uint64_t>(k_sample_bytes, to - at)));
    std::size_t found = 0;
    while ((found = sample.find("\xFF", found)) != ByteView::npos && found + 1 < sample.size()) {
      const std::uint8_t after = sample.u8(++found);
      const bool is_known = after == 0xFF || is_stuffed(after, stuffing) || is_restart(after) || may_end_scan(after);
      if (!is_known) return false;
    }
  }
  return true;
}

}  // namespace lastgood::formats
