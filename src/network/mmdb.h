// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Countries of address blocks out of an MMDB file (MaxMind DB file format 2.0: search tree, data section, metadata).
//
// A file is translated once, as a whole, into a tree of our own in which every step is known to be good: every record
// points at a node or at a value that was decoded, and no way through the tree is longer than an address. What cannot
// be translated is refused. Look-ups then need no checks, and the file's bytes are not kept.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_view.h"
#include "base/result.h"
#include "model/ip_address.h"

namespace lastgood::network {

/// Two letters of ISO 3166-1.
using CountryCode = std::array<char, 2>;

/// Any number of threads.
class Mmdb {
 public:
  [[nodiscard]] std::optional<CountryCode> find_country(const model::IpAddress& address) const;
  /// When the file says that it was built, seconds since 1970; 0: it does not say.
  [[nodiscard]] std::int64_t built_at_s() const { return built_at_s_; }
  [[nodiscard]] std::size_t nodes() const { return nodes_.size(); }

 private:
  friend class MmdbTranslation;
  friend base::Result<Mmdb> parse_mmdb(base::ByteView bytes);
  using Node = std::array<std::uint32_t, 2>;  // a node, or k_leaf and a number of `countries_`
  static constexpr std::uint32_t k_leaf = 0x8000'0000U;
  [[nodiscard]] std::optional<CountryCode> country_of(std::uint32_t leaf) const;
  [[nodiscard]] std::uint32_t walk(std::uint32_t at, const std::uint8_t* bytes, unsigned bits) const;
  void prepare_v4();
  void fill_v4(std::uint32_t at, unsigned depth, std::size_t first);  // at most 16 deep

  std::vector<Node> nodes_;
  std::vector<CountryCode> countries_;  // the first is "none"
  std::vector<std::uint32_t> v4_;       // by the first sixteen bits of an IPv4 address: where the walk goes on
  std::int64_t built_at_s_ = 0;
  bool holds_v6_ = false;
};

/// Longest file that is looked at.
inline constexpr std::uint64_t k_mmdb_bytes_max = std::uint64_t{1} << 29;

/// ErrorCode::damaged_container with the offset for whatever does not follow the format; nothing of `bytes` is kept.
[[nodiscard]] base::Result<Mmdb> parse_mmdb(base::ByteView bytes);

}  // namespace lastgood::network
