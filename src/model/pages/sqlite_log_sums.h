// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The running checksum of SQLite's write-ahead log ("WAL-mode File Format", section 4.2).
#pragma once

#include <cstdint>

#include "base/byte_view.h"

namespace lastgood::model::pages {

struct LogSums {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  bool operator==(const LogSums&) const = default;
};

enum class LogByteOrder : std::uint8_t { little, big };

/// Adds `bytes`, whose size is a multiple of 8, to `sums`.
LogSums add_to_log_sums(base::ByteView bytes, LogByteOrder order, LogSums sums);

/// The two words that stand at `offset`: always big-endian.
LogSums stored_log_sums(base::ByteView bytes, std::uint64_t offset);

}  // namespace lastgood::model::pages
