// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "model/pages/sqlite_log_sums.h"

namespace lastgood::model::pages {

LogSums add_to_log_sums(base::ByteView bytes, LogByteOrder order, LogSums sums) {
  const bool is_big = order == LogByteOrder::big;
  for (std::uint64_t at = 0; at + 8 <= bytes.size(); at += 8) {
    sums.first += (is_big ? bytes.be32(at) : bytes.le32(at)) + sums.second;
    sums.second += (is_big ? bytes.be32(at + 4) : bytes.le32(at + 4)) + sums.first;
  }
  return sums;
}

LogSums stored_log_sums(base::ByteView bytes, std::uint64_t offset) {
  return {.first = bytes.be32(offset), .second = bytes.be32(offset + 4)};
}

}  // namespace lastgood::model::pages
