// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// TiedDoers: accounts at addresses that a timeline's summary ties to the encryption surely, and from when on. Private
// to facts/.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "timeline/summary.h"

namespace lastgood::facts {

struct TiedDoer {
  std::string account;
  std::string address;
  std::string why;
  std::int64_t since_ns = 0;
};

class TiedDoers {
 public:
  explicit TiedDoers(const timeline::TimelineSummary& summary);

  [[nodiscard]] bool is_empty() const { return doers_.empty(); }
  [[nodiscard]] const std::vector<TiedDoer>& doers() const { return doers_; }
  /// Both must be equal; null: not tied.
  [[nodiscard]] const TiedDoer* find(std::string_view account, std::string_view address) const;
  /// One of both is that of somebody tied.
  [[nodiscard]] bool half_fits(std::string_view account, std::string_view address) const;
  [[nodiscard]] bool is_address(std::string_view address) const;
  /// The earliest of all.
  [[nodiscard]] std::int64_t since_ns() const;
  /// Sentences on those that are tied weakly, and therefore not at all here.
  [[nodiscard]] const std::vector<std::string>& weak() const { return weak_; }

 private:
  void add(const std::string& account, const std::string& address, std::string why, std::int64_t since_ns);

  std::vector<TiedDoer> doers_;
  std::vector<std::string> weak_;
};

}  // namespace lastgood::facts
