// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The index of a git pack (gitformat-pack(5), version 2), and names of objects. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_view.h"

namespace lastgood::engines::git {

/// A view of an index; the bytes outlive it.
class PackIndex {
 public:
  /// Nothing when it is none or its tables do not fit its length. `name_bytes`: 20 or 32.
  static std::optional<PackIndex> parse(base::ByteView bytes, std::size_t name_bytes);
  [[nodiscard]] std::uint32_t objects() const { return count_; }
  /// `name` as bytes.
  [[nodiscard]] bool has(std::string_view name) const;
  /// The digest that the pack must end with.
  [[nodiscard]] std::string_view pack_digest() const;

 private:
  PackIndex(base::ByteView bytes, std::size_t name_bytes, std::uint32_t count)
      : bytes_(bytes), name_bytes_(name_bytes), count_(count) {}
  base::ByteView bytes_;
  std::size_t name_bytes_;
  std::uint32_t count_;
};

/// 40 or 64 lower-case digits as bytes; nothing for anything else.
std::optional<std::string> parse_object_name(std::string_view digits);

}  // namespace lastgood::engines::git
