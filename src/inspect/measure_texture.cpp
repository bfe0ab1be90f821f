// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "inspect/measure_texture.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/checksum.h"

namespace lastgood::inspect {

namespace {

using base::ByteView;
using model::ByteRange;
using verdict::Texture;
using verdict::TextureFact;

constexpr std::size_t k_block_bytes = verdict::k_block_bytes;
using verdict::is_random_cell;
using verdict::k_cell_bytes;
constexpr std::size_t k_samples = 96;
constexpr std::size_t k_ranges_max = 4096;
constexpr std::size_t k_chunk_bytes = 256 * 1024;

std::uint64_t next_random(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15ULL;  // splitmix64: any seed gives well spread offsets
  std::uint64_t mixed = state;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
  return mixed ^ (mixed >> 31);
}

bool is_printable(std::uint8_t byte) {
  return (byte >= 0x20 && byte < 0x7F) || byte == '\n' || byte == '\r' || byte == '\t';
}

/// Text of any 8-bit or UTF-8 encoding has hardly any control bytes; every fourth byte is looked at.
bool is_text_like(ByteView block) {
  std::size_t looked = 0;
  std::size_t odd = 0;
  std::size_t printable = 0;
  for (std::size_t at = 0; at < block.size(); at += 4) {
    const std::uint8_t byte = block.u8(at);
    ++looked;
    if (is_printable(byte))
      ++printable;
    else if (byte < 0x80)
      ++odd;
  }
  return odd * 50 <= looked && printable * 3 >= looked;
}

constexpr std::uint64_t k_span_bytes = 4096;
// Of what compressors write every third piece passes as ciphertext: that none of so many does is no chance.
constexpr std::uint64_t k_others_min = 8;
// Behind the opening at most this part of the blocks may look random: 1/20.
constexpr std::uint64_t k_behind_share = 20;
constexpr std::size_t k_neighbours = 24;
constexpr std::uint64_t k_opening_step_bytes = 64 * 1024;
constexpr std::uint64_t k_zero_range_bytes_min = 4096;
constexpr std::size_t k_stripe_cells = 3;  // the one pattern of so short runs replaces 64 of each 192 bytes

/// The first 64 bytes are random and their neighbours are not: what has the same nature throughout has such cells
/// everywhere.
bool is_opening_cell_alone(formats::WalkInput& input) {
  for (std::size_t i = 1; i <= k_neighbours; ++i) {
    const ByteView cell = input.head().part(i * k_cell_bytes, k_cell_bytes);
    if (i % k_stripe_cells != 0 && is_random_cell(cell)) return false;
  }
  return true;
}

class TextureMap {
 public:
  void add(std::uint64_t from, ByteView block) {
    verdict::ByteCounts counts{};
    verdict::count_bytes(block, counts);
    add_to_piece(from, block.size(), counts);
    const Texture texture = verdict::texture_of(block, counts);
    fact_.tested_bytes += block.size();
    if (texture == Texture::zero) add_zeros(from, block.size());
    if (texture == Texture::between) fact_.between_bytes += block.size();
    if ((texture == Texture::plain || texture == Texture::between || texture == Texture::repeated) &&
        is_text_like(block))
      fact_.text_bytes += block.size();
    if (from == 0) fact_.head = texture;
    fact_.tail = texture;
    if (texture != Texture::random) return;
    fact_.random_bytes += block.size();
    if (from >= k_span_bytes) random_behind_bytes_ += block.size();
    verdict::add_counts(counts, random_counts_);
    add_range(from, from + block.size());
    const std::uint64_t to = from + block.size();
    const bool is_opening = fact_.random_ranges.size() == 1 && fact_.random_ranges.front().from == 0;
    if (is_opening && to % k_opening_step_bytes == 0 && verdict::passes_as_ciphertext(random_counts_))
      fact_.uniform_opening_bytes = to;
  }

  void add_zero(std::uint64_t from, std::uint64_t to) {
    fact_.tested_bytes += to - from;
    add_zeros(from, to - from);
    if (from == 0) fact_.head = Texture::zero;
    fact_.tail = Texture::zero;
  }

