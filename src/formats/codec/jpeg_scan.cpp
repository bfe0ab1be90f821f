// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/codec/jpeg_scan.h"

#include <algorithm>
#include <array>

namespace lastgood::formats {

namespace {

constexpr std::uint64_t k_blocks_max = 16U << 20U;  // a gigapixel; 128 MiB of coefficient bits in a progressive frame
constexpr std::uint64_t k_blocks_per_step = 256;
constexpr std::size_t k_bad_ranges_max = 256;
constexpr std::uint32_t k_amplitude_max = 1536;  // 8-bit pixels make 1024 (A.3.3); some encoders overshoot on purpose
constexpr std::uint64_t k_left_over_bytes_max = 3;  // some encoders flush a few bytes too many

/// What one scan decodes with. The block functions say false where the bits are no block.
class ScanDecoder {
 public:
  ScanDecoder(WalkInput& input, std::uint64_t from, std::uint64_t to, JpegFrame& frame, const JpegTables& tables,
              const JpegScan& scan)
      : input_(input), frame_(frame), tables_(tables), scan_(scan), bits_(input, from, to), from_(from) {
    for (std::size_t i = 0; i < frame.components.size(); ++i) limit_amplitudes(i);
  }

  JpegScanDecoded decode();

 private:
  /// What pixels of the frame's precision can come to, in steps of the quantisation table.
  struct Limits {
    std::array<std::uint8_t, 64> size_max{};  // bits of a coefficient
    std::int64_t dc_max = 0;
  };

  void limit_amplitudes(std::size_t component);
  [[nodiscard]] bool dc_value(const JpegScanComponent& component, unsigned size);
  [[nodiscard]] std::uint64_t unit_count() const;
  [[nodiscard]] bool unit(std::uint64_t index);
  [[nodiscard]] bool block(const JpegScanComponent& component, std::uint64_t index);
  [[nodiscard]] bool sample(const JpegScanComponent& component);
  [[nodiscard]] bool sequential_block(const JpegScanComponent& component);
  [[nodiscard]] bool dc_block(const JpegScanComponent& component);
  [[nodiscard]] bool ac_first_block(const JpegScanComponent& component, std::uint64_t& nonzero);
  [[nodiscard]] bool ac_refined_block(const JpegScanComponent& component, std::uint64_t& nonzero);
  [[nodiscard]] bool interval(std::uint64_t first, std::uint64_t last, JpegScanDecoded& result);
  [[nodiscard]] bool go_to_restart();
  void add_bad(JpegScanDecoded& result, std::uint64_t from, std::uint64_t to) const;

