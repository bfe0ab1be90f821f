// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/tar/sparse_map.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace lastgood::sources::tar {

std::optional<std::uint64_t> parse_decimal(std::string_view text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return value;
}

std::optional<std::string> check_sparse_map(std::span<const SparsePart> parts, std::uint64_t stored_bytes,
                                            std::uint64_t real_size_bytes) {
  if (real_size_bytes > k_real_size_bytes_max) return fmt::format("its size is said to be {} bytes", real_size_bytes);
  if (parts.size() > k_sparse_parts_max) return fmt::format("it has {} parts", parts.size());
  std::uint64_t end = 0;
  std::uint64_t stored = 0;
  for (const SparsePart& part : parts) {
    if (part.offset_bytes < end)
      return fmt::format("a part at {} overlaps one that ends at {}", part.offset_bytes, end);
    if (part.offset_bytes > real_size_bytes || part.length_bytes > real_size_bytes - part.offset_bytes) {
      return fmt::format("a part of {} bytes at {} ends behind the file's {} bytes", part.length_bytes,
                         part.offset_bytes, real_size_bytes);
    }
    end = part.offset_bytes + part.length_bytes;
    stored += part.length_bytes;
  }
  if (stored != stored_bytes) return fmt::format("its parts need {} bytes and {} are stored", stored, stored_bytes);
  return std::nullopt;
}

std::optional<std::vector<SparsePart>> parse_sparse_list(std::string_view text) {
  std::vector<SparsePart> parts;
  std::optional<std::uint64_t> offset;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const auto number = parse_decimal(text.substr(0, comma));
    if (!number || parts.size() >= k_sparse_parts_max) return std::nullopt;
    if (offset) {
      parts.push_back({*std::exchange(offset, std::nullopt), *number});
    } else {
      offset = number;
    }
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  if (offset) return std::nullopt;
  return parts;
}

SparseMapReader::State SparseMapReader::take(std::uint64_t number) {
  if (!count_) {
    if (number > k_sparse_parts_max) return State::broken;
    count_ = number;
  } else if (!offset_) {
    offset_ = number;
  } else {
    parts_.push_back({*std::exchange(offset_, std::nullopt), number});
  }
  return parts_.size() == *count_ ? State::complete : State::more;
}

SparseMapReader::State SparseMapReader::add(base::ByteView block) {
  for (const char c : block.text()) {
    if (c != '\n') {
      if (digits_.size() >= 20) return State::broken;
      digits_ += c;
      continue;
    }
    const auto number = parse_decimal(digits_);
    digits_.clear();
    const State state = number ? take(*number) : State::broken;
    if (state != State::more) return state;
  }
  return State::more;
}

}  // namespace lastgood::sources::tar
