// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/isobmff/isobmff_samples.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;

constexpr std::uint64_t k_entries_max = 4U
                                        << 20U;  // per table: 32 MiB of memory at most; no real track has more chunks
constexpr std::size_t k_read_bytes = 64 * 1024;
constexpr std::uint64_t k_samples_checked = 64;  // per track, where not all are
constexpr std::size_t k_bad_ranges_max = 32;

/// Entries of a table, copied because the checks look at several tables and the samples at once.
std::vector<std::uint64_t> read_entries(WalkInput& input, model::ByteRange range, unsigned entry_bytes) {
  std::vector<std::uint64_t> entries;
  if (range.length() < 8) return entries;
  const std::uint64_t fits = (range.length() - 8) / entry_bytes;
  const std::uint64_t count = std::min({std::uint64_t{input.at(range.from + 4, 4).be32(0)}, fits, k_entries_max});
  std::uint64_t at = range.from + 8;
  while (entries.size() < count && input.may_continue()) {
    const std::uint64_t left = (count - entries.size()) * entry_bytes;
    const ByteView piece =
        input.at(at, static_cast<std::size_t>(std::min<std::uint64_t>(left, k_read_bytes / 24 * 24)));
    if (piece.size() < entry_bytes) break;
    for (std::size_t i = 0; i + entry_bytes <= piece.size(); i += entry_bytes) {
      entries.push_back(entry_bytes == 4 ? piece.be32(i) : piece.be64(i));
    }
    at += piece.size() / entry_bytes * entry_bytes;
  }
  return entries;
}

/// stsz and stz2, one size after the other.
class SampleSizes {
 public:
  SampleSizes(WalkInput& input, const IsoTrack& track) : input_(input) {
    const bool compact = track.compact_sizes.length() >= 12;
    table_ = compact ? track.compact_sizes : track.sample_sizes;
    const ByteView head = input.at(table_.from, 12);
    same_ = compact ? 0 : head.be32(4);
    bits_ = compact ? head.u8(7) : 32;
    count_ = table_.length() < 12 ? 0 : head.be32(8);
  }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] bool fits() const {
    return same_ != 0 || count_ * bits_ / 8 <= table_.length() - std::min<std::uint64_t>(12, table_.length());
  }
  [[nodiscard]] bool is_uniform() const { return same_ != 0; }
  [[nodiscard]] std::uint64_t uniform_bytes() const { return same_; }
  /// Fills from the window once per piece: REQUIRES ascending calls.
  std::uint64_t next() {
    if (same_ != 0) return same_;
    if (index_ % k_piece == 0) load();
    const std::size_t i = static_cast<std::size_t>(index_++ % k_piece);
    return i < piece_.size() ? piece_[i] : 0;
  }

 private:
  static constexpr std::uint64_t k_piece = 8192;
  void load() {
    const std::uint64_t from = table_.from + 12 + index_ * bits_ / 8;
    const std::uint64_t left = table_.to > from ? table_.to - from : 0;
    const ByteView bytes = input_.at(from, static_cast<std::size_t>(std::min<std::uint64_t>(left, k_piece * 4)));
    piece_.clear();
    for (std::size_t i = 0; i < k_piece; ++i) {
      if (bits_ == 32) piece_.push_back(bytes.be32(4 * i));
      if (bits_ == 16) piece_.push_back(bytes.be16(2 * i));
      if (bits_ == 8) piece_.push_back(bytes.u8(i));
      if (bits_ == 4) piece_.push_back(i % 2 == 0 ? bytes.u8(i / 2) >> 4U : bytes.u8(i / 2) & 15U);
    }
  }

  WalkInput& input_;
  model::ByteRange table_;
  std::uint64_t same_ = 0;
  std::uint64_t bits_ = 32;
  std::uint64_t count_ = 0;
  std::uint64_t index_ = 0;
  std::vector<std::uint32_t> piece_;
};

/// 8.7.4: runs of chunks with the same number of samples. Empty when it is not ascending from one.
struct ChunkRun {
  std::uint64_t first_chunk = 0;
  std::uint64_t samples = 0;
};
std::optional<std::vector<ChunkRun>> read_runs(WalkInput& input, model::ByteRange range) {
  std::vector<ChunkRun> runs;
  const std::uint64_t fits = range.length() < 8 ? 0 : (range.length() - 8) / 12;
  const std::uint64_t count = std::min({std::uint64_t{input.at(range.from + 4, 4).be32(0)}, fits, k_entries_max});
  std::uint64_t before = 0;
  for (std::uint64_t i = 0; i < count && input.may_continue(); ++i) {
    const ByteView entry = input.at(range.from + 8 + 12 * i, 12);
    const ChunkRun run{.first_chunk = entry.be32(0), .samples = entry.be32(4)};
    if (run.first_chunk <= before) return std::nullopt;
    before = run.first_chunk;
    runs.push_back(run);
  }
  return runs;
}

const model::ByteRange* find_media(std::span<const model::ByteRange> media, std::uint64_t offset) {
  const auto after = std::upper_bound(media.begin(), media.end(), offset,
                                      [](std::uint64_t at, const model::ByteRange& range) { return at < range.from; });
  if (after == media.begin()) return nullptr;
  const model::ByteRange& range = *(after - 1);
  return offset <= range.to ? &range : nullptr;
}

class TrackCheck {
 public:
  TrackCheck(WalkInput& input, const IsoTrack& track, std::span<const model::ByteRange> media, WalkReport& report)
      : input_(input), track_(track), media_(media), report_(report), sizes_(input, track) {}

  IsoSampleCount check();

