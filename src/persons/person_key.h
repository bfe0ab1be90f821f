// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// PersonKey: an identifier of a person as 128 bits under a secret of the case (SipHash-2-4-128). Equal identifiers give
// equal keys within a case, and without the secret nobody finds out whose they are by trying all numbers.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string_view>

namespace lastgood::persons {

struct PersonKey {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  auto operator<=>(const PersonKey&) const = default;
};

using PersonSecret = std::array<std::uint8_t, 16>;

/// Any thread.
class KeyMaker {
 public:
  explicit KeyMaker(const PersonSecret& secret) : secret_(secret) {}
  /// `kind` and `space` keep apart what may have equal values: an Aadhaar number and a bank account, two laboratories
  /// that both count from one. Values that are too long are cut at 512 bytes: identifiers are not.
  [[nodiscard]] PersonKey make(char kind, std::string_view space, std::string_view value) const;

 private:
  PersonSecret secret_;
};

}  // namespace lastgood::persons