  WalkInput& input_;
  JpegFrame& frame_;
  const JpegTables& tables_;
  const JpegScan& scan_;
  JpegBits bits_;
  std::uint64_t from_;
  std::uint64_t blocks_done_ = 0;
  std::uint32_t end_of_band_run_ = 0;
  std::array<Limits, 4> limits_;
  std::array<std::int64_t, 4> dc_{};  // prediction, F.1.1.5.1
};

// Foreign code words soon add up to what no pixels can make: that finds cells which leave the count of MCUs as it was.
void ScanDecoder::limit_amplitudes(std::size_t component) {
  const auto& steps = tables_.quantisation[frame_.components[component].quantisation_table];
  const std::uint32_t precision = std::clamp(frame_.precision_bits, 8U, 16U);
  const std::uint32_t amplitude_max = k_amplitude_max << (precision - 8);
  Limits& limits = limits_[component];
  for (std::size_t k = 0; k < 64; ++k) {
    const std::uint32_t steps_max = steps[k] == 0 ? 0xFFFF : amplitude_max / steps[k] + 1;
    std::uint8_t size = 0;
    while (size < 15 && (1U << size) <= steps_max) ++size;
    limits.size_max[k] = size;
  }
  limits.dc_max = steps[0] == 0 ? INT32_MAX : amplitude_max / steps[0] + 1;
}

bool ScanDecoder::dc_value(const JpegScanComponent& component, unsigned size) {
  if (size == 0) return true;
  std::int64_t value = bits_.take(size);
  if (value < (std::int64_t{1} << (size - 1))) value -= (std::int64_t{1} << size) - 1;  // F.2.2.1, EXTEND
  std::int64_t& dc = dc_[component.index];
  dc += value * (std::int64_t{1} << scan_.approximation_low);
  return dc >= -limits_[component.index].dc_max && dc <= limits_[component.index].dc_max;
}

bool is_restart(std::uint8_t marker) { return marker >= 0xD0 && marker <= 0xD7; }

std::uint64_t ScanDecoder::unit_count() const {
  if (scan_.components.size() > 1) return std::uint64_t{frame_.mcus_wide} * frame_.mcus_high;
  const JpegComponent& only = frame_.components[scan_.components[0].index];
  return std::uint64_t{only.blocks_wide} * only.blocks_high;
}

bool ScanDecoder::sample(const JpegScanComponent& component) {
  const int size = bits_.symbol(tables_.dc[component.dc_table]);
  if (size < 0 || size > 16) return false;
  if (size < 16) bits_.skip(static_cast<unsigned>(size));  // T.81 H.1.2.2: 16 stands alone
  return true;
}

bool ScanDecoder::dc_block(const JpegScanComponent& component) {
  if (scan_.approximation_high != 0) {
    bits_.skip(1);
    return true;
  }
  const int size = bits_.symbol(tables_.dc[component.dc_table]);
  if (size < 0 || size > 16) return false;
  return dc_value(component, static_cast<unsigned>(size));
}

bool ScanDecoder::sequential_block(const JpegScanComponent& component) {
  if (!dc_block(component)) return false;
  const JpegHuffmanTable& table = tables_.ac[component.ac_table];
  for (unsigned k = 1; k < 64; ++k) {
    const int symbol = bits_.symbol(table);
    if (symbol < 0) return false;
    const unsigned run = static_cast<unsigned>(symbol) >> 4U;
    const unsigned size = static_cast<unsigned>(symbol) & 15U;
    if (size == 0 && run != 15) return true;  // end of block
    k += run;
    if (k > 63 || size > limits_[component.index].size_max[k]) return false;
    bits_.skip(size);
  }
  return true;
}

// T.81 G.1.2.2: first scan of a band.
bool ScanDecoder::ac_first_block(const JpegScanComponent& component, std::uint64_t& nonzero) {
  if (end_of_band_run_ > 0) {
    --end_of_band_run_;
    return true;
  }
  const JpegHuffmanTable& table = tables_.ac[component.ac_table];
  for (unsigned k = scan_.spectral_from; k <= scan_.spectral_to; ++k) {
    const int symbol = bits_.symbol(table);
    if (symbol < 0) return false;
    const unsigned run = static_cast<unsigned>(symbol) >> 4U;
    const unsigned size = static_cast<unsigned>(symbol) & 15U;
    if (size == 0 && run != 15) {
      end_of_band_run_ = (1U << run) - 1;
      if (run > 0) end_of_band_run_ += bits_.take(run);
      return true;
    }
    k += run;
    if (k > scan_.spectral_to) return false;
    if (size == 0) continue;
    if (size + scan_.approximation_low > limits_[component.index].size_max[k]) return false;
    bits_.skip(size);
    nonzero |= std::uint64_t{1} << k;
  }
  return true;
}

// T.81 G.1.2.3: one more bit for what is known, and new coefficients between.
bool ScanDecoder::ac_refined_block(const JpegScanComponent& component, std::uint64_t& nonzero) {
  const JpegHuffmanTable& table = tables_.ac[component.ac_table];
  unsigned k = scan_.spectral_from;
  while (end_of_band_run_ == 0 && k <= scan_.spectral_to) {
    const int symbol = bits_.symbol(table);
    if (symbol < 0) return false;
    unsigned run = static_cast<unsigned>(symbol) >> 4U;
    const unsigned size = static_cast<unsigned>(symbol) & 15U;
    if (size > 1) return false;
    if (size == 0 && run != 15) {
      end_of_band_run_ = 1U << run;
      if (run > 0) end_of_band_run_ += bits_.take(run);
      break;
    }
    if (size == 1) bits_.skip(1);
    while (k <= scan_.spectral_to) {
      const bool is_known = (nonzero >> k & 1U) != 0;
      if (is_known) {
        bits_.skip(1);
      } else if (run == 0) {
        break;
      } else {
        --run;
      }
      ++k;
    }
    if (k > scan_.spectral_to && size == 1) return false;
    if (size == 1) nonzero |= std::uint64_t{1} << k;
    ++k;
  }
  if (end_of_band_run_ == 0) return true;
  for (; k <= scan_.spectral_to; ++k) {
    if ((nonzero >> k & 1U) != 0) bits_.skip(1);
  }
  --end_of_band_run_;
  return true;
}

bool ScanDecoder::block(const JpegScanComponent& component, std::uint64_t index) {
  if (frame_.process == JpegProcess::lossless) return sample(component);
  if (frame_.process == JpegProcess::sequential) return sequential_block(component);
  if (scan_.spectral_from == 0) return dc_block(component);
  std::uint64_t& nonzero = frame_.components[component.index].nonzero[index];
  return scan_.approximation_high == 0 ? ac_first_block(component, nonzero) : ac_refined_block(component, nonzero);
}

bool ScanDecoder::unit(std::uint64_t index) {
  if (scan_.components.size() == 1) {
    ++blocks_done_;
    return block(scan_.components[0], index);
  }
  for (const JpegScanComponent& component : scan_.components) {
    const JpegComponent& part = frame_.components[component.index];
    for (std::uint32_t i = 0; i < part.h * part.v; ++i) {
      if (!block(component, 0)) return false;  // interleaved scans hold no band of a progressive frame
    }
    blocks_done_ += part.h * part.v;
  }
  return true;
}

/// True when [first, last) could be decoded and the segment ends there.
bool ScanDecoder::interval(std::uint64_t first, std::uint64_t last, JpegScanDecoded& result) {
  end_of_band_run_ = 0;
  dc_.fill(0);
  for (std::uint64_t index = first; index < last; ++index) {
    if (!unit(index) || bits_.ran_out()) return false;
    ++result.units_decoded;
    if (blocks_done_ < k_blocks_per_step) continue;
    blocks_done_ = 0;
    if (!input_.may_continue()) {
      result.stopped = true;
      return true;
    }
  }
  return true;
}

/// Goes to the next marker that may stand in or behind a scan. True for a restart marker.
bool ScanDecoder::go_to_restart() {
  while (true) {
    bits_.drop_rest();
    const std::uint8_t marker = bits_.marker();
    if (marker == 0 || is_restart(marker)) return marker != 0;
    if (marker >= 0xC0) return false;
    bits_.pass_marker();
  }
}

void ScanDecoder::add_bad(JpegScanDecoded& result, std::uint64_t from, std::uint64_t to) const {
  if (!result.bad.empty() && (result.bad.back().to >= from || result.bad.size() >= k_bad_ranges_max)) {
    result.bad.back().to = std::max(result.bad.back().to, to);
  } else if (from < to) {
    result.bad.push_back({.from = from, .to = to});
  }
}

JpegScanDecoded ScanDecoder::decode() {
  JpegScanDecoded result;
  result.units_expected = unit_count();
  const std::uint64_t step = tables_.restart_interval == 0 ? result.units_expected : tables_.restart_interval;
  std::uint64_t segment_from = from_;
  std::uint64_t first = 0;
  std::uint8_t expected_restart = 0xD0;
  while (true) {
    const std::uint64_t last = first + std::min(step, result.units_expected - first);
    const bool decoded = interval(first, last, result);
    if (result.stopped) return result;
    const bool ran_out = !decoded && bits_.ran_out();
    const std::uint64_t left_over = decoded ? bits_.drop_rest() : 0;
    const bool restarts = decoded && is_restart(bits_.marker()) ? true : go_to_restart();
    const std::uint64_t segment_to = bits_.marker() != 0 ? bits_.marker_at() : bits_.offset();
    const bool is_last = last == result.units_expected;
    const bool follows = is_last ? !restarts : restarts && bits_.marker() == expected_restart;
    result.is_cut = ran_out && bits_.marker() == 0 && result.bad.empty();
    if (result.is_cut) return result;
    if (!decoded || left_over > k_left_over_bytes_max || !follows) add_bad(result, segment_from, segment_to);
    result.end_bytes = segment_to;
    if (!restarts || !input_.may_continue()) {
      result.stopped = input_.stopped();
      if (last < result.units_expected) add_bad(result, segment_from, segment_to);
      return result;
    }
    // A restart marker tells its number modulo eight: after a bad interval go on where the numbers agree again.
    const auto skipped = static_cast<std::uint64_t>((bits_.marker() - expected_restart) & 7);
    expected_restart = static_cast<std::uint8_t>(0xD0 + ((bits_.marker() - 0xD0 + 1) & 7));
    segment_from = segment_to;
    first = std::min(result.units_expected, last + skipped * step);
    bits_.pass_marker();
  }
}

}  // namespace

bool can_decode_jpeg_scan(JpegFrame& frame, const JpegTables& tables, const JpegScan& scan,
                          std::uint64_t content_bytes) {
  const bool known = frame.process == JpegProcess::sequential || frame.process == JpegProcess::progressive ||
                     frame.process == JpegProcess::lossless;
  if (!known || frame.height == 0) return false;
  // Every block takes a bit at least; what announces more is not worth the memory.
  if (frame.process != JpegProcess::lossless && frame.blocks > std::min(k_blocks_max, content_bytes * 8)) return false;
  const bool progressive = frame.process == JpegProcess::progressive;
  for (const JpegScanComponent& component : scan.components) {
    const bool needs_dc = progressive ? scan.spectral_from == 0 && scan.approximation_high == 0 : true;
    const bool needs_ac = progressive ? scan.spectral_from > 0 : frame.process == JpegProcess::sequential;
    if (needs_dc && !tables.dc[component.dc_table].is_present()) return false;
    if (needs_ac && !tables.ac[component.ac_table].is_present()) return false;
    JpegComponent& part = frame.components[component.index];
    const std::size_t blocks = std::size_t{part.blocks_wide} * part.blocks_high;
    if (progressive && part.nonzero.size() != blocks) part.nonzero.assign(blocks, 0);
  }
  return true;
}

JpegScanDecoded decode_jpeg_scan(WalkInput& input, std::uint64_t from, std::uint64_t to, JpegFrame& frame,
                                 const JpegTables& tables, const JpegScan& scan) {
  return ScanDecoder(input, from, to, frame, tables, scan).decode();
}

}  // namespace lastgood::formats
