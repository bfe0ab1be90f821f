// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// WAV, WebP, AVI and other RIFF files. Specifications: Microsoft RIFF (1991), EBU Tech 3306 (RF64), ITU-R BS.2088
// (BW64), OpenDML AVI 1.02, WebP container specification.
//
//   file  = ("RIFF" | "RIFX" | "RF64" | "BW64") length(4) form(4) chunk*   [ further "RIFF" ... "AVIX" in long AVI
//   files ] chunk = id(4) length(4) payload(length) padding to an even length "LIST" chunks hold a type(4) and chunks;
//   in RF64 and BW64 'ds64' holds the lengths that do not fit.
#include "formats/riff/riff_walker.h"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "base/error.h"
#include "formats/zero_run.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {
    NameClaim{"wav", Promise::firm}, NameClaim{"wave", Promise::firm}, NameClaim{"webp", Promise::firm},
    NameClaim{"avi", Promise::firm}, NameClaim{"rf64", Promise::firm}, NameClaim{"bwf", Promise::loose},
    NameClaim{"ani", Promise::firm}, NameClaim{"rmi", Promise::loose}, NameClaim{"sf2", Promise::loose}};
constexpr std::uint32_t k_unknown_length = 0xFFFF'FFFF;
constexpr std::uint64_t k_filling_bytes_max = 64 * 1024;
constexpr std::uint64_t k_bad_bytes = 64 * 1024;
constexpr std::uint64_t k_frames_quick = 32;
constexpr std::uint64_t k_appended_bytes_max = 4096;

bool begins_riff(ByteView head) {
  const bool has_magic =
      head.matches(0, "RIFF"sv) || head.matches(0, "RIFX"sv) || head.matches(0, "RF64"sv) || head.matches(0, "BW64"sv);
  if (!has_magic || head.size() < 12) return false;
  const ByteView form = head.part(8, 4);
  return std::all_of(form.begin(), form.end(), [](std::uint8_t byte) { return byte >= 0x20 && byte <= 0x7E; });
}

Likeness recognise(const Edges& edges) { return begins_riff(edges.head) ? Likeness::strong : Likeness::none; }

bool is_chunk_id(ByteView id) {
  return id.size() == 4 && std::all_of(id.begin(), id.end(), [](std::uint8_t byte) {
           return (byte >= 0x20 && byte <= 0x7E) || byte == 0xA9;
         });
}

std::string_view find_kind(ByteView form) {
  if (form.matches(0, "WAVE"sv)) return "wav";
  if (form.matches(0, "WEBP"sv)) return "webp";
  if (form.matches(0, "AVI "sv)) return "avi";
  return "riff";
}

class RiffWalk {
 public:
  RiffWalk(WalkInput& input, WalkReport& report)
      : input_(input), report_(report), big_endian_(input.head().matches(0, "RIFX"sv)) {}
  void walk();

 private:
  struct Chunk {
    std::array<char, 4> id{};
    std::uint64_t payload = 0;
    std::uint64_t end = 0;  // without padding
    [[nodiscard]] bool is(std::string_view name) const { return std::string_view(id.data(), 4) == name; }
  };

  [[nodiscard]] std::uint64_t length_at(ByteView bytes, std::uint64_t at) const {
    return big_endian_ ? bytes.be32(at) : bytes.le32(at);
  }
  [[nodiscard]] bool riff();
  [[nodiscard]] bool read_chunk(std::uint64_t at, std::uint64_t limit, Chunk& chunk);
  void pass(const Chunk& chunk);
  void inspect(const Chunk& chunk);
  void movie_list(std::uint64_t from, std::uint64_t to);
  void picture(const Chunk& chunk);
  void finish();

  WalkInput& input_;
  WalkReport& report_;
  bool big_endian_;
  std::string form_;
  std::uint64_t at_ = 0;
  std::uint64_t announced_end_ = 0;
  std::uint64_t long_data_bytes_ = 0;  // from 'ds64'
  std::uint64_t chunks_ = 0;
  std::uint64_t frames_ = 0;
  bool has_payload_ = false;
  bool is_pulses_ = true;
  bool is_open_ended_ = false;
};

