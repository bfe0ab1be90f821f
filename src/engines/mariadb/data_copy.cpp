// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/data_copy.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engines/scratch_copy.h"
#include "engines/unit_check.h"

namespace lastgood::engines::mariadb {

namespace {

using namespace std::string_view_literals;

constexpr std::array k_endings = {".ibd"sv, ".frm"sv, ".MYD"sv, ".MYI"sv, ".MAD"sv, ".MAI"sv, ".opt"sv, ".par"sv,
                                  ".CSV"sv, ".CSM"sv, ".TRG"sv, ".TRN"sv,
                                  // What mariadb-backup notes of tables made, renamed and dropped while it ran.
                                  ".new"sv, ".ren"sv, ".del"sv};

}  // namespace

bool is_data(std::string_view path) {
  const bool is_at_top = path.find('/') == std::string_view::npos;
  if (!is_at_top)
    return std::any_of(k_endings.begin(), k_endings.end(),
                       [&](std::string_view ending) { return path.ends_with(ending); });
  return path.starts_with("ibdata") || path.starts_with("ib_logfile") || path.starts_with("undo") ||
         path.starts_with("aria_log") || path == "xtrabackup_checkpoints" || path == "mariadb_backup_checkpoints" ||
         path == "xtrabackup_info";
}

namespace {

constexpr std::size_t k_settings_bytes_max = 16 * 1024;

/// "--innodb_page_size=16384" by the line of that key; empty without it or where the value holds anything unusual.
std::string setting_of(const std::string& text, std::string_view key) {
  const std::size_t at = text.find(std::string(key) + "=");
  if (at == std::string::npos || (at > 0 && text[at - 1] != '\n')) return {};
  const std::size_t from = at + key.size() + 1;
  const std::string value = text.substr(from, std::min(text.find('\n', from), text.size()) - from);
  const bool is_plain =
      !value.empty() && value.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyzMGK:;") == std::string::npos;
  return is_plain ? fmt::format("--{}={}", key, value) : std::string{};
}

}  // namespace

std::string join(const std::string& folder, std::string_view name) {
  return folder.empty() ? std::string(name) : fmt::format("{}/{}", folder, name);
}

std::vector<std::string> layout_settings(const UnitView& view, const std::string& folder) {
  const std::string settings = read_text(view, join(folder, "backup-my.cnf"), k_settings_bytes_max);
  const auto setting = [&](std::string_view key, std::string_view otherwise) {
    const std::string found = setting_of(settings, key);
    return found.empty() ? fmt::format("--{}={}", key, otherwise) : found;
  };
  return {setting("innodb_page_size", "16384"), setting("innodb_data_file_path", "ibdata1:12M:autoextend")};
}

bool is_unprepared(const UnitView& view, const std::string& folder) {
  return read_text(view, join(folder, "xtrabackup_checkpoints"), k_settings_bytes_max).find("full-backuped") !=
         std::string::npos;
}

std::string prepare_settings(const UnitView& view, const std::string& folder) {
  const std::string settings = read_text(view, join(folder, "backup-my.cnf"), k_settings_bytes_max);
  std::string kept = "[mysqld]\n";
  for (const char* key :
       {"innodb_page_size", "innodb_data_file_path", "innodb_undo_tablespaces", "innodb_checksum_algorithm"}) {
    const std::string setting = setting_of(settings, key);
    if (!setting.empty()) kept += setting.substr(2) + "\n";
  }
  return kept;
}

std::string made_by(const UnitView& view, const std::string& folder) {
  std::string version;
  for (const char* name : {"mariadb_upgrade_info", "mysql_upgrade_info", "mariadb_backup_info", "xtrabackup_info"}) {
    const std::string text = read_text(view, join(folder, name), k_settings_bytes_max);
    constexpr std::string_view k_key = "server_version = ";
    const std::size_t key = text.find(k_key);
    const std::size_t from = key == std::string::npos ? 0 : key + k_key.size();
    const std::size_t end = std::min(text.find_first_not_of("0123456789.", from), text.size());
    version = text.substr(from, end - from);
    if (version.find('.') != std::string::npos) return "MariaDB " + version.substr(0, 20);
  }
  return {};
}

bool is_of_mysql(const UnitView& view, const std::string& folder) {
  const auto entries = view.list(folder);
  return entries.ok() && std::any_of(entries.value().begin(), entries.value().end(),
                                     [](const UnitEntry& entry) { return entry.name == "mysql.ibd"; });
}

std::vector<PlainView> views_without_owner(const UnitView& view, const std::string& folder) {
  // A view's file is text: "TYPE=VIEW", then lines; suid is 0 for the asker's rights, 1 and 2 for the owner's
  // (sql/sql_view.cc).
  constexpr std::string_view k_head = "TYPE=VIEW\n";
  constexpr std::uint64_t k_view_bytes_max = std::uint64_t{1} << 20U;
  std::vector<PlainView> found;
  UnitCheck listing(view, folder, model::Depth::quick);
  for (const Member& member : listing.take_members(listing.home())) {
    if (!member.path.ends_with(".frm") || member.size_bytes > k_view_bytes_max || member.path.starts_with("sys/") ||
        member.path.starts_with("mysql/") || member.kind != model::EntryKind::regular)
      continue;
    if (read_text(view, join(folder, member.path), k_head.size()) != k_head) continue;
    std::string text = read_text(view, join(folder, member.path), k_view_bytes_max);
    const std::size_t at = text.find("\nsuid=");
    if (at == std::string::npos || at + 6 >= text.size() || text[at + 6] == '0') continue;
    text[at + 6] = '0';
    found.push_back({.path = member.path, .text = std::move(text)});
  }
  return found;
}

}  // namespace lastgood::engines::mariadb
