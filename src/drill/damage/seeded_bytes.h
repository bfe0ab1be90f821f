// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// SeededBytes: bytes that look random and are the same again for the same seed and label, so that a drill can be
// repeated. No secret: seed and labels stand in the truth file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/checksum.h"

namespace lastgood::drill {

class SeededBytes {
 public:
  SeededBytes(std::uint64_t seed, std::string_view label);

  std::vector<std::uint8_t> take(std::size_t count);
  /// Below `limit`; the small bias of the remainder does not matter here. REQUIRES: limit > 0.
  std::uint64_t below(std::uint64_t limit);
  /// `count` characters of `letters`. REQUIRES: letters is not empty.
  std::string text(std::string_view letters, std::size_t count);

 private:
  void refill();

  std::string label_;
  std::uint64_t counter_ = 0;
  base::Sha256Digest block_{};
  std::size_t used_ = sizeof(base::Sha256Digest);
};

}  // namespace lastgood::drill
