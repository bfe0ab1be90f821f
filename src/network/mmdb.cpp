// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "network/mmdb.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "network/country_names.h"
#include "network/mmdb_value.h"

namespace lastgood::network {

using base::ByteView;

namespace {

constexpr std::string_view k_marker = "\xab\xcd\xefMaxMind.com";
constexpr std::uint64_t k_metadata_bytes_max = 128U << 10U;
constexpr std::uint64_t k_separator_bytes = 16;
// Files of today have some six million; each takes eight bytes of memory.
constexpr std::uint64_t k_nodes_max = std::uint64_t{1} << 26;

base::Error broken_mmdb(std::uint64_t offset, std::string what) {
  base::Error error;
  error.code = base::ErrorCode::damaged_container;
  error.what = "not a whole MMDB file: " + std::move(what);
  error.offset_bytes = offset;
  error.hint = "install the data set again";
  return error;
}

struct Metadata : MmdbVisitor {
  std::uint64_t node_count = 0;
  std::uint64_t record_bits = 0;
  std::uint64_t ip_version = 0;
  std::uint64_t format_version = 0;
  std::uint64_t built_at_s = 0;

  void text(std::string_view /*key*/, std::string_view /*inner_key*/, std::string_view /*value*/) override {}
  void number(std::string_view key, std::string_view inner_key, std::uint64_t value) override {
    if (!inner_key.empty()) return;
    if (key == "node_count") node_count = value;
    if (key == "record_size") record_bits = value;
    if (key == "ip_version") ip_version = value;
    if (key == "binary_format_major_version") format_version = value;
    if (key == "build_epoch") built_at_s = value;
  }
};

/// The country of one record, in either of the shapes in use.
struct CountryReader : MmdbVisitor {
  CountryCode found{};

  void text(std::string_view key, std::string_view inner_key, std::string_view value) override {
    const bool is_country =
        (key == "country_code" && inner_key.empty()) || (key == "country" && inner_key == "iso_code");
    if (!is_country || value.size() != 2) return;
    // "ZZ" and other codes of no country are how some sets say that they do not know.
    if (!country_name(value).empty()) found = {value[0], value[1]};
  }
  void number(std::string_view /*key*/, std::string_view /*inner_key*/, std::uint64_t /*value*/) override {}
};

}  // namespace

/// One file on its way to an Mmdb.
class MmdbTranslation {
 public:
  explicit MmdbTranslation(ByteView bytes) : bytes_(bytes) {}

  base::Result<Mmdb> run() {
    LG_TRY(read_metadata());
    LG_TRY(translate_nodes());
    LG_TRY(check_ways());
    table_.holds_v6_ = metadata_.ip_version == 6;
    table_.built_at_s_ = static_cast<std::int64_t>(std::min<std::uint64_t>(metadata_.built_at_s, UINT32_MAX));
    table_.prepare_v4();
    return std::move(table_);
  }

