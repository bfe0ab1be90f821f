// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "casefile/sqlite/connection.h"

#include <fmt/format.h>

#include <utility>

namespace lastgood::casefile {

namespace {

// Ids are looked up again when they were forgotten: this bounds memory, nothing else.
constexpr std::size_t k_known_ids_max = 16'384;
constexpr std::size_t k_known_key_bytes_max = 1024;

}  // namespace

base::Result<Statement*> Connection::statement(Sql which) {
  auto& slot = statements_.at(static_cast<std::size_t>(which));
  if (!slot) {
    LG_ASSIGN(Statement prepared, database_->prepare(k_statements.at(static_cast<std::size_t>(which))));
    slot.emplace(std::move(prepared));
  }
  return &*slot;
}

base::Status Connection::set_durability(Durability durability) {
  if (durability_ == durability) return base::Done{};
  LG_TRY(
      database_->execute(durability == Durability::at_once ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL"));
  durability_ = durability;
  return base::Done{};
}

base::Status Connection::in_transaction(Durability durability, const std::function<base::Status()>& work) {
  if (access_ == StoreAccess::read) {
    return base::Error{
        .code = base::ErrorCode::misuse,
        .what = fmt::format("case database '{}' is open for reading only", base::printable(database_->path())),
        .path = database_->path(),
        .offset_bytes = {},
        .system_errno = 0,
        .hint = {}};
  }
  LG_TRY(set_durability(durability));
  LG_TRY(database_->execute("BEGIN IMMEDIATE"));
  base::Status status = work();
  if (status.ok()) status = database_->execute("COMMIT");
  if (!status.ok()) {
    if (database_->in_transaction()) base::ignore_error(database_->execute("ROLLBACK"), "the first error is told");
    forget_ids();  // Those made in this transaction are gone.
  }
  return status;
}

void Connection::forget_ids() {
  folders_.clear();
  formats_.clear();
  last_folder_id_.reset();
}

base::Result<std::optional<std::int64_t>> Connection::find_id(const IdTable& table, std::string_view key) {
  LG_ASSIGN(Statement * prepared, statement(table.select));
  const Using query(*prepared);
  ((*query).*table.bind_key)(1, key);
  LG_ASSIGN(const Step step, query->step());
  if (step != Step::row) return std::optional<std::int64_t>();
  return std::optional<std::int64_t>(query->integer(0));
}

base::Result<std::int64_t> Connection::find_or_make(const IdTable& table, Ids& known, std::string_view key) {
  if (const auto at = known.find(key); at != known.end()) return at->second;
  LG_ASSIGN(std::optional<std::int64_t> id, find_id(table, key));
  if (!id) {
    LG_ASSIGN(Statement * prepared, statement(table.insert));
    const Using change(*prepared);
    ((*change).*table.bind_key)(1, key);
    LG_TRY(change->run());
    id = database_->last_row_id();
  }
  if (known.size() >= k_known_ids_max) known.clear();
  if (key.size() <= k_known_key_bytes_max) known.emplace(key, *id);
  return *id;
}

base::Result<std::optional<std::int64_t>> Connection::find_folder(std::string_view path) {
  return find_id(k_folder_ids, path);
}

base::Result<std::int64_t> Connection::folder_id(std::string_view path) {
  if (last_folder_id_ && path == last_folder_) return *last_folder_id_;
  LG_ASSIGN(const std::int64_t id, find_or_make(k_folder_ids, folders_, path));
  last_folder_ = path;
  last_folder_id_ = id;
  return id;
}

base::Result<std::int64_t> Connection::format_id(std::string_view name) {
  return find_or_make(k_format_ids, formats_, name);
}

}  // namespace lastgood::casefile
