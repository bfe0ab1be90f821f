// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The events of a binary log, one after the other, each held against its checksum. Facts: MariaDB documentation,
// "Binlog Event Header", "Format Description Event". Private to engines/mariadb/.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/byte_source.h"
#include "base/result.h"

namespace lastgood::engines::mariadb {

enum EventType : std::uint8_t {
  k_query_event = 2,
  k_stop_event = 3,
  k_rotate_event = 4,
  k_format_event = 15,
  k_commit_event = 16,
  k_checkpoint_event = 161,
  k_gtid_event = 162,
  k_gtid_list_event = 163,
  k_start_encryption_event = 164,
};

struct BinlogEvent {
  std::uint64_t at = 0;
  std::uint64_t length = 0;
  std::int64_t time_s = 0;
  std::uint32_t server = 0;
  std::uint8_t type = 0;
  base::ByteView body;  // without header and checksum, its first megabyte at most; valid during the call
};

struct BinlogWalk {
  bool is_binlog = false;
  bool is_sealed = false;          // encrypted by the server
  std::uint64_t whole_bytes = 0;   // up to there all events are whole
  std::string broken;              // why not further; empty: to its end
  std::int64_t last_commit_s = 0;  // since 1970; 0: none
};

/// An Error: `source` cannot be read.
[[nodiscard]] base::Result<BinlogWalk> walk_binlog(base::ByteSource& source,
                                                   const std::function<void(const BinlogEvent&)>& on_event);

}  // namespace lastgood::engines::mariadb
