// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One tar header block, parsed. Private to tar.
#pragma once

#include <cstdint>
#include <optional>

#include "base/byte_view.h"

namespace lastgood::formats {

inline constexpr std::uint64_t k_tar_block_bytes = 512;

enum class TarDialect : std::uint8_t { v7, ustar, gnu };

struct TarHeader {
  char type = '0';
  std::uint64_t data_bytes = 0;  // as the size field says; a pax record may override it
  TarDialect dialect = TarDialect::v7;
  bool sparse_goes_on = false;  // old GNU sparse: a block with more of the map follows
};

/// Empty: the checksum or a field does not fit.
std::optional<TarHeader> parse_tar_header(base::ByteView block);

/// Cheap: is this a header block? Compares the checksum.
bool is_tar_header(base::ByteView block);

/// Value of the record `size` in the data of a pax header, when it has one.
std::optional<std::uint64_t> find_pax_size(base::ByteView records);

}  // namespace lastgood::formats
