// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Where the stored bytes of a sparse member lie in the file; between them are holes (GNU tar manual, "Storing Sparse
// Files"). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_view.h"

namespace lastgood::sources::tar {

struct SparsePart {
  std::uint64_t offset_bytes = 0;
  std::uint64_t length_bytes = 0;
  bool operator==(const SparsePart&) const = default;
};

/// Files beyond this are refused: no file system that a hospital runs holds them, and zeros without end cost time.
inline constexpr std::uint64_t k_real_size_bytes_max = 1ULL << 50;
/// A map with more parts is refused: 64 MiB of memory, and of one file's holes.
inline constexpr std::size_t k_sparse_parts_max = 4U << 20;

/// What is wrong with a map, as the rest of a sentence; nothing when it holds: parts lie one behind the other, none
/// beyond `real_size_bytes`, and need exactly `stored_bytes`.
[[nodiscard]] std::optional<std::string> check_sparse_map(std::span<const SparsePart> parts, std::uint64_t stored_bytes,
                                                          std::uint64_t real_size_bytes);

/// The form 0.1: "offset,length,offset,length". Nothing for other text.
[[nodiscard]] std::optional<std::vector<SparsePart>> parse_sparse_list(std::string_view text);

/// Reads the form 1.0, decimal numbers each on a line before the data: first how many parts, then their offsets and
/// lengths. Takes blocks until the map is complete.
class SparseMapReader {
 public:
  enum class State : std::uint8_t { more, complete, broken };
  State add(base::ByteView block);
  [[nodiscard]] std::vector<SparsePart>& parts() { return parts_; }

 private:
  State take(std::uint64_t number);

  std::vector<SparsePart> parts_;
  std::optional<std::uint64_t> count_;
  std::optional<std::uint64_t> offset_;
  std::string digits_;
};

/// Decimal digits only, nothing around them; nothing beyond 64 bits.
[[nodiscard]] std::optional<std::uint64_t> parse_decimal(std::string_view text);

}  // namespace lastgood::sources::tar