/// False: no chunk can stand at `at`.
bool RiffWalk::read_chunk(std::uint64_t at, std::uint64_t limit, Chunk& chunk) {
  const ByteView header = input_.at(at, 8);
  if (header.size() < 8 || !is_chunk_id(header.part(0, 4))) return false;
  for (std::size_t i = 0; i < 4; ++i) chunk.id[i] = header.text()[i];
  std::uint64_t length = length_at(header, 4);
  chunk.payload = at + 8;
  if (chunk.is("data") && length == k_unknown_length && long_data_bytes_ != 0) length = long_data_bytes_;
  // Recorders and pipes leave the length open: then the data goes on to the end.
  const bool is_open = (chunk.is("data") || chunk.is("LIST")) &&
                       (length == k_unknown_length || (length == 0 && chunk.is("data") && limit - chunk.payload > 8));
  if (is_open) {
    is_open_ended_ = true;
    length = input_.size_bytes() - chunk.payload;
  }
  if (length > input_.size_bytes() - chunk.payload) return false;
  chunk.end = chunk.payload + length;
  return true;
}

/// WebP: the opening of the coded picture (RFC 6386 section 9.1; WebP lossless section 3).
void RiffWalk::picture(const Chunk& chunk) {
  const ByteView head = input_.at(chunk.payload, 16);
  const std::uint64_t length = chunk.end - chunk.payload;
  bool is_sane = true;
  if (chunk.is("VP8 ")) {
    const std::uint32_t tag = head.le24(0);
    is_sane = (tag & 1U) == 0 && head.matches(3, "\x9D\x01\x2A"sv) && 10 + std::uint64_t{tag >> 5U} <= length;
  }
  if (chunk.is("VP8L")) is_sane = head.u8(0) == 0x2F && (head.u8(4) >> 5U) == 0;
  if (!is_sane) {
    report_.breaks("riff.picture", fmt::format("the picture data at byte {} does not begin as it must", chunk.payload),
                   {.from = chunk.payload, .to = chunk.end});
  }
}

/// AVI: one chunk per frame or block of sound, tiling the list. Names them up to where they fit.
void RiffWalk::movie_list(std::uint64_t from, std::uint64_t to) {
  const bool is_quick = input_.depth() == model::Depth::quick && input_.whole().empty();
  std::uint64_t at = from;
  while (at + 8 <= to && input_.may_continue() && !(is_quick && frames_ >= k_frames_quick)) {
    const ByteView header = input_.at(at, 12);
    const std::uint64_t length = length_at(header, 4);
    if (header.matches(0, "LIST"sv)) {
      at += 12;  // 'rec ' groups chunks
      continue;
    }
    if (!is_chunk_id(header.part(0, 4)) || length > to - at - 8) {
      const std::uint64_t rest = to - at;
      const bool is_filling = rest <= k_filling_bytes_max && zero_run_bytes(input_, at, rest) == rest;
      if (is_filling || input_.stopped()) break;
      report_.breaks("riff.frame", fmt::format("no frame begins at byte {}, behind {} whole ones", at, frames_),
                     {.from = at, .to = std::min(to, at + k_bad_bytes)});
      report_.region(from, at, RegionKind::compressed);
      return;
    }
    ++frames_;
    at += 8 + (length + 1) / 2 * 2;
  }
  report_.region(from, to, RegionKind::compressed);
}

void RiffWalk::inspect(const Chunk& chunk) {
  if (chunk.is("ds64")) long_data_bytes_ = input_.at(chunk.payload + 8, 8).le64(0);
  if (chunk.is("fmt ")) {
    const std::uint32_t tag = big_endian_ ? input_.at(chunk.payload, 2).be16(0) : input_.at(chunk.payload, 2).le16(0);
    is_pulses_ = tag == 1 || tag == 3 || tag == 6 || tag == 7 || tag == 0xFFFE;
  }
  if (form_ == "webp") picture(chunk);
  const bool is_movie = chunk.is("LIST") && input_.at(chunk.payload, 4).matches(0, "movi"sv);
  if (is_movie) movie_list(chunk.payload + 4, chunk.end);
  const bool is_picture = chunk.is("VP8 ") || chunk.is("VP8L") || chunk.is("ANMF");
  has_payload_ = has_payload_ || chunk.is("data") || is_picture || is_movie;
  const std::uint64_t length = chunk.end - chunk.payload;
  const bool is_packed = is_picture || chunk.is("ALPH") || (chunk.is("data") && !is_pulses_) || chunk.is("EXIF") ||
                         (chunk.is("id3 ") && length > 4096);
  const bool is_plain = (chunk.is("data") && is_pulses_) || length <= 4096 || chunk.is("idx1") || chunk.is("ICCP");
  if (is_packed || is_plain)
    report_.region(chunk.payload, chunk.end, is_packed ? RegionKind::compressed : RegionKind::plain);
}

/// Padding is missing behind odd chunks of some writers: then the next id stands right there.
void RiffWalk::pass(const Chunk& chunk) {
  at_ = chunk.end;
  const bool is_odd = ((chunk.end - chunk.payload) & 1U) != 0;
  if (!is_odd || at_ >= input_.size_bytes()) return;
  const ByteView next = input_.at(at_, 5);
  const bool is_missing = next.u8(0) != 0 && is_chunk_id(next.part(0, 4)) && !is_chunk_id(next.part(1, 4));
  if (!is_missing) ++at_;
}

