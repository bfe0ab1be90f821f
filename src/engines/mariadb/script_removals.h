// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What binary logs drop, empty or delete, by what mariadb-binlog writes of them. Pure. Private to engines/mariadb/.
#pragma once

#include <cstdint>
#include <string>

#include "engines/log_removals.h"
#include "engines/mariadb/binlog_script.h"

namespace lastgood::engines::mariadb {

class ScriptRemovals {
 public:
  void note(const ScriptPart& part);
  [[nodiscard]] LogRemovals finish();

 private:
  void note_statement(const ScriptPart& part);
  void note_rows(const ScriptPart& part);
  void close_transaction();

  LogRemovals found_;
  std::uint64_t transaction_ = 0;
  std::string table_;  // of which the transaction deletes rows
  std::uint64_t rows_ = 0;
  std::int64_t time_ns_ = 0;
};

}  // namespace lastgood::engines::mariadb
