// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Ranges of addresses with the network that announces them, from CSV lines "start,end,number,name" (names may be in
// quotation marks, RFC 4180), and plain lists of blocks, one a line ("192.0.2.0/24", "#" begins a remark).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_view.h"
#include "base/result.h"
#include "model/ip_address.h"

namespace lastgood::network {

/// A network as routing knows it: an autonomous system.
struct AnnouncedBy {
  std::uint32_t number = 0;
  std::string name;  // as the data set has it; may be empty
};

/// Filled with `add_csv` or `add_blocks`, once or more, then `finish`; afterwards any number of threads.
class RangeTable {
 public:
  /// Lines that are no range are ErrorCode::damaged_container: a table with a hole would answer "not announced".
  [[nodiscard]] base::Status add_csv(base::ByteView bytes);
  [[nodiscard]] base::Status add_blocks(base::ByteView bytes);
  /// Sorts. Where ranges lie in each other, the innermost decides, as in routing.
  void finish();

  [[nodiscard]] std::optional<AnnouncedBy> find_network(const model::IpAddress& address) const;
  [[nodiscard]] bool contains(const model::IpAddress& address) const;
  [[nodiscard]] std::size_t size() const { return v4_.size() + v6_.size(); }

 private:
  struct Range4 {
    std::uint32_t from = 0;
    std::uint32_t to = 0;  // inclusive
    std::uint32_t network = 0;
  };
  struct Range6 {
    std::array<std::uint8_t, 16> from{};
    std::array<std::uint8_t, 16> to{};
    std::uint32_t network = 0;
  };
  void add(const model::IpAddress& from, const model::IpAddress& to, std::uint32_t network);
  base::Result<std::uint32_t> network_of(std::uint32_t number, std::string_view name);
  [[nodiscard]] std::optional<std::uint32_t> find(const model::IpAddress& address) const;

  std::vector<Range4> v4_;
  std::vector<Range6> v6_;
  std::vector<AnnouncedBy> networks_ = {{}};  // the first: none, for lists of blocks
  std::vector<std::uint32_t> numbered_;       // hash table of `networks_`, open addressing
};

}  // namespace lastgood::network