  TextureFact finish(std::string method) {
    end_piece();
    drop_short_zeros();
    fact_.opening_stands_out =
        opening_passes_ && others_passed_ == 0 &&
        (others_ >= k_others_min || (others_ > 0 && random_behind_bytes_ * k_behind_share <= others_ * k_span_bytes));
    fact_.random_is_uniform = fact_.random_bytes > 0 && verdict::passes_as_ciphertext(random_counts_);
    fact_.method = std::move(method);
    return std::move(fact_);
  }

 private:
  void add_zeros(std::uint64_t from, std::uint64_t length) {
    if (fact_.leading_zero_bytes == from) fact_.leading_zero_bytes += length;
    fact_.zero_bytes += length;
    auto& ranges = fact_.zero_ranges;
    if (!ranges.empty() && ranges.back().to == from) {
      ranges.back().to = from + length;
      return;
    }
    drop_short_zeros();
    if (ranges.size() < k_ranges_max) ranges.push_back({.from = from, .to = from + length});
  }
  void drop_short_zeros() {
    auto& ranges = fact_.zero_ranges;
    if (!ranges.empty() && ranges.back().length() < k_zero_range_bytes_min) ranges.pop_back();
  }
  void add_range(std::uint64_t from, std::uint64_t to) {
    auto& ranges = fact_.random_ranges;
    if (!ranges.empty() && ranges.back().to == from)
      ranges.back().to = to;
    else if (ranges.size() < k_ranges_max)
      ranges.push_back({.from = from, .to = to});
  }
  /// Whether the opening stands out is known as soon as another piece is like it.
  [[nodiscard]] bool is_opening_settled() const { return piece_ != 0 && (!opening_passes_ || others_passed_ != 0); }
  void add_to_piece(std::uint64_t from, std::size_t length, const verdict::ByteCounts& counts) {
    if (is_opening_settled()) return;
    if (from / k_span_bytes != piece_) {
      end_piece();
      piece_ = from / k_span_bytes;
    }
    verdict::add_counts(counts, piece_counts_);
    piece_filled_ += length;
  }
  void end_piece() {
    if (piece_filled_ == k_span_bytes) {
      const bool passes = verdict::passes_as_ciphertext(piece_counts_);
      if (piece_ == 0) {
        opening_passes_ = passes;
      } else {
        ++others_;
        others_passed_ += passes ? 1U : 0U;
      }
    }
    piece_counts_ = {};
    piece_filled_ = 0;
  }

