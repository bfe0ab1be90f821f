// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Samples that are mostly zeros (disk images), kept without them: file = size(8) (offset(8) length(8) bytes)*, little
// endian; testdata/X.sparse.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "base/byte_view.h"
#include "formats/testing/walker_suite.h"

namespace lastgood::formats::testing {

/// The content with its zeros. Empty when the file is none.
inline std::vector<std::uint8_t> read_sparse_sample(const std::string& path) {
  const std::vector<std::uint8_t> packed = read_sample(path);
  const base::ByteView view{std::span<const std::uint8_t>(packed)};
  if (view.le64(0) > (std::uint64_t{1} << 30)) return {};
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(view.le64(0)));
  for (std::uint64_t at = 8; at + 16 <= view.size();) {
    const std::uint64_t offset = view.le64(at);
    const base::ByteView piece = view.part(at + 16, view.le64(at + 8));
    if (offset > bytes.size() || piece.size() > bytes.size() - offset) return {};
    std::copy(piece.begin(), piece.end(), bytes.begin() + static_cast<std::ptrdiff_t>(offset));
    at += 16 + view.le64(at + 8);
  }
  return bytes;
}

}  // namespace lastgood::formats::testing
