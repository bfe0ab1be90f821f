// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/xz/xz_index.h"

#include <algorithm>

#include "base/checksum.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using namespace std::string_view_literals;

/// Reads the index byte by byte through the window; section 4 of the specification.
class IndexReader {
 public:
  IndexReader(WalkInput& input, std::uint64_t from, std::uint64_t to) : input_(input), at_(from), to_(to) {}

  /// Section 1.2: seven bits a byte, at most nine bytes, no padding with zeros.
  std::optional<std::uint64_t> number() {
    const auto wish = static_cast<std::size_t>(std::min<std::uint64_t>(9, to_ > at_ ? to_ - at_ : 0));
    const ByteView bytes = input_.at(at_, wish);
    std::uint64_t value = 0;
    for (unsigned i = 0; i < bytes.size(); ++i) {
      value |= std::uint64_t{bytes.u8(i) & 0x7FU} << (7 * i);
      if ((bytes.u8(i) & 0x80U) != 0) continue;
      if (i > 0 && bytes.u8(i) == 0) return std::nullopt;
      at_ += i + 1;
      return value;
    }
    return std::nullopt;
  }
  [[nodiscard]] std::uint64_t at() const { return at_; }

 private:
  WalkInput& input_;
  std::uint64_t at_;
  std::uint64_t to_;
};

bool index_sum_fits(WalkInput& input, std::uint64_t from, std::uint64_t to) {
  std::uint32_t crc = 0;
  std::uint64_t at = from;
  while (at < to && input.may_continue()) {
    const ByteView piece = input.at(at, static_cast<std::size_t>(std::min<std::uint64_t>(to - at, 256 * 1024)));
    if (piece.empty()) return false;
    crc = base::crc32(piece, crc);
    at += piece.size();
  }
  return input.at(to, 4).le32(0) == crc;
}

std::uint64_t pad_to_4(std::uint64_t bytes) { return (bytes + 3) & ~std::uint64_t{3}; }

/// Sum of the blocks' padded sizes, at most `bytes_max`; empty when the index does not hold. `blocks` may be null.
std::optional<std::uint64_t> sum_blocks(WalkInput& input, const XzStream& stream, std::uint64_t bytes_max,
                                        std::vector<XzBlock>* blocks, std::size_t blocks_max) {
  const std::uint64_t crc_from = stream.footer_from - 4;
  IndexReader reader(input, stream.index_from + 1, crc_from);
  const std::optional<std::uint64_t> count = reader.number();
  if (!count || *count > (stream.footer_from - stream.index_from) / 2) return std::nullopt;
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < *count; ++i) {
    if (!input.may_continue()) return std::nullopt;
    const std::optional<std::uint64_t> unpadded = reader.number();
    const std::optional<std::uint64_t> decoded = unpadded ? reader.number() : std::nullopt;
    if (!decoded || *unpadded < 5 || *unpadded > bytes_max - sum) return std::nullopt;
    const std::uint64_t padded = pad_to_4(*unpadded);
    if (padded > bytes_max - sum) return std::nullopt;
    if (blocks != nullptr && blocks->size() < blocks_max) {
      blocks->push_back(
          {.from = stream.from + k_xz_frame_bytes + sum, .padded_bytes = padded, .decoded_bytes = *decoded});
    }
    sum += padded;
  }
  const std::uint64_t padding = crc_from - reader.at();
  return padding < 4 ? std::optional(sum) : std::nullopt;
}

/// Footer and index of the stream that ends at `to`; its beginning is not looked for.
std::optional<XzStream> find_end(WalkInput& input, std::uint64_t to) {
  if (to < k_xz_frame_bytes + 8) return std::nullopt;
  XzStream stream{.footer_from = to - k_xz_frame_bytes, .to = to};
  const ByteView footer = input.at(stream.footer_from, k_xz_frame_bytes);
  if (!is_xz_stream_footer(footer)) return std::nullopt;
  stream.check = footer.u8(9);
  const std::uint64_t index_bytes = (std::uint64_t{footer.le32(4)} + 1) * 4;
  if (index_bytes < 8 || index_bytes > stream.footer_from) return std::nullopt;
  stream.index_from = stream.footer_from - index_bytes;
  if (input.at(stream.index_from, 1).u8(0) != 0 || !index_sum_fits(input, stream.index_from, stream.footer_from - 4))
    return std::nullopt;
  return stream;
}

}  // namespace

bool is_xz_stream_header(ByteView bytes) {
  const bool magic = bytes.matches(0,
                                   "\xfd"
                                   "7zXZ\0\0"sv);
  return magic && bytes.has(0, k_xz_frame_bytes) && (bytes.u8(7) & 0xF0U) == 0 &&
         bytes.le32(8) == base::crc32(bytes.part(6, 2));
}

bool is_xz_stream_footer(ByteView bytes) {
  return bytes.matches(10, "YZ"sv) && bytes.u8(8) == 0 && (bytes.u8(9) & 0xF0U) == 0 &&
         bytes.le32(0) == base::crc32(bytes.part(4, 6));
}

std::optional<XzStream> find_xz_stream(WalkInput& input, std::uint64_t to) {
  std::optional<XzStream> found = find_end(input, to);
  if (!found || found->index_from < k_xz_frame_bytes) return std::nullopt;
  XzStream& stream = *found;
  const std::optional<std::uint64_t> blocks_bytes = sum_blocks(input, stream, stream.index_from, nullptr, 0);
  if (!blocks_bytes || *blocks_bytes > stream.index_from - k_xz_frame_bytes) return std::nullopt;
  stream.from = stream.index_from - *blocks_bytes - k_xz_frame_bytes;
  const ByteView header = input.at(stream.from, k_xz_frame_bytes);
  if (!is_xz_stream_header(header) || header.u8(7) != stream.check) return std::nullopt;
  return stream;
}

std::optional<std::uint64_t> find_xz_blocks_bytes(WalkInput& input, std::uint64_t to, std::uint64_t& index_from) {
  const std::optional<XzStream> stream = find_end(input, to);
  if (!stream) return std::nullopt;
  index_from = stream->index_from;
  return sum_blocks(input, *stream, UINT64_MAX / 2, nullptr, 0);
}

std::vector<XzBlock> read_xz_blocks(WalkInput& input, const XzStream& stream, std::size_t blocks_max) {
  std::vector<XzBlock> blocks;
  (void)sum_blocks(input, stream, stream.index_from, &blocks, blocks_max);
  return blocks;
}

}  // namespace lastgood::formats