  TextureFact fact_;
  std::uint64_t piece_ = 0;
  std::uint64_t piece_filled_ = 0;
  verdict::ByteCounts piece_counts_{};
  bool opening_passes_ = false;
  std::uint64_t others_ = 0;
  std::uint64_t others_passed_ = 0;
  std::uint64_t random_behind_bytes_ = 0;  // in random blocks behind the first piece
  verdict::ByteCounts random_counts_{};
};

/// Moves both edges of a run outwards over the cells of the neighbouring blocks that are still random.
void refine_edges(formats::WalkInput& input, std::vector<ByteRange>& ranges) {
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const std::uint64_t low = i == 0 ? 0 : ranges[i - 1].to;
    for (std::size_t step = 0; step < k_block_bytes / k_cell_bytes && ranges[i].from >= low + k_cell_bytes; ++step) {
      if (!is_random_cell(input.at(ranges[i].from - k_cell_bytes, k_cell_bytes))) break;
      ranges[i].from -= k_cell_bytes;
    }
    const std::uint64_t high = i + 1 < ranges.size() ? ranges[i + 1].from : input.size_bytes();
    for (std::size_t step = 0; step < k_block_bytes / k_cell_bytes && ranges[i].to + k_cell_bytes <= high; ++step) {
      if (!is_random_cell(input.at(ranges[i].to, k_cell_bytes))) break;
      ranges[i].to += k_cell_bytes;
    }
  }
}

/// Runs that met when their edges were moved are one.
void join_touching(std::vector<ByteRange>& ranges) {
  std::vector<ByteRange> joined;
  for (const ByteRange& range : ranges) {
    if (!joined.empty() && joined.back().to >= range.from)
      joined.back().to = std::max(joined.back().to, range.to);
    else
      joined.push_back(range);
  }
  ranges = std::move(joined);
}

/// Small contents are measured in small blocks, so that a part of them shows.
std::size_t block_bytes_for(std::uint64_t size_bytes) {
  return size_bytes > formats::k_whole_bytes ? k_block_bytes : size_bytes >= 2048 ? 512 : size_bytes >= 512 ? 128 : 64;
}

TextureFact measure_all(formats::WalkInput& input) {
  TextureMap map;
  const std::size_t block_bytes = block_bytes_for(input.size_bytes());
  std::uint64_t at = 0;
  while (at < input.size_bytes() && !input.read_error()) {
    const std::uint64_t data = input.next_data(at);
    const std::uint64_t data_block = data - data % k_block_bytes;
    if (data_block > at) {
      map.add_zero(at, std::min(data_block, input.size_bytes()));
      at = data_block;
      continue;
    }
    const ByteView chunk = input.at(at, k_chunk_bytes);
    if (chunk.empty()) break;
    for (std::size_t block = 0; block < chunk.size(); block += block_bytes)
      map.add(at + block, chunk.part(block, block_bytes));
    at += chunk.size();
  }
  return map.finish(fmt::format("every block of {} bytes", block_bytes));
}

TextureFact measure_samples(formats::WalkInput& input, std::uint64_t seed) {
  const std::uint64_t blocks = input.size_bytes() / k_block_bytes;
  std::uint64_t state = seed ^ (input.size_bytes() * 0x2545F4914F6CDD1DULL);
  std::vector<std::uint64_t> chosen = {0, blocks - 1};
  // One block in each of equal parts: spread over the content, and still not to be foreseen.
  for (std::size_t i = 0; i < k_samples; ++i)
    chosen.push_back((blocks * i + next_random(state) % std::max<std::uint64_t>(1, blocks)) / k_samples);
  std::sort(chosen.begin(), chosen.end());
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  TextureMap map;
  for (const std::uint64_t block : chosen) {
    if (block < blocks) map.add(block * k_block_bytes, input.at(block * k_block_bytes, k_block_bytes));
  }
  return map.finish(fmt::format("{} of {} blocks, chosen by the case's secret seed", chosen.size(), blocks));
}

constexpr std::size_t k_piece_bytes = 4096;      // looked at in a row
constexpr std::uint64_t k_pieces_per_look = 64;  // so often it is asked whether a hole begins: it holds nothing

/// One small block of plain bytes in some thousands passes as random by chance, two that adjoin do not.
class RandomRuns {
 public:
  explicit RandomRuns(std::uint64_t run_bytes_min) : run_bytes_min_(run_bytes_min) {}
  void add(ByteRange block) {
    if (!runs_.empty() && runs_.back().to == block.from) {
      runs_.back().to = block.to;
      return;
    }
    drop_short_one();
    if (runs_.size() < k_ranges_max) runs_.push_back(block);
  }
  [[nodiscard]] std::vector<ByteRange> long_ones() && {
    drop_short_one();
    return std::move(runs_);
  }

 private:
  void drop_short_one() {
    if (!runs_.empty() && runs_.back().length() < run_bytes_min_) runs_.pop_back();
  }
  std::uint64_t run_bytes_min_;
  std::vector<ByteRange> runs_;
};

/// The multiples of the base point of P-256 that OpenSSL, BoringSSL and what is built with them hold for x86-64:
/// 37 windows of 64 points of 64 bytes.
constexpr std::uint64_t k_p256_bytes = 37ULL * 64 * 64;
constexpr base::Sha256Digest k_p256_digest = {0xe3, 0x73, 0x12, 0x4f, 0x67, 0xe1, 0x4a, 0x9d, 0xee, 0xb7, 0xa3,
                                              0x34, 0xcf, 0x17, 0xb3, 0xf0, 0xbc, 0xc2, 0x62, 0x49, 0x90, 0x61,
                                              0xa3, 0x37, 0x77, 0x88, 0xa3, 0x57, 0x57, 0x0e, 0x70, 0xd2};

bool is_known_table(formats::WalkInput& input, const ByteRange& run) {
  return run.length() == k_p256_bytes && base::sha256(input.at(run.from, k_p256_bytes)) == k_p256_digest;
}

}  // namespace

