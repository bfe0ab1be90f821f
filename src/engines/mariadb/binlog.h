// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The binary log: only when its last transaction was written. Facts: MariaDB documentation, "Binlog Event Header".
#pragma once

#include <cstdint>

#include "base/byte_source.h"
#include "base/result.h"

namespace lastgood::engines::mariadb {

struct Binlog {
  bool is_binlog = false;          // its magic stands
  bool is_sealed = false;          // encrypted by the server
  std::int64_t last_commit_s = 0;  // since 1970; 0: none
  std::uint64_t events = 0;
};
[[nodiscard]] base::Result<Binlog> read_binlog(base::ByteSource& source);

}  // namespace lastgood::engines::mariadb