/// One RIFF with its chunks. False: it broke, or a limit stopped the walk.
bool RiffWalk::riff() {
  const ByteView header = input_.at(at_, 12);
  const std::uint64_t length = length_at(header, 4);
  const std::uint64_t size = input_.size_bytes();
  const bool is_unknown = length == 0 || length == k_unknown_length;
  announced_end_ = is_unknown ? size : at_ + 8 + length;
  // A wrong total is common and harmless as long as the chunks fit; the chunks decide.
  const std::uint64_t limit = std::min(announced_end_, size);
  report_.region(at_, at_ + 12, RegionKind::structured);
  at_ += 12;
  while (at_ + 8 <= limit && input_.may_continue()) {
    Chunk chunk;
    if (!read_chunk(at_, limit, chunk)) {
      const std::uint64_t rest = limit - at_;
      if (input_.stopped() || (rest <= k_filling_bytes_max && zero_run_bytes(input_, at_, rest) == rest)) break;
      if (has_payload_ && announced_end_ > size && rest <= k_appended_bytes_max) break;
      if (is_chunk_id(input_.at(at_, 4))) {
        report_.breaks("riff.cut",
                       fmt::format("the chunk at byte {} goes beyond the content's end at byte {}", at_, size),
                       {.from = size, .to = size});
        return false;
      }
      report_.breaks(
          "riff.chunk",
          fmt::format("no chunk fits at byte {}, behind {} whole ones; the content has {} bytes", at_, chunks_, size),
          {.from = at_, .to = std::min(size, at_ + k_bad_bytes)});
      return false;
    }
    ++chunks_;
    report_.region(at_, chunk.payload, RegionKind::structured);
    inspect(chunk);
    pass(chunk);
  }
  return !input_.stopped();
}

void RiffWalk::finish() {
  const std::uint64_t size = input_.size_bytes();
  std::uint64_t end = std::min(at_, size);
  // Zeros and a last padding byte belong to the total that the header tells.
  if (announced_end_ > end && announced_end_ <= size && announced_end_ - end <= k_filling_bytes_max)
    end = announced_end_;
  report_.end_bytes = end;
  const std::uint64_t rest = size - end;
  const ByteView after = input_.at(end, 8);
  const bool is_tag =
      after.matches(0, "ID3"sv) || (rest == 128 && after.matches(0, "TAG"sv)) || after.matches(0, "APETAGEX"sv);
  const bool is_filling = rest <= k_filling_bytes_max && zero_run_bytes(input_, end, rest) == rest;
  if (rest <= 3 || is_tag || is_filling) report_.allowed_trailing_bytes = rest;
  report_.reach = Reach::frame;
  if (!has_payload_ && form_ != "riff" && report_.shape != Shape::broken) {
    report_.breaks("riff.payload",
                   fmt::format("{} chunks to byte {}, none of which holds the sound, picture or movie", chunks_, end),
                   {.from = 0, .to = end});
  }
  if (announced_end_ > size)
    report_.remarks("riff.length",
                    fmt::format("the header announces {} bytes, the content has {}", announced_end_, size));
  if (is_open_ended_) report_.remarks("riff.open-end", "a length was left open, as recorders and pipes do");
  if (report_.shape == Shape::broken) return;
  report_.holds("riff.chunks", fmt::format("{} chunks{} tile the content to byte {}", chunks_,
                                           frames_ > 0 ? fmt::format(" and {} frames", frames_) : "", end));
}

void RiffWalk::walk() {
  form_ = find_kind(input_.head().part(8, 4));
  report_.format = form_;
  bool goes_on = riff();
  // Long AVI files go on in further RIFFs, and pictures of a series may stand behind one another.
  while (goes_on && input_.at(at_, 12).matches(0, "RIFF"sv) && begins_riff(input_.at(at_, 12)) && input_.may_continue())
    goes_on = riff();
  if (input_.stopped() || input_.read_error()) {
    report_.remarks("riff.limit", fmt::format("stopped by a limit after {} chunks, at byte {}", chunks_, at_));
    return;
  }
  if (goes_on) finish();
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (!begins_riff(input.head())) return report;
  report.shape = Shape::whole;
  RiffWalk(input, report).walk();
  return report;
}

}  // namespace

const Format k_riff_format = {.id = "riff",
                              .title = "WAV, WebP or AVI",
                              .family = Family::audio_video,
                              .claims = k_claims,
                              .recognise = recognise,
                              .walk = walk};

}  // namespace lastgood::formats
