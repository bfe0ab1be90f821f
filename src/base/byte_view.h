// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// ByteView: the only way to touch untrusted bytes. Every access is checked; the pointer is private.
// A read past the end gives zeros (and `has` says beforehand whether it would): a walker that compares what it read
// with what the format demands then fails by itself, without a branch for every field.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace lastgood::base {

class ByteView {
 public:
  ByteView() = default;
  /// Owns nothing: `bytes` must outlive the view.
  explicit ByteView(std::span<const std::uint8_t> bytes) : data_(bytes.data()), size_bytes_(bytes.size()) {}
  explicit ByteView(std::string_view text);

  [[nodiscard]] std::size_t size() const { return size_bytes_; }
  [[nodiscard]] bool empty() const { return size_bytes_ == 0; }
  [[nodiscard]] bool has(std::uint64_t offset, std::uint64_t length) const {
    return offset <= size_bytes_ && length <= size_bytes_ - offset;
  }

  [[nodiscard]] std::uint8_t u8(std::uint64_t offset) const {
    return offset < size_bytes_ ? data_[offset] : std::uint8_t{0};
  }
  [[nodiscard]] std::uint16_t le16(std::uint64_t offset) const { return static_cast<std::uint16_t>(little(offset, 2)); }
  [[nodiscard]] std::uint32_t le24(std::uint64_t offset) const { return static_cast<std::uint32_t>(little(offset, 3)); }
  [[nodiscard]] std::uint32_t le32(std::uint64_t offset) const { return static_cast<std::uint32_t>(little(offset, 4)); }
  [[nodiscard]] std::uint64_t le64(std::uint64_t offset) const { return little(offset, 8); }
  [[nodiscard]] std::uint16_t be16(std::uint64_t offset) const { return static_cast<std::uint16_t>(big(offset, 2)); }
  [[nodiscard]] std::uint32_t be24(std::uint64_t offset) const { return static_cast<std::uint32_t>(big(offset, 3)); }
  [[nodiscard]] std::uint32_t be32(std::uint64_t offset) const { return static_cast<std::uint32_t>(big(offset, 4)); }
  [[nodiscard]] std::uint64_t be64(std::uint64_t offset) const { return big(offset, 8); }

  /// The part from `offset` of at most `length` bytes; shorter or empty where the view ends.
  [[nodiscard]] ByteView part(std::uint64_t offset, std::uint64_t length = UINT64_MAX) const {
    if (offset >= size_bytes_) return {};
    const std::uint64_t left = size_bytes_ - offset;
    return ByteView(
        std::span<const std::uint8_t>(data_ + offset, static_cast<std::size_t>(length < left ? length : left)));
  }

  /// True when all of `expected` stands at `offset`. `expected` may hold NUL bytes: use the "..."sv literal.
  [[nodiscard]] bool matches(std::uint64_t offset, std::string_view expected) const {
    return has(offset, expected.size()) &&
           (expected.empty() || std::memcmp(data_ + offset, expected.data(), expected.size()) == 0);
  }

  static constexpr std::size_t npos = SIZE_MAX;
  /// Offset of the first (last) `needle` at or after `from`; npos when there is none.
  [[nodiscard]] std::size_t find(std::string_view needle, std::size_t from = 0) const {
    return text().find(needle, from);
  }
  [[nodiscard]] std::size_t find_last(std::string_view needle) const { return text().rfind(needle); }

  /// The bytes as text, or as a span for codecs and digests. Same lifetime as the view.
  [[nodiscard]] std::string_view text() const;
  [[nodiscard]] std::span<const std::uint8_t> span() const { return {data_, size_bytes_}; }
  [[nodiscard]] const std::uint8_t* begin() const { return data_; }
  [[nodiscard]] const std::uint8_t* end() const { return data_ + size_bytes_; }

 private:
  [[nodiscard]] std::uint64_t little(std::uint64_t offset, unsigned count) const {
    if (!has(offset, count)) return 0;
    std::uint64_t value = 0;
    for (unsigned i = 0; i < count; ++i) value |= std::uint64_t{data_[offset + i]} << (8 * i);
    return value;
  }
  [[nodiscard]] std::uint64_t big(std::uint64_t offset, unsigned count) const {
    if (!has(offset, count)) return 0;
    std::uint64_t value = 0;
    for (unsigned i = 0; i < count; ++i) value = (value << 8) | data_[offset + i];
    return value;
  }

  const std::uint8_t* data_ = nullptr;
  std::size_t size_bytes_ = 0;
};

}  // namespace lastgood::base