 private:
  base::Status read_metadata() {
    const std::uint64_t from = bytes_.size() > k_metadata_bytes_max ? bytes_.size() - k_metadata_bytes_max : 0;
    const std::size_t marker = bytes_.part(from).find_last(k_marker);
    if (marker == ByteView::npos) return broken_mmdb(bytes_.size(), "it has no metadata at its end");
    const std::uint64_t begin = from + marker + k_marker.size();
    MmdbBudget budget{.values = 4096};
    if (!visit_value(bytes_.part(begin), 0, budget, metadata_))
      return broken_mmdb(begin, "its metadata cannot be read");
    const Metadata& said = metadata_;
    if (said.format_version != 2) {
      return broken_mmdb(begin, fmt::format("its format has version {}, 2 is known", said.format_version));
    }
    if (said.record_bits != 24 && said.record_bits != 28 && said.record_bits != 32) {
      return broken_mmdb(begin, fmt::format("its records have {} bits", said.record_bits));
    }
    if (said.ip_version != 4 && said.ip_version != 6) {
      return broken_mmdb(begin, fmt::format("it says that it is for IP version {}", said.ip_version));
    }
    if (said.node_count == 0 || said.node_count > k_nodes_max) {
      return broken_mmdb(begin, fmt::format("it says that it has {} nodes", said.node_count));
    }
    const std::uint64_t tree_bytes = said.node_count * said.record_bits / 4;
    const std::uint64_t data_end = begin - k_marker.size();
    if (tree_bytes + k_separator_bytes > data_end) {
      return broken_mmdb(begin,
                         fmt::format("{} nodes need {} bytes, {} are there", said.node_count, tree_bytes, data_end));
    }
    for (std::uint64_t i = 0; i < k_separator_bytes; ++i) {
      if (bytes_.u8(tree_bytes + i) != 0)
        return broken_mmdb(tree_bytes + i, "its tree is not followed by sixteen zeros");
    }
    data_ = bytes_.part(tree_bytes + k_separator_bytes, data_end - tree_bytes - k_separator_bytes);
    budget_.values = 4096 + 8 * data_.size();
    return base::Done{};
  }

  [[nodiscard]] std::array<std::uint64_t, 2> records_of(std::uint64_t node) const {
    const std::uint64_t at = node * metadata_.record_bits / 4;
    if (metadata_.record_bits == 24) return {bytes_.be24(at), bytes_.be24(at + 3)};
    if (metadata_.record_bits == 32) return {bytes_.be32(at), bytes_.be32(at + 4)};
    const std::uint32_t middle = bytes_.u8(at + 3);  // four more bits of either record
    return {((middle & 0xf0U) << 20U) | bytes_.be24(at), ((middle & 0x0fU) << 24U) | bytes_.be24(at + 4)};
  }

  base::Status translate_nodes() {
    table_.nodes_.resize(static_cast<std::size_t>(metadata_.node_count));
    table_.countries_.push_back({});
    for (std::uint64_t node = 0; node < metadata_.node_count; ++node) {
      const auto records = records_of(node);
      for (std::size_t side = 0; side < 2; ++side) {
        LG_ASSIGN(table_.nodes_[static_cast<std::size_t>(node)].at(side), translate(node, records.at(side)));
      }
    }
    return base::Done{};
  }

  base::Result<std::uint32_t> translate(std::uint64_t node, std::uint64_t record) {
    if (record < metadata_.node_count) return static_cast<std::uint32_t>(record);
    if (record == metadata_.node_count) return Mmdb::k_leaf;
    const auto known = leaves_.find(record);
    if (known != leaves_.end()) return known->second;
    const std::uint64_t beyond = record - metadata_.node_count;
    if (beyond < k_separator_bytes || beyond - k_separator_bytes >= data_.size()) {
      return broken_mmdb(node * metadata_.record_bits / 4, fmt::format("node {} points outside of the file", node));
    }
    CountryReader reader;
    if (!visit_value(data_, beyond - k_separator_bytes, budget_, reader)) {
      return broken_mmdb(
          node * metadata_.record_bits / 4,
          fmt::format("node {} points at no value, at byte {} of the data", node, beyond - k_separator_bytes));
    }
    return leaves_.emplace(record, number_of(reader.found)).first->second;
  }

  std::uint32_t number_of(const CountryCode& country) {
    if (country[0] == 0) return Mmdb::k_leaf;
    const auto number = numbers_.emplace(country[0] * 256 + country[1], table_.countries_.size());
    if (number.second) table_.countries_.push_back(country);
    return Mmdb::k_leaf | static_cast<std::uint32_t>(number.first->second);
  }