 private:
  [[nodiscard]] bool chunk(std::uint64_t index, std::uint64_t offset, std::uint64_t samples);
  void sample(std::uint64_t from, std::uint64_t to);
  void tell_bad_samples();

  WalkInput& input_;
  const IsoTrack& track_;
  std::span<const model::ByteRange> media_;
  WalkReport& report_;
  SampleSizes sizes_;
  IsoSampleCount count_;
  std::uint64_t stride_ = 1;
  std::vector<model::ByteRange> bad_;
  std::uint64_t bad_samples_ = 0;
};

void TrackCheck::sample(std::uint64_t from, std::uint64_t to) {
  const bool chains = track_.kind == IsoSampleKind::avc || track_.kind == IsoSampleKind::hevc;
  if (!chains || count_.samples % stride_ != 0 || from == to) return;
  ++count_.checked;
  if (are_nal_units(input_, from, to, track_.nal_length_bytes, track_.kind) || input_.stopped()) return;
  ++bad_samples_;
  if (!bad_.empty() && bad_.back().to >= from && bad_.back().from <= from) {
    bad_.back().to = std::max(bad_.back().to, to);
  } else if (bad_.size() < k_bad_ranges_max) {
    bad_.push_back({.from = from, .to = to});
  }
}

/// False when the chunk lies where no media data is.
bool TrackCheck::chunk(std::uint64_t index, std::uint64_t offset, std::uint64_t samples) {
  const model::ByteRange* media = find_media(media_, offset);
  std::uint64_t at = offset;
  if (sizes_.is_uniform() && track_.kind != IsoSampleKind::avc && track_.kind != IsoSampleKind::hevc) {
    // Sound in pulses has millions of samples of some bytes; QuickTime counts compressed ones as if they had one byte.
    const bool is_counted = sizes_.uniform_bytes() <= 1;
    at += is_counted ? 0 : std::min(samples * sizes_.uniform_bytes(), input_.size_bytes());
    count_.samples += samples;
  } else {
    for (std::uint64_t i = 0; i < samples && count_.samples < sizes_.count() && input_.may_continue(); ++i) {
      const std::uint64_t length = sizes_.next();
      if (media != nullptr && length <= media->to - std::min(media->to, at)) sample(at, at + length);
      at += length;
      ++count_.samples;
    }
  }
  if (input_.stopped() || (media != nullptr && at <= media->to)) return true;
  report_.breaks("isobmff.chunk",
                 fmt::format("chunk {} of a track is said to lie at bytes {} to {}, where no media data is", index + 1,
                             offset, at),
                 {.from = track_.chunk_offsets.from + track_.long_chunk_offsets.from,
                  .to = track_.chunk_offsets.to + track_.long_chunk_offsets.to});
  return false;
}

void TrackCheck::tell_bad_samples() {
  for (const model::ByteRange& range : bad_) {
    report_.breaks(
        "isobmff.sample",
        fmt::format("the parts of the sample at bytes {} to {} do not add up to it; so with {} of {} samples looked at",
                    range.from, range.to, bad_samples_, count_.checked),
        range);
  }
}

IsoSampleCount TrackCheck::check() {
  const bool is_long = track_.long_chunk_offsets.length() > 0;
  const std::vector<std::uint64_t> offsets =
      read_entries(input_, is_long ? track_.long_chunk_offsets : track_.chunk_offsets, is_long ? 8 : 4);
  const std::optional<std::vector<ChunkRun>> runs = read_runs(input_, track_.sample_to_chunk);
  if (input_.stopped() || offsets.empty()) return count_;
  if (!runs || (runs->empty() && sizes_.count() > 0) || !sizes_.fits()) {
    report_.breaks("isobmff.sample-table", "the tables of a track do not number its samples and chunks",
                   track_.sample_to_chunk);
    return count_;
  }
  const bool all = input_.depth() == model::Depth::full || !input_.whole().empty();
  if (!all) stride_ = std::max<std::uint64_t>(1, sizes_.count() / k_samples_checked);
  std::size_t run = 0;
  for (std::uint64_t i = 0; i < offsets.size() && input_.may_continue() && !runs->empty(); ++i) {
    while (run + 1 < runs->size() && (*runs)[run + 1].first_chunk <= i + 1) ++run;
    ++count_.chunks;
    if (!chunk(i, offsets[i], (*runs)[run].samples)) break;
  }
  tell_bad_samples();
  return count_;
}

}  // namespace

bool are_nal_units(WalkInput& input, std::uint64_t from, std::uint64_t to, unsigned length_bytes, IsoSampleKind kind) {
  std::uint64_t at = from;
  while (at < to && input.may_continue()) {
    const ByteView unit = input.at(at, length_bytes + 4);
    std::uint64_t length = 0;
    for (unsigned i = 0; i < length_bytes; ++i) length = length << 8U | unit.u8(i);
    const std::uint64_t header = at + length_bytes;
    if (header > to || length > to - header) return false;
    const unsigned first = unit.u8(length_bytes);
    const bool is_forbidden = (first & 0x80U) != 0;
    const bool has_layer = kind != IsoSampleKind::hevc || (unit.u8(length_bytes + 1) & 7U) != 0;
    if (length > 0 && (is_forbidden || !has_layer)) return false;
    at = header + length;
  }
  return true;
}

IsoSampleCount check_iso_samples(WalkInput& input, const IsoTrack& track, std::span<const model::ByteRange> media,
                                 WalkReport& report) {
  if (track.is_elsewhere || input.depth() == model::Depth::quick) return {};
  return TrackCheck(input, track, media, report).check();
}

}  // namespace lastgood::formats
