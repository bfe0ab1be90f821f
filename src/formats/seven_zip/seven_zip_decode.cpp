// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/seven_zip/seven_zip_decode.h"

#include <lzma.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>

#include "formats/codec/decode_stream.h"

namespace lastgood::formats {

namespace {

using base::ByteView;

constexpr std::uint64_t k_memory_bytes_max = 128 * 1024 * 1024;
constexpr std::size_t k_in_bytes = 64 * 1024;
constexpr std::size_t k_out_bytes = 64 * 1024;
constexpr std::uint32_t k_dictionary_bytes_min = 4096;

lzma_vli find_filter(std::uint64_t coder) {
  switch (coder) {
    case k_seven_zip_lzma: return LZMA_FILTER_LZMA1EXT;
    case k_seven_zip_lzma2: return LZMA_FILTER_LZMA2;
    case k_seven_zip_delta: return LZMA_FILTER_DELTA;
    case k_seven_zip_bcj_x86: return LZMA_FILTER_X86;
    default: return LZMA_VLI_UNKNOWN;
  }
}

/// The filters of one folder and their options; liblzma allocates the options with malloc.
class Filters {
 public:
  Filters() { filters_.fill({.id = LZMA_VLI_UNKNOWN, .options = nullptr}); }
  ~Filters() {
    for (lzma_filter& filter : filters_) std::free(filter.options);
  }
  Filters(const Filters&) = delete;
  Filters& operator=(const Filters&) = delete;

  bool build(const SevenZipFolder& folder) {
    std::size_t next = 0;
    for (const std::size_t i : folder.row()) {
      const SevenZipCoder& coder = folder.coders[i];
      lzma_filter& filter = filters_[next++];
      filter.id = find_filter(coder.id);
      if (lzma_properties_decode(&filter, nullptr, coder.properties.data(), coder.properties.size()) != LZMA_OK) {
        filter.options = nullptr;
        return false;
      }
      if (filter.id == LZMA_FILTER_LZMA1EXT || filter.id == LZMA_FILTER_LZMA2) fit_to(filter, folder.unpacked_sizes[i]);
    }
    return true;
  }
  [[nodiscard]] const lzma_filter* get() const { return filters_.data(); }

 private:
  static void fit_to(lzma_filter& filter, std::uint64_t unpacked_bytes) {
    auto* options = static_cast<lzma_options_lzma*>(filter.options);
    // A dictionary longer than what is decoded is never used, and the file alone says how long it is.
    const std::uint64_t useful = std::max<std::uint64_t>(unpacked_bytes, k_dictionary_bytes_min);
    options->dict_size = static_cast<std::uint32_t>(std::min<std::uint64_t>(options->dict_size, useful));
    options->ext_flags = LZMA_LZMA1EXT_ALLOW_EOPM;
    options->ext_size_low = static_cast<std::uint32_t>(unpacked_bytes & 0xFFFFFFFF);
    options->ext_size_high = static_cast<std::uint32_t>(unpacked_bytes >> 32U);
  }

