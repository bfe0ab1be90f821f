// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "network/range_table.h"

#include <algorithm>
#include <charconv>
#include <functional>

#include <fmt/format.h>

#include "base/utf8.h"

namespace lastgood::network {

using base::ByteView;
using model::IpAddress;

namespace {

constexpr std::size_t k_line_bytes_max = 4096;
constexpr std::size_t k_ranges_max = 20'000'000;

base::Error broken_ranges(std::uint64_t offset, std::string what) {
  base::Error error;
  error.code = base::ErrorCode::damaged_container;
  error.what = fmt::format("no table of addresses: {}, at byte {}", what, offset);
  error.offset_bytes = offset;
  error.hint = "install the data set again";
  return error;
}

/// Calls `take(line, offset)` for each line without its end.
template <typename Take>
base::Status each_line(ByteView bytes, const Take& take) {
  std::size_t at = 0;
  const std::string_view text = bytes.text();
  while (at < text.size()) {
    std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) end = text.size();
    std::string_view line = text.substr(at, end - at);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.size() > k_line_bytes_max) return broken_ranges(at, fmt::format("a line of {} bytes", line.size()));
    if (!line.empty()) LG_TRY(take(line, at));
    at = end + 1;
  }
  return base::Done{};
}

/// The field at the beginning of `line`, which loses it and the comma behind it.
std::string_view take_field(std::string_view& line) {
  const std::size_t comma = line.find(',');
  const std::string_view field = line.substr(0, comma);
  line.remove_prefix(comma == std::string_view::npos ? line.size() : comma + 1);
  return field;
}

/// The last field: in quotation marks it may hold commas, and two marks are one.
std::string unquote(std::string_view field) {
  if (field.size() < 2 || field.front() != '"' || field.back() != '"') return std::string(field);
  std::string plain;
  for (std::size_t i = 1; i + 1 < field.size(); ++i) {
    plain += field[i];
    if (field[i] == '"' && i + 2 < field.size() && field[i + 1] == '"') ++i;
  }
  return plain;
}

std::uint32_t v4_number(const IpAddress& address) {
  return std::uint32_t{address.bytes[0]} << 24U | std::uint32_t{address.bytes[1]} << 16U |
         std::uint32_t{address.bytes[2]} << 8U | address.bytes[3];
}

IpAddress last_of(const model::IpBlock& block) {
  IpAddress last = block.first;
  const unsigned bits = last.is_v6 ? 128 : 32;
  for (unsigned bit = block.prefix_bits; bit < bits; ++bit) {
    last.bytes.at(bit / 8) = static_cast<std::uint8_t>(last.bytes.at(bit / 8) | (0x80U >> (bit % 8)));
  }
  return last;
}

IpAddress first_of(const model::IpBlock& block) {
  IpAddress first = block.first;
  const unsigned bits = first.is_v6 ? 128 : 32;
  for (unsigned bit = block.prefix_bits; bit < bits; ++bit) {
    first.bytes.at(bit / 8) = static_cast<std::uint8_t>(first.bytes.at(bit / 8) & ~(0x80U >> (bit % 8)));
  }
  return first;
}

std::uint32_t next_of(std::uint32_t key) { return key + 1; }
std::uint32_t before(std::uint32_t key) { return key - 1; }
std::array<std::uint8_t, 16> next_of(std::array<std::uint8_t, 16> key) {
  for (std::size_t i = key.size(); i-- > 0;) {
    if (++key.at(i) != 0) break;
  }
  return key;
}
std::array<std::uint8_t, 16> before(std::array<std::uint8_t, 16> key) {
  for (std::size_t i = key.size(); i-- > 0;) {
    if (key.at(i)-- != 0) break;
  }
  return key;
}

/// Ranges that do not touch, out of ranges that may lie in each other: as in routing, the innermost decides. Where two
/// networks announce the very same range, the lower number is kept.
template <typename Range>
class Flattening {
 public:
  explicit Flattening(std::vector<Range> ranges) : ranges_(std::move(ranges)) {}

  std::vector<Range> run(const std::vector<AnnouncedBy>& networks) {
    std::sort(ranges_.begin(), ranges_.end(), [&](const Range& a, const Range& b) {
      if (a.from != b.from) return a.from < b.from;
      if (a.to != b.to) return b.to < a.to;
      return networks[a.network].number > networks[b.network].number;  // the last one decides
    });
    flat_.reserve(ranges_.size());
    for (const Range& range : ranges_) {
      end_before(range.from);
      if (!open_.empty() && at_ < range.from) emit(before(range.from));
      at_ = range.from;
      open_.push_back(range);
    }
    while (!open_.empty()) close_innermost();
    flat_.shrink_to_fit();
    return std::move(flat_);
  }

