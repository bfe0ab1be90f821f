// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What the verbs of the store share: the statements, prepared once; transactions; ids of folders and formats.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "casefile/sqlite/database.h"
#include "casefile/sqlite/statements.h"

namespace lastgood::casefile {

/// Whether a commit waits for the disk. Either way it is whole or not there.
enum class Durability : std::uint8_t { after_next_sync, at_once };

enum class StoreAccess : std::uint8_t { read, write };

class Connection {
 public:
  Connection(std::unique_ptr<Database> database, StoreAccess access)
      : database_(std::move(database)), access_(access) {}

  [[nodiscard]] Database& database() { return *database_; }
  /// Put a `Using` around it.
  [[nodiscard]] base::Result<Statement*> statement(Sql which);

  /// Runs `work` as one transaction: after an error of any part nothing of it is there.
  [[nodiscard]] base::Status in_transaction(Durability durability, const std::function<base::Status()>& work);

  [[nodiscard]] base::Result<std::optional<std::int64_t>> find_folder(std::string_view path);
  /// Finds or makes. REQUIRES: in a transaction.
  [[nodiscard]] base::Result<std::int64_t> folder_id(std::string_view path);
  [[nodiscard]] base::Result<std::int64_t> format_id(std::string_view name);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  using Ids = std::unordered_map<std::string, std::int64_t, Hash, std::equal_to<>>;

  base::Status set_durability(Durability durability);
  /// A small table of an id and a key.
  struct IdTable {
    Sql select;
    Sql insert;
    Statement& (Statement::*bind_key)(int, std::string_view);
  };
  static constexpr IdTable k_folder_ids{Sql::select_folder, Sql::insert_folder, &Statement::bind_blob};
  static constexpr IdTable k_format_ids{Sql::select_format, Sql::insert_format, &Statement::bind_text};
  base::Result<std::optional<std::int64_t>> find_id(const IdTable& table, std::string_view key);
  base::Result<std::int64_t> find_or_make(const IdTable& table, Ids& known, std::string_view key);
  void forget_ids();

  std::unique_ptr<Database> database_;  // before the statements, which point at it
  StoreAccess access_;
  std::optional<Durability> durability_;
  std::array<std::optional<Statement>, static_cast<std::size_t>(Sql::count)> statements_;
  Ids folders_;
  Ids formats_;
  std::string last_folder_;  // most files come folder by folder
  std::optional<std::int64_t> last_folder_id_;
};

}  // namespace lastgood::casefile
