// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// MPEG program streams: .mpg files and DVD's .vob. Specifications: ITU-T H.222.0 section 2.5, ISO/IEC 11172-1
// section 2.4.
//
//   file   = pack+ [ 000001B9 ]
//   pack   = 000001BA clock (MPEG-2: 10 bytes and 0 to 7 of stuffing; MPEG-1: 8 bytes) packet*
//   packet = 000001 id(BB..FF) length(2, big endian) payload(length)
//   Packets follow each other without gaps; zeros may fill the end of a sector.
#include "formats/mpeg_ps/mpeg_ps_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"mpg", Promise::firm}, NameClaim{"mpeg", Promise::firm},
                                 NameClaim{"vob", Promise::firm}, NameClaim{"m2p", Promise::firm}};
constexpr std::size_t k_piece_bytes = 512 * 1024;
constexpr std::size_t k_packet_bytes_max = 65'535 + 6;
constexpr std::uint64_t k_samples = 64;
constexpr std::size_t k_sample_bytes = 16 * 1024;
constexpr std::uint64_t k_filling_bytes_max = 4096;

/// Length of the pack header or packet at `at`; 0: none stands there.
std::uint64_t unit_bytes(ByteView bytes, std::uint64_t at) {
  if (!bytes.matches(at, "\0\0\1"sv)) return 0;
  const std::uint8_t id = bytes.u8(at + 3);
  if (id == 0xB9) return 4;
  if (id == 0xBA) {
    const std::uint8_t clock = bytes.u8(at + 4);
    if ((clock & 0xC4U) == 0x44) return 14 + (bytes.u8(at + 13) & 7U);
    return (clock & 0xF1U) == 0x21 ? 12 : 0;
  }
  return id >= 0xBB ? 6 + std::uint64_t{bytes.be16(at + 4)} : 0;
}

bool begins_pack(ByteView head) { return head.be32(0) == 0x0000'01BA && unit_bytes(head, 0) != 0; }

Likeness recognise(const Edges& edges) { return begins_pack(edges.head) ? Likeness::strong : Likeness::none; }

/// True when in `window` a pack begins, and from it on units follow each other to the window's end.
bool holds_chain(ByteView window) {
  std::size_t at = window.find("\0\0\1\xBA"sv);
  while (at != ByteView::npos && unit_bytes(window, at) == 0) at = window.find("\0\0\1\xBA"sv, at + 1);
  // A long packet may cover the whole window: then nothing is known.
  if (at == ByteView::npos) return true;
  std::uint64_t next = at;
  while (next + 16 <= window.size()) {
    if (window.u8(next) == 0 && window.u8(next + 1) == 0 && window.u8(next + 2) == 0) {
      ++next;
      continue;
    }
    const std::uint64_t length = unit_bytes(window, next);
    if (length == 0) return false;
    next += length;
  }
  return true;
}

class MpegPsWalk {
 public:
  MpegPsWalk(WalkInput& input, WalkReport& report) : input_(input), report_(report) {}
  void walk();

 private:
  void units();
  [[nodiscard]] bool are_samples_sane();
  [[nodiscard]] bool judge_gap(std::uint64_t from, std::uint64_t to);

  WalkInput& input_;
  WalkReport& report_;
  std::uint64_t at_ = 0;
  std::uint64_t units_ = 0;
  std::uint64_t named_ = 0;  // up to where regions are named
  bool all_ = false;
};

/// False: the content ends before `to` as far as this format goes.
bool MpegPsWalk::judge_gap(std::uint64_t from, std::uint64_t to) {
  const std::uint64_t size = input_.size_bytes();
  if (to == size && size - from <= k_filling_bytes_max && units_ > 4 && report_.shape != Shape::broken) return false;
  report_.region(named_, from, RegionKind::compressed);
  named_ = to;
  report_.breaks(
      "mpeg-ps.packet",
      fmt::format("no packet begins at byte {}, behind {} whole ones; the next pack at byte {}", from, units_, to),
      {.from = from, .to = to});
  return true;
}

void MpegPsWalk::units() {
  const std::uint64_t size = input_.size_bytes();
  std::uint64_t gap_from = 0;
  while (at_ < size && input_.may_continue()) {
    const ByteView piece = input_.at(at_, k_piece_bytes);
    const bool is_last = at_ + piece.size() >= size;
    std::size_t done = 0;
    while (done < piece.size() && (is_last || piece.size() - done > k_packet_bytes_max) && input_.may_continue()) {
      if (gap_from != 0) {
        const std::size_t found = piece.find("\0\0\1\xBA"sv, done);
        if (found == ByteView::npos) {
          done = is_last ? piece.size() : piece.size() - 4;
          continue;
        }
        done = found;
        if (!judge_gap(gap_from, at_ + done)) return;
        gap_from = 0;
      }
      const std::uint64_t length = unit_bytes(piece, done);
      if (length != 0 && length <= piece.size() - done) {
        ++units_;
        done += length;
      } else if (length != 0 && is_last) {
        done = piece.size();  // the recording was cut inside a packet
      } else if (piece.u8(done) == 0 && piece.u8(done + 1) == 0 && piece.u8(done + 2) == 0) {
        ++done;
      } else {
        gap_from = at_ + done;
        ++done;
      }
    }
    if (done == 0) break;
    at_ += done;
  }
  if (gap_from != 0 && !input_.stopped() && !judge_gap(gap_from, size)) at_ = gap_from;
}

bool MpegPsWalk::are_samples_sane() {
  const std::uint64_t samples = input_.depth() == model::Depth::quick ? 3 : k_samples;
  const std::uint64_t last = input_.size_bytes() - k_sample_bytes;
  for (std::uint64_t i = 0; i <= samples && input_.may_continue(); ++i) {
    if (!holds_chain(input_.at(last / samples * i, k_sample_bytes))) return false;
  }
  return true;
}

void MpegPsWalk::walk() {
  const std::uint64_t size = input_.size_bytes();
  all_ = input_.depth() == model::Depth::full || !input_.whole().empty();
  if (!all_ && are_samples_sane()) {
    at_ = size;
  } else if (!input_.stopped()) {
    all_ = true;
    units();
  }
  if (input_.stopped() || input_.read_error()) {
    report_.remarks("mpeg-ps.limit", fmt::format("stopped by a limit after {} packets, at byte {}", units_, at_));
    return;
  }
  report_.region(named_, std::min(at_, size), RegionKind::compressed);
  report_.reach = all_ ? Reach::frame : Reach::sampled;
  if (report_.shape == Shape::broken) return;
  report_.end_bytes = std::min(at_, size);
  report_.holds("mpeg-ps.packets", all_ ? fmt::format("{} packs and packets follow each other to byte {}", units_, at_)
                                        : fmt::format("packets follow each other in samples up to byte {}", at_));
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (!begins_pack(input.head())) return report;
  report.shape = Shape::whole;
  MpegPsWalk(input, report).walk();
  return report;
}

}  // namespace

const Format k_mpeg_ps_format = {.id = "mpeg",
                                 .title = "MPEG program stream",
                                 .family = Family::audio_video,
                                 .claims = k_claims,
                                 .recognise = recognise,
                                 .walk = walk};

}  // namespace lastgood::formats
