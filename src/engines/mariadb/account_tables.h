// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The tables in which MariaDB keeps accounts, rights, events and code to load. Binary logs write into them also by
// changed rows and by triggers, where no statement shows it; whatever way it was, a replay leaves them as the backup
// has them. Private to engines/mariadb/.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engines/mariadb/data_room.h"
#include "engines/start_watch.h"

namespace lastgood::engines::mariadb {

/// In the database `mysql`; no version has all of them.
[[nodiscard]] std::span<const std::string_view> account_table_names();
/// `name`: of a table in the database `mysql`.
[[nodiscard]] bool is_account_table(std::string_view name);

/// One thread; `data` and `options` outlive it, and its server runs on.
class AccountTables {
 public:
  AccountTables(DataRoom& data, const ScratchServerOptions& options);

  /// Before the replay. An Error: one of them does not answer, and nothing can be said of what it held.
  [[nodiscard]] base::Status keep();
  /// After it: what each was changed in, "3 rows of global_priv"; none where all are as they were kept.
  [[nodiscard]] base::Result<std::vector<std::string>> put_back();

 private:
  DataRoom& data_;
  const ScratchServerOptions& options_;
  std::unique_ptr<StartWatch> watch_;
  std::optional<MariaSession> session_;  // what is kept lies in tables that only it sees, and ends with it
  std::vector<std::string> names_;
};

}  // namespace lastgood::engines::mariadb
