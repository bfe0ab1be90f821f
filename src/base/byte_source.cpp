// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "base/byte_source.h"

#include <algorithm>

namespace lastgood::base {

Result<std::size_t> MemorySource::read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) {
  const ByteView part = bytes_.part(offset_bytes, into.size());
  std::copy(part.begin(), part.end(), into.begin());
  return part.size();
}

}  // namespace lastgood::base
