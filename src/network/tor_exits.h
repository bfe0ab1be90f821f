// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Exit lists of the Tor network as its archive keeps them ("@type tordnsel 1.0"): lines "Downloaded DATE TIME", then
// per relay "ExitNode", "Published", "LastStatus" and "ExitAddress ADDRESS DATE TIME". Exits change by the hour, so a
// list says something about its own day (UTC) only.
#pragma once

#include <cstdint>
#include <map>
#include <set>

#include "base/byte_view.h"
#include "base/result.h"
#include "model/ip_address.h"

namespace lastgood::network {

enum class TorAnswer : std::uint8_t {
  no_list,     // none of that day is installed: unknown
  listed,      // an exit on that day
  not_listed,  // none that the lists of that day name
};

/// Any number of threads once filled.
class TorExits {
 public:
  /// One or more lists in one file. ErrorCode::damaged_container when no line says of which time it is, or a line
  /// cannot be read.
  [[nodiscard]] base::Status add_lists(base::ByteView bytes);
  /// `at_ns` 0: the time is unknown, and so is the answer.
  [[nodiscard]] TorAnswer find(const model::IpAddress& address, std::int64_t at_ns) const;
  [[nodiscard]] std::size_t days() const { return days_.size(); }

 private:
  std::map<std::int64_t, std::set<model::IpAddress>> days_;  // days since 1970, UTC
};

}  // namespace lastgood::network
