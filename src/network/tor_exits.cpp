// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "network/tor_exits.h"

#include <optional>
#include <string>

#include <fmt/format.h>

#include "base/rfc3339.h"

namespace lastgood::network {

namespace {

constexpr std::size_t k_exits_per_day_max = 1'000'000;
constexpr std::int64_t k_day_ns = 86'400LL * 1'000'000'000LL;

base::Error broken(std::size_t offset, std::string_view what) {
  base::Error error;
  error.code = base::ErrorCode::damaged_container;
  error.what = fmt::format("no exit list of Tor: {}, at byte {}", what, offset);
  error.offset_bytes = offset;
  error.hint = "take the list of the day from the network's own archive";
  return error;
}

std::int64_t day_of(std::int64_t at_ns) {
  const std::int64_t day = at_ns / k_day_ns;
  return at_ns % k_day_ns < 0 ? day - 1 : day;
}

/// "2022-11-23 07:02:00", UTC by the format.
std::optional<std::int64_t> parse_time(std::string_view text) {
  if (text.size() != 19 || text[10] != ' ') return std::nullopt;
  return base::parse_rfc3339(fmt::format("{}T{}Z", text.substr(0, 10), text.substr(11)));
}

}  // namespace

base::Status TorExits::add_lists(base::ByteView bytes) {
  const std::string_view text = bytes.text();
  std::set<model::IpAddress>* today = nullptr;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.starts_with("Downloaded ")) {
      const auto time = parse_time(line.substr(11));
      if (!time) return broken(at, "the time of the list cannot be read");
      today = &days_[day_of(*time)];
    } else if (line.starts_with("ExitAddress ")) {
      line.remove_prefix(12);
      const auto address = model::parse_ip(line.substr(0, line.find(' ')));
      if (today == nullptr) return broken(at, "an exit stands before the time of its list");
      if (!address) return broken(at, "an exit has no address");
      if (today->size() >= k_exits_per_day_max) return broken(at, "more exits than the network ever had");
      today->insert(*address);
    }
    at = end + 1;
  }
  if (today == nullptr) return broken(0, "no line says of which time it is");
  return base::Done{};
}

TorAnswer TorExits::find(const model::IpAddress& address, std::int64_t at_ns) const {
  if (at_ns == 0) return TorAnswer::no_list;
  const auto day = days_.find(day_of(at_ns));
  if (day == days_.end()) return TorAnswer::no_list;
  return day->second.contains(address) ? TorAnswer::listed : TorAnswer::not_listed;
}

}  // namespace lastgood::network