  std::array<lzma_filter, 3> filters_{};
};

class LzmaStream {
 public:
  LzmaStream() = default;
  ~LzmaStream() { lzma_end(&stream_); }
  LzmaStream(const LzmaStream&) = delete;
  LzmaStream& operator=(const LzmaStream&) = delete;
  lzma_stream& get() { return stream_; }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
};

Decoded copy(WalkInput& input, std::uint64_t from, std::uint64_t to, const SevenZipFolder& folder,
             const DecodeSink& sink) {
  Decoded result;
  std::uint64_t at = from;
  while (at < to) {
    const ByteView piece = input.at(at, static_cast<std::size_t>(std::min<std::uint64_t>(to - at, k_in_bytes)));
    if (piece.empty() || !input.may_continue(1 + piece.size() / 16384)) return result;
    if (sink && !sink(piece)) return result;
    at += piece.size();
    result.produced_bytes += piece.size();
  }
  result.consumed_bytes = to - from;
  result.end = result.produced_bytes == folder.unpacked_bytes ? DecodeEnd::complete : DecodeEnd::malformed;
  return result;
}

Decoded hold_to_size(Decoded decoded, const SevenZipFolder& folder) {
  const bool too_much = decoded.produced_bytes > folder.unpacked_bytes;
  if (too_much || (decoded.end == DecodeEnd::complete && decoded.produced_bytes != folder.unpacked_bytes)) {
    decoded.end = DecodeEnd::malformed;
  }
  return decoded;
}

Decoded decode_by_filters(WalkInput& input, std::uint64_t from, std::uint64_t to, const SevenZipFolder& folder,
                          const DecodeSink& sink) {
  thread_local std::array<std::uint8_t, k_out_bytes> out;
  Decoded result;
  Filters filters;
  if (!filters.build(folder)) {
    result.end = DecodeEnd::malformed;
    return result;
  }
  if (lzma_raw_decoder_memusage(filters.get()) > k_memory_bytes_max) return result;
  LzmaStream stream;
  lzma_stream& z = stream.get();
  if (lzma_raw_decoder(&z, filters.get()) != LZMA_OK) return result;
  std::uint64_t at = from;
  bool ended = false;
  while (!ended) {
    if (z.avail_in == 0 && at < to) {
      const ByteView piece = input.at(at, static_cast<std::size_t>(std::min<std::uint64_t>(k_in_bytes, to - at)));
      if (piece.empty()) return result;
      z.next_in = piece.span().data();
      z.avail_in = piece.size();
      at += piece.size();
    }
    z.next_out = out.data();
    z.avail_out = out.size();
    const lzma_ret code = lzma_code(&z, at >= to ? LZMA_FINISH : LZMA_RUN);
    const std::size_t produced = out.size() - z.avail_out;
    result.produced_bytes += produced;
    result.consumed_bytes = at - from - z.avail_in;
    ended = code != LZMA_OK;
    const bool too_much = result.produced_bytes > folder.unpacked_bytes;
    if ((ended && code != LZMA_STREAM_END && result.produced_bytes != folder.unpacked_bytes) || too_much) {
      result.end = code == LZMA_MEM_ERROR ? DecodeEnd::stopped : DecodeEnd::malformed;
      return result;
    }
    if (produced > 0 && sink && !sink(ByteView(std::span<const std::uint8_t>(out).first(produced)))) return result;
    if (!ended && !input.may_continue(1 + produced / 1024)) return result;
  }
  result.end = result.produced_bytes == folder.unpacked_bytes ? DecodeEnd::complete : DecodeEnd::malformed;
  return result;
}

}  // namespace

bool can_decode_seven_zip(const SevenZipFolder& folder) {
  const std::vector<std::size_t> row = folder.row();
  if (row.empty() || row.size() > 2 || folder.packed_streams != 1) return false;
  const std::uint64_t outer = folder.coders[row.front()].id;
  const std::uint64_t inner = folder.coders[row.back()].id;
  const bool alone = inner == k_seven_zip_copy || inner == k_seven_zip_deflate || inner == k_seven_zip_bzip2;
  if (row.size() == 1 && alone) return true;
  if (inner != k_seven_zip_lzma && inner != k_seven_zip_lzma2) return false;
  return row.size() == 1 || outer == k_seven_zip_delta || outer == k_seven_zip_bcj_x86;
}

Decoded decode_seven_zip(WalkInput& input, std::uint64_t from, std::uint64_t to, const SevenZipFolder& folder,
                         std::uint64_t produced_bytes_max, const DecodeSink& sink) {
  if (folder.unpacked_bytes > produced_bytes_max) return {};
  switch (folder.coders[0].id) {
    case k_seven_zip_copy: return copy(input, from, to, folder, sink);
    case k_seven_zip_deflate:
      return hold_to_size(decode_deflate(input, from, to, DeflateFrame::raw, folder.unpacked_bytes, sink), folder);
    case k_seven_zip_bzip2:
      return hold_to_size(decode_stream(input, from, to, Codec::bzip2, folder.unpacked_bytes, sink), folder);
    default: return decode_by_filters(input, from, to, folder, sink);
  }
}

}  // namespace lastgood::formats