 private:
  using Key = decltype(Range::from);

  void end_before(const Key& from) {
    while (!open_.empty() && open_.back().to < from) close_innermost();
  }
  /// `at_` is behind the end of the range when another that began in it ends later.
  void close_innermost() {
    const Key to = open_.back().to;
    if (!passed_end_ && at_ <= to) {
      emit(to);
      at_ = next_of(to);
      passed_end_ = at_ <= to;  // it was the very last address
    }
    open_.pop_back();
  }
  void emit(const Key& to) {
    const std::uint32_t network = open_.back().network;
    if (!flat_.empty() && flat_.back().network == network && next_of(flat_.back().to) == at_) {
      flat_.back().to = to;
    } else {
      flat_.push_back({at_, to, network});
    }
  }

  std::vector<Range> ranges_;
  std::vector<Range> open_;  // each began in the one before
  std::vector<Range> flat_;
  Key at_{};  // everything before is done
  bool passed_end_ = false;
};

template <typename Range, typename Key>
std::optional<std::uint32_t> find_in(const std::vector<Range>& ranges, const Key& key) {
  auto after =
      std::upper_bound(ranges.begin(), ranges.end(), key, [](const Key& a, const Range& b) { return a < b.from; });
  if (after == ranges.begin()) return std::nullopt;
  --after;
  if (after->to < key) return std::nullopt;
  return after->network;
}

}  // namespace

void RangeTable::add(const IpAddress& from, const IpAddress& to, std::uint32_t network) {
  if (from.is_v6) {
    v6_.push_back({from.bytes, to.bytes, network});
  } else {
    v4_.push_back({v4_number(from), v4_number(to), network});
  }
}

base::Result<std::uint32_t> RangeTable::network_of(std::uint32_t number, std::string_view name) {
  if (networks_.size() * 2 >= numbered_.size()) {
    numbered_.assign(std::max<std::size_t>(1024, numbered_.size() * 4), 0);
    for (std::uint32_t i = 1; i < networks_.size(); ++i) {
      std::size_t slot = networks_[i].number * 2654435761U % numbered_.size();
      while (numbered_[slot] != 0) slot = (slot + 1) % numbered_.size();
      numbered_[slot] = i;
    }
  }
  std::size_t slot = number * 2654435761U % numbered_.size();
  while (numbered_[slot] != 0) {
    if (networks_[numbered_[slot]].number == number) return numbered_[slot];
    slot = (slot + 1) % numbered_.size();
  }
  numbered_[slot] = static_cast<std::uint32_t>(networks_.size());
  networks_.push_back({number, base::is_utf8(name) ? unquote(name) : base::printable(name)});
  return numbered_[slot];
}

base::Status RangeTable::add_csv(ByteView bytes) {
  return each_line(bytes, [&](std::string_view line, std::size_t offset) -> base::Status {
    const auto from = model::parse_ip(take_field(line));
    const auto to = model::parse_ip(take_field(line));
    const std::string_view digits = take_field(line);
    std::uint32_t number = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (!from || !to || from->is_v6 != to->is_v6 || *to < *from || digits.empty() || read.ec != std::errc{} ||
        read.ptr != digits.data() + digits.size()) {
      return broken_ranges(offset, "a line is no range with a number");
    }
    if (size() >= k_ranges_max) return broken_ranges(offset, "more ranges than are read");
    LG_ASSIGN(const std::uint32_t network, network_of(number, line));
    add(*from, *to, network);
    return base::Done{};
  });
}

base::Status RangeTable::add_blocks(ByteView bytes) {
  return each_line(bytes, [&](std::string_view line, std::size_t offset) -> base::Status {
    line = line.substr(0, line.find('#'));
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
    if (line.empty()) return base::Done{};
    const auto block = model::parse_ip_block(line);
    if (!block) return broken_ranges(offset, "a line is no block of addresses");
    if (size() >= k_ranges_max) return broken_ranges(offset, "more blocks than are read");
    add(first_of(*block), last_of(*block), 0);
    return base::Done{};
  });
}

void RangeTable::finish() {
  numbered_ = {};
  v4_ = Flattening<Range4>(std::move(v4_)).run(networks_);
  v6_ = Flattening<Range6>(std::move(v6_)).run(networks_);
}

std::optional<std::uint32_t> RangeTable::find(const IpAddress& address) const {
  return address.is_v6 ? find_in(v6_, address.bytes) : find_in(v4_, v4_number(address));
}

std::optional<AnnouncedBy> RangeTable::find_network(const IpAddress& address) const {
  const auto network = find(address);
  if (!network || *network == 0) return std::nullopt;
  return networks_[*network];
}

bool RangeTable::contains(const IpAddress& address) const { return find(address).has_value(); }

}  // namespace lastgood::network
