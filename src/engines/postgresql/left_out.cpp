// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/left_out.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/error.h"
#include "engines/postgresql/cluster_copy.h"
#include "engines/scratch_copy.h"

namespace lastgood::engines::postgresql {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_text_bytes_max = std::size_t{1} << 20U;

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
                                "log_directory"sv};

struct Setting {
  std::string name;
  std::string value;
};

/// One line of a configuration file; an empty name when it sets nothing.
Setting parse_line(std::string_view line) {
  constexpr std::string_view k_blank = " \t\r";
  Setting setting;
  std::size_t at = line.find_first_not_of(k_blank);
  if (at == std::string_view::npos || line[at] == '#') return setting;
  const std::size_t end = std::min(line.find_first_of(" \t\r=", at), line.size());
  for (const char letter : line.substr(at, end - at))
    setting.name += letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  at = line.find_first_not_of(" \t\r=", end);
  if (at == std::string_view::npos) return setting;
  if (line[at] == '\'')
    setting.value = line.substr(at + 1, line.find('\'', at + 1) - at - 1);
  else
    setting.value = line.substr(at, line.find_first_of(" \t\r#", at) - at);
  return setting;
}

template <typename Visit>
void each_setting(std::string_view text, const Visit& visit) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const Setting setting = parse_line(text.substr(at, end - at));
    if (!setting.name.empty()) visit(setting);
    at = end + 1;
  }
}

bool is_off(const Setting& setting) { return setting.value.empty(); }

}  // namespace

std::string find_setting(std::string_view text, std::string_view name) {
  std::string value;
  each_setting(text, [&](const Setting& setting) {
    if (setting.name == name) value = setting.value;
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
    const std::string text = read_text(view, join(folder, entry.name), k_text_bytes_max);
    if (entry.name == "pg_hba.conf" || entry.name == "pg_ident.conf") {
      if (!text.empty()) found.push_back(entry.name);
      continue;
    }
    each_setting(text, [&](const Setting& setting) {
      if (!is_off(setting) && std::find(k_names.begin(), k_names.end(), setting.name) != k_names.end())
        found.push_back(fmt::format("{}: {}", base::printable(entry.name), setting.name));
    });
  }
  const auto tablespaces = view.list(join(folder, "pg_tblspc"));
  for (const UnitEntry& entry : tablespaces.ok() ? tablespaces.value() : std::vector<UnitEntry>{}) {
    if (entry.kind == model::EntryKind::link)
      found.push_back(fmt::format("pg_tblspc/{}: the link to '{}' (its files are copied)", base::printable(entry.name),
                                  base::printable(entry.link_target)));
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace lastgood::engines::postgresql
