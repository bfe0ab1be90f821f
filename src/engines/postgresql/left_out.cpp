// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/left_out.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/error.h"
#include "engines/postgresql/cluster_copy.h"
#include "engines/scratch_copy.h"
#include "engines/setting_lines.h"

namespace lastgood::engines::postgresql {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_settings_bytes_max = std::size_t{1} << 20U;

/// Settings by which a server runs a program, loads a library or reads further files (PostgreSQL documentation,
/// chapter 20).
constexpr std::array k_names = {"archive_command"sv,
                                "archive_library"sv,
                                "archive_cleanup_command"sv,
                                "restore_command"sv,
                                "recovery_end_command"sv,
                                "shared_preload_libraries"sv,
                                "session_preload_libraries"sv,
                                "local_preload_libraries"sv,
                                "dynamic_library_path"sv,
                                "jit_provider"sv,
                                "ssl_passphrase_command"sv,
                                "include"sv,
                                "include_if_exists"sv,
                                "include_dir"sv,
                                "primary_conninfo"sv,
                                "data_directory"sv,
                                "hba_file"sv,
                                "ident_file"sv,
                                "external_pid_file"sv,
                                "krb_server_keyfile"sv,
                                "promote_trigger_file"sv,
                                "log_directory"sv,
                                "unix_socket_directories"sv};

}  // namespace

std::string find_setting(std::string_view text, std::string_view name) {
  std::string value;
  visit_lines(text, [&](std::size_t /*number*/, std::string_view line) {
    const auto setting = parse_setting_line(line);
    if (setting && setting->name == name) value = setting->value;
  });
  return value;
}

std::vector<std::string> list_left_out(const UnitView& view, const std::string& folder) {
  std::vector<std::string> found;
  const auto entries = view.list(folder);
  if (!entries.ok()) return found;
  for (const UnitEntry& entry : entries.value()) {
    if (entry.name.ends_with(".signal") || entry.name == "recovery.conf" || entry.name == "trigger_file")
      found.push_back(base::printable(entry.name));
    if (!entry.name.ends_with(".conf") || entry.kind != model::EntryKind::regular) continue;
    const std::string text = read_text(view, join(folder, entry.name), k_settings_bytes_max);
    if (entry.name == "pg_hba.conf" || entry.name == "pg_ident.conf") {
      if (!text.empty()) found.push_back(entry.name);
      continue;
    }
    visit_lines(text, [&](std::size_t /*number*/, std::string_view line) {
      const auto setting = parse_setting_line(line);
      if (setting && !setting->value.empty() &&
          std::find(k_names.begin(), k_names.end(), setting->name) != k_names.end())
        found.push_back(fmt::format("{}: {}", base::printable(entry.name), setting->name));
    });
  }
  for (const ListedTablespace& tablespace : list_tablespaces(view, folder)) {
    if (tablespace.lies == ListedTablespace::Lies::outside)
      found.push_back(fmt::format("pg_tblspc/{}: the link to '{}' ({})", tablespace.number,
                                  base::printable(tablespace.target),
                                  view.open_outside(tablespace.target) ? "its files are copied" : "not in this copy"));
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace lastgood::engines::postgresql