  /// No way from the root may be longer than an address, so no way is a circle. Each node is gone through once; its
  /// height (the longest way below it) is kept.
  base::Status check_ways() {
    const unsigned bits = metadata_.ip_version == 6 ? 128 : 32;
    constexpr std::uint8_t k_open = 255;
    std::vector<std::uint8_t> height(table_.nodes_.size(), 0);
    struct Step {
      std::uint32_t node;
      std::uint8_t side;
    };
    std::vector<Step> way = {{0, 0}};
    height[0] = k_open;
    std::vector<std::uint8_t> longest = {0};
    while (!way.empty()) {
      Step& step = way.back();
      if (step.side == 2) {
        const auto below = static_cast<std::uint8_t>(longest.back() + 1);
        height[step.node] = below;
        way.pop_back();
        longest.pop_back();
        if (!longest.empty()) longest.back() = std::max(longest.back(), below);
        continue;
      }
      const std::uint32_t next = table_.nodes_[step.node].at(step.side++);
      if ((next & Mmdb::k_leaf) != 0) continue;
      if (height[next] == k_open || way.size() + std::max<std::size_t>(height[next], 1) > bits) {
        return broken_mmdb(std::uint64_t{next} * metadata_.record_bits / 4,
                           fmt::format("its tree is deeper than {} bits at node {}", bits, next));
      }
      if (height[next] > 0) {
        longest.back() = std::max(longest.back(), height[next]);
        continue;
      }
      height[next] = k_open;
      way.push_back({next, 0});
      longest.push_back(0);
    }
    return base::Done{};
  }

  ByteView bytes_;
  ByteView data_;
  Metadata metadata_;
  MmdbBudget budget_;
  std::unordered_map<std::uint64_t, std::uint32_t> leaves_;  // record in the file to record in the table
  std::unordered_map<int, std::size_t> numbers_;             // of countries
  Mmdb table_;
};

base::Result<Mmdb> parse_mmdb(ByteView bytes) {
  if (bytes.size() > k_mmdb_bytes_max) return broken_mmdb(k_mmdb_bytes_max, "it is longer than is looked at");
  return MmdbTranslation(bytes).run();
}

std::uint32_t Mmdb::walk(std::uint32_t at, const std::uint8_t* bytes, unsigned bits) const {
  for (unsigned bit = 0; bit < bits && (at & k_leaf) == 0; ++bit) {
    const unsigned side = (static_cast<unsigned>(bytes[bit / 8]) >> (7U - bit % 8U)) & 1U;
    at = nodes_[at][side];
  }
  return at;
}

/// IPv4 lies below ::/96 of an IPv6 tree. Half of its bits are walked once and for all.
void Mmdb::prepare_v4() {
  constexpr std::array<std::uint8_t, 12> k_zeros{};
  const std::uint32_t root = holds_v6_ ? walk(0, k_zeros.data(), 96) : 0;
  v4_.assign(std::size_t{1} << 16U, k_leaf);
  fill_v4(root, 0, 0);
}

void Mmdb::fill_v4(std::uint32_t at, unsigned depth, std::size_t first) {
  if ((at & k_leaf) != 0 || depth == 16) {
    std::fill_n(v4_.begin() + static_cast<std::ptrdiff_t>(first), std::size_t{1} << (16U - depth), at);
    return;
  }
  fill_v4(nodes_[at][0], depth + 1, first);
  fill_v4(nodes_[at][1], depth + 1, first + (std::size_t{1} << (15U - depth)));
}

std::optional<CountryCode> Mmdb::country_of(std::uint32_t leaf) const {
  const std::uint32_t number = leaf & ~k_leaf;
  if ((leaf & k_leaf) == 0 || number == 0) return std::nullopt;
  return countries_[number];
}

std::optional<CountryCode> Mmdb::find_country(const model::IpAddress& address) const {
  if (nodes_.empty()) return std::nullopt;
  if (address.is_v6) {
    return holds_v6_ ? country_of(walk(0, address.bytes.data(), 128)) : std::nullopt;
  }
  const std::size_t first = std::size_t{address.bytes[0]} << 8U | address.bytes[1];
  return country_of(walk(v4_[first], address.bytes.data() + 2, 16));
}

}  // namespace lastgood::network
