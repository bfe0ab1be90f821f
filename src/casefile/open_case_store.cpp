// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "casefile/open_case_store.h"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <utility>

#include "casefile/sqlite/sqlite_case_store.h"
#include "os/file_lock.h"
#include "os/folder.h"

namespace lastgood::casefile {

namespace {

constexpr std::string_view k_database_name = "/case.sqlite";
constexpr std::string_view k_lock_name = "/lock";
constexpr std::string_view k_kept_name = "/kept";
constexpr std::string_view k_hint = "make a case with: lastgood case new DIR";

std::string in(const std::string& folder, std::string_view name) { return folder + std::string(name); }

base::Result<os::FileLock> lock_for_writing(const std::string& folder, const std::string& folder_as_given) {
  const std::string path = in(folder, k_lock_name);
  LG_ASSIGN(std::optional<os::FileLock> lock, os::try_file_lock(path));
  if (lock) return std::move(*lock);
  return base::Error{
      .code = base::ErrorCode::busy_retry,
      .what =
          fmt::format("case '{}' is in use by {}", base::printable(folder_as_given), os::describe_lock_holder(path)),
      .path = folder_as_given,
      .offset_bytes = {},
      .system_errno = 0,
      .hint = "wait until it has ended, or end it: what it has recorded is kept; commands that only read work now"};
}

base::Result<std::string> resolve_case(const std::string& folder) {
  base::Result<std::string> resolved = os::resolve_folder(folder);
  if (resolved.ok()) return resolved;
  base::Error error = std::move(resolved).error();
  error.hint = k_hint;
  return error;
}

/// Before the lock is taken: a wrong folder, which may be evidence, must not get a lock file.
base::Status check_is_case(const std::string& folder, const std::string& folder_as_given) {
  std::error_code error;
  if (std::filesystem::exists(std::filesystem::symlink_status(in(folder, k_database_name), error))) return base::Done{};
  return base::Error{.code = base::ErrorCode::not_found,
                     .what = fmt::format("'{}' is no case: it has no case.sqlite", base::printable(folder_as_given)),
                     .path = folder_as_given,
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = std::string(k_hint)};
}

}  // namespace

base::Result<std::unique_ptr<CaseStore>> create_case_store(const std::string& folder) {
  LG_TRY(os::make_private_folder(folder, os::WhenThere::accept));
  LG_ASSIGN(const std::string resolved, resolve_case(folder));
  LG_ASSIGN(os::FileLock lock, lock_for_writing(resolved, folder));
  LG_TRY(os::make_private_folder(in(resolved, k_kept_name), os::WhenThere::accept));
  LG_ASSIGN(std::unique_ptr<CaseStore> store, create_sqlite_case_store(in(resolved, k_database_name), std::move(lock)));
  LG_TRY(os::sync_folder(resolved));
  return store;
}

base::Result<std::unique_ptr<CaseStore>> open_case_store(const std::string& folder, Access access) {
  LG_ASSIGN(const std::string resolved, resolve_case(folder));
  LG_TRY(check_is_case(resolved, folder));
  const std::string database = in(resolved, k_database_name);
  if (access == Access::read) return open_sqlite_case_store(database, std::nullopt);
  LG_ASSIGN(os::FileLock lock, lock_for_writing(resolved, folder));
  return open_sqlite_case_store(database, std::move(lock));
}

}  // namespace lastgood::casefile
