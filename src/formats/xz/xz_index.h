// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The index and footer at the end of an xz stream: where its blocks lie. Private to xz.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "formats/walk_input.h"

namespace lastgood::formats {

struct XzBlock {
  std::uint64_t from = 0;
  std::uint64_t padded_bytes = 0;  // header, data, padding and check
  std::uint64_t decoded_bytes = 0;
};

struct XzStream {
  std::uint64_t from = 0;
  std::uint64_t index_from = 0;
  std::uint64_t footer_from = 0;
  std::uint64_t to = 0;
  std::uint8_t check = 0;
};

inline constexpr std::uint64_t k_xz_frame_bytes = 12;  // stream header and stream footer are equally long

/// True when a stream header with fitting checksum stands in `bytes`.
bool is_xz_stream_header(base::ByteView bytes);

/// True when a stream footer with fitting checksum stands in the 12 `bytes`.
bool is_xz_stream_footer(base::ByteView bytes);

/// The stream whose footer ends at `to`; empty when footer, index or header do not agree.
std::optional<XzStream> find_xz_stream(WalkInput& input, std::uint64_t to);

/// What an index and footer with fitting checksums say of a stream that ends at `to`: the bytes of its blocks. Empty:
/// there are none.
std::optional<std::uint64_t> find_xz_blocks_bytes(WalkInput& input, std::uint64_t to, std::uint64_t& index_from);

/// The blocks of `stream`, at most `blocks_max`.
std::vector<XzBlock> read_xz_blocks(WalkInput& input, const XzStream& stream, std::size_t blocks_max);

}  // namespace lastgood::formats