TextureFact measure_texture(formats::WalkInput& input, std::uint64_t seed) {
  const bool in_memory = input.size_bytes() <= formats::k_whole_bytes;
  TextureFact fact;
  if (in_memory || input.depth() == model::Depth::full) {
    fact = measure_all(input);
  } else {
    fact = measure_samples(input, seed);
    const bool mixed = fact.random_bytes > 0 && fact.random_bytes < fact.tested_bytes;
    if (mixed && input.depth() == model::Depth::standard && input.size_bytes() <= k_map_bytes_max)
      fact = measure_all(input);
  }
  refine_edges(input, fact.random_ranges);
  join_touching(fact.random_ranges);
  if (is_random_cell(input.head().part(0, k_cell_bytes))) {
    fact.opening = Texture::random;
    if (fact.head != Texture::random && is_opening_cell_alone(input)) fact.opening_stands_out = true;
  }
  return fact;
}

std::vector<ByteRange> find_random_in_plain(formats::WalkInput& input, const std::vector<model::Region>& regions,
                                            const PlainGrain& grain) {
  constexpr std::uint64_t k_samples_max = 64;
  RandomRuns runs(grain.run_bytes_min);
  const bool everything = input.depth() == model::Depth::full || !input.whole().empty();
  for (const model::Region& region : regions) {
    if (region.kind != model::RegionKind::plain) continue;
    const std::uint64_t pieces = region.range.length() / k_piece_bytes + 1;
    const std::uint64_t step = everything ? 1 : std::max<std::uint64_t>(1, pieces / k_samples_max);
    for (std::uint64_t i = 0; i < pieces; i += step) {
      if (everything && i % k_pieces_per_look == 0) {
        const std::uint64_t data = input.next_data(region.range.from + i * k_piece_bytes);
        i = std::max(i, (data - region.range.from) / k_piece_bytes);
        if (i >= pieces) break;
      }
      const std::uint64_t from = region.range.from + i * k_piece_bytes;
      const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(k_piece_bytes, region.range.to - from));
      const ByteView piece = input.at(from, length);
      for (std::size_t at = 0; at + grain.block_bytes <= piece.size(); at += grain.block_bytes) {
        if (verdict::texture_of(piece.part(at, grain.block_bytes)) == Texture::random)
          runs.add({.from = from + at, .to = from + at + grain.block_bytes});
      }
    }
  }
  return std::move(runs).long_ones();
}

std::vector<ByteRange> find_random_unexplained(formats::WalkInput& input, const std::vector<model::Region>& regions) {
  RandomRuns runs(k_piece_bytes);
  auto region = regions.begin();
  // Everything in order, also what is not asked for: so the digest is made on the way and nothing is read for it again.
  std::uint64_t at = 0;
  while (at + k_piece_bytes <= input.size_bytes() && !input.read_error()) {
    if (at % (k_pieces_per_look * k_piece_bytes) == 0)
      at = std::max(at, input.next_data(at) / k_piece_bytes * k_piece_bytes);
    const ByteView page = input.at(at, k_piece_bytes);
    while (region != regions.end() && region->range.to < at + k_piece_bytes) ++region;
    const bool is_plain =
        region != regions.end() && region->kind == model::RegionKind::plain && region->range.from <= at;
    if (is_plain && verdict::texture_of(page) == Texture::random) runs.add({.from = at, .to = at + k_piece_bytes});
    at += k_piece_bytes;
  }
  std::vector<ByteRange> found = std::move(runs).long_ones();
  std::erase_if(found, [&](const ByteRange& run) { return is_known_table(input, run); });
  return found;
}

}  // namespace lastgood::inspect
