// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/startup_settings.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/letters.h"
#include "engines/setting_lines.h"
#include "engines/unit_check.h"

namespace lastgood::engines {

namespace {

using Effect = StartupSetting::Effect;

constexpr std::uint64_t k_settings_file_bytes_max = 1U << 20;
constexpr std::size_t k_settings_max = 1000;
constexpr std::size_t k_settings_files_max = 200;
constexpr std::size_t k_value_bytes_max = 400;

struct KnownSetting {
  std::string_view name;
  Effect effect = Effect::runs;
  std::string_view harmless;  // a value, besides none, that does nothing
};

constexpr std::array k_postgresql_settings = {
    KnownSetting{"archive_cleanup_command", Effect::restores, ""},
    KnownSetting{"archive_command", Effect::runs, ""},
    KnownSetting{"archive_library", Effect::runs, ""},
    KnownSetting{"data_directory", Effect::runs, ""},
    KnownSetting{"dynamic_library_path", Effect::runs, "$libdir"},
    KnownSetting{"external_pid_file", Effect::runs, ""},
    KnownSetting{"hba_file", Effect::runs, ""},
    KnownSetting{"ident_file", Effect::runs, ""},
    KnownSetting{"include", Effect::runs, ""},
    KnownSetting{"include_dir", Effect::runs, ""},
    KnownSetting{"include_if_exists", Effect::runs, ""},
    KnownSetting{"jit_provider", Effect::runs, "llvmjit"},
    KnownSetting{"local_preload_libraries", Effect::runs, ""},
    KnownSetting{"recovery_end_command", Effect::restores, ""},
    KnownSetting{"restore_command", Effect::restores, ""},
    KnownSetting{"session_preload_libraries", Effect::runs, ""},
    KnownSetting{"shared_preload_libraries", Effect::runs, ""},
    KnownSetting{"ssl_passphrase_command", Effect::runs, ""},
};

// MariaDB takes "-" and "_" in names as one, and names cut short: see find_mariadb_setting.
// Events are statements that the copy brings along; a file of a log or of the server's number is written wherever it
// says; without grant tables everybody is root.
constexpr std::string_view k_off = "off";
constexpr std::array k_mariadb_settings = {
    KnownSetting{"datadir", Effect::runs, ""},
    KnownSetting{"event_scheduler", Effect::runs, k_off},
    KnownSetting{"general_log_file", Effect::runs, ""},
    KnownSetting{"init_connect", Effect::runs, ""},
    KnownSetting{"init_file", Effect::runs, ""},
    KnownSetting{"init_replica", Effect::runs, ""},
    KnownSetting{"init_slave", Effect::runs, ""},
    KnownSetting{"log_error", Effect::runs, ""},
    KnownSetting{"log_slow_query_file", Effect::runs, ""},
    KnownSetting{"malloc_lib", Effect::runs, ""},
    KnownSetting{"pid_file", Effect::runs, ""},
    KnownSetting{"plugin_dir", Effect::runs, ""},
    KnownSetting{"plugin_load", Effect::runs, ""},
    KnownSetting{"plugin_load_add", Effect::runs, ""},
    KnownSetting{"skip_grant_tables", Effect::runs, k_off},
    KnownSetting{"slow_query_log_file", Effect::runs, ""},
    KnownSetting{"wsrep_notify_cmd", Effect::runs, ""},
    KnownSetting{"wsrep_provider", Effect::runs, "none"},
    KnownSetting{"wsrep_sst_method", Effect::runs, ""},
};
// Names of their own that are the beginning of one above.
constexpr std::array<std::string_view, 3> k_mariadb_ordinary = {"general_log", "log_slow_query", "slow_query_log"};

constexpr std::array<std::string_view, 2> k_signal_files = {"recovery.signal", "standby.signal"};

template <std::size_t k_count>
const KnownSetting* find_setting(const std::array<KnownSetting, k_count>& table, std::string_view name) {
  const auto at = std::find_if(table.begin(), table.end(), [&](const KnownSetting& one) { return one.name == name; });
  return at == table.end() ? nullptr : &*at;
}

enum class Turned : std::uint8_t { on, off };

struct FoundSetting {
  const KnownSetting* known = nullptr;
  Turned turned = Turned::on;
};

/// MariaDB takes every beginning of a name that is no other's, and "loose-", "enable-", "skip-" and their like before
/// it. Which beginnings are no other's differs by version; one that is another's, too, keeps the server from starting,
/// so that taking it for a setting here costs nothing.
FoundSetting find_mariadb_setting(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, Turned>, 6> k_prefixes = {{{"loose_", Turned::on},
                                                                              {"enable_", Turned::on},
                                                                              {"maximum_", Turned::on},
                                                                              {"autoset_", Turned::on},
                                                                              {"disable_", Turned::off},
                                                                              {"skip_", Turned::off}}};
  Turned turned = Turned::on;
  while (!name.empty()) {
    if (const KnownSetting* exact = find_setting(k_mariadb_settings, name)) return {exact, turned};
    if (std::find(k_mariadb_ordinary.begin(), k_mariadb_ordinary.end(), name) != k_mariadb_ordinary.end()) return {};
    const auto longer = std::find_if(k_mariadb_settings.begin(), k_mariadb_settings.end(),
                                     [&](const KnownSetting& one) { return one.name.starts_with(name); });
    if (longer != k_mariadb_settings.end()) return {&*longer, turned};
    const auto prefix = std::find_if(k_prefixes.begin(), k_prefixes.end(),
                                     [&](const auto& one) { return name.starts_with(one.first); });
    if (prefix == k_prefixes.end()) return {};
    if (prefix->second == Turned::off) turned = Turned::off;
    name.remove_prefix(prefix->first.size());
  }
  return {};
}

bool says_off(std::string_view value) {
  constexpr std::array<std::string_view, 4> k_words = {"0", "off", "false", "disabled"};
  return std::any_of(k_words.begin(), k_words.end(), [&](std::string_view word) { return base::lower(value) == word; });
}

bool does_nothing(const FoundSetting& found, std::string_view value) {
  if (found.known->harmless == k_off) return found.turned == Turned::off || says_off(value);
  // "skip-init-file" is the file "0" of the data folder.
  return found.turned == Turned::on && value == found.known->harmless;
}

std::optional<StartupSetting> setting_of_line(UnitKind kind, std::string_view line) {
  constexpr std::string_view k_include = "!include";
  if (kind == UnitKind::mariadb && trimmed(line).starts_with(k_include)) {
    const std::string_view whole = trimmed(line);
    const std::size_t space = std::min(whole.find_first_of(" \t"), whole.size());
    return StartupSetting{.name = std::string(whole.substr(1, space - 1)),
                          .value = std::string(trimmed(whole.substr(space)))};
  }
  const auto named = parse_setting_line(line);
  if (!named) return std::nullopt;
  const FoundSetting found = kind == UnitKind::postgresql
                                 ? FoundSetting{.known = find_setting(k_postgresql_settings, named->name)}
                                 : find_mariadb_setting(named->name);
  if (found.known == nullptr || does_nothing(found, named->value)) return std::nullopt;
  return StartupSetting{.name = std::string(found.known->name), .value = named->value, .effect = found.known->effect};
}

bool is_configuration(UnitKind kind, std::string_view name) {
  if (kind == UnitKind::mariadb) return name.ends_with(".cnf") || name.ends_with(".ini");
  return kind == UnitKind::postgresql && name.ends_with(".conf") && name != "pg_hba.conf" && name != "pg_ident.conf";
}

std::optional<std::string> read_text(const UnitView& view, const std::string& path) {
  const auto file = view.open(path);
  if (!file.ok() || file.value()->size_bytes() > k_settings_file_bytes_max) return std::nullopt;
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(file.value()->size_bytes()));
  std::size_t have = 0;
  while (have < bytes.size()) {
    const auto got = file.value()->read(have, std::span(bytes).subspan(have));
    if (!got.ok() || got.value() == 0) break;
    have += got.value();
  }
  return std::string(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(have));
}

/// A data folder of MariaDB has no option file of its own: no server and no backup puts one there, but mysqld_safe and
/// a server with MYSQL_HOME read it at the next start.
bool is_of_option_file(const StartupSetting& setting) {
  const std::string_view path = setting.path;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return setting.line != 0 && (name == "my.cnf" || name == "my.ini");
}

}  // namespace

std::vector<StartupSetting> parse_startup_settings(UnitKind kind, std::string_view path, std::string_view text) {
  std::vector<StartupSetting> settings;
  if (kind != UnitKind::postgresql && kind != UnitKind::mariadb) return settings;
  visit_lines(text, [&](std::size_t number, std::string_view line) {
    if (settings.size() >= k_settings_max) return;
    auto setting = setting_of_line(kind, line);
    if (!setting) return;
    setting->path = path;
    setting->line = number;
    if (setting->value.size() > k_value_bytes_max) setting->value.resize(k_value_bytes_max);
    settings.push_back(std::move(*setting));
  });
  return settings;
}

std::string quiet_settings(UnitKind kind, std::string_view /*path*/, std::string_view text) {
  std::string quiet;
  quiet.reserve(text.size());
  std::size_t at = 0;
  visit_lines(text, [&](std::size_t /*number*/, std::string_view line) {
    if (setting_of_line(kind, line)) quiet += "# lastgood: not in force, it came out of a backup: ";
    quiet += line;
    at += line.size();
    if (at < text.size()) quiet += '\n';
    ++at;
  });
  return quiet;
}

base::Result<std::vector<StartupSetting>> find_startup_settings(const UnitView& view, const FoundUnit& unit) {
  std::vector<StartupSetting> settings;
  if (unit.kind != UnitKind::postgresql && unit.kind != UnitKind::mariadb) return settings;
  LG_ASSIGN(std::vector<UnitEntry> entries, view.list(unit.path));
  std::sort(entries.begin(), entries.end(), [](const UnitEntry& a, const UnitEntry& b) { return a.name < b.name; });
  std::size_t files = 0;
  for (const UnitEntry& entry : entries) {
    if (entry.kind != model::EntryKind::regular) continue;
    const std::string path = unit.path.empty() ? entry.name : unit.path + "/" + entry.name;
    const bool is_signal = unit.kind == UnitKind::postgresql &&
                           std::find(k_signal_files.begin(), k_signal_files.end(), entry.name) != k_signal_files.end();
    if (is_signal) settings.push_back({.path = path, .name = entry.name, .effect = Effect::restores});
    if (!is_configuration(unit.kind, entry.name) || ++files > k_settings_files_max) continue;
    const auto text = read_text(view, path);
    if (!text) continue;
    std::vector<StartupSetting> found = parse_startup_settings(unit.kind, path, *text);
    settings.insert(settings.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
    if (settings.size() >= k_settings_max) break;
  }
  return settings;
}

base::Result<std::vector<std::string>> find_untold_settings(const UnitView& view, const FoundUnit& unit) {
  std::vector<std::string> untold;
  if (unit.kind != UnitKind::postgresql && unit.kind != UnitKind::mariadb) return untold;
  LG_ASSIGN(std::vector<UnitEntry> entries, view.list(unit.path));
  std::sort(entries.begin(), entries.end(), [](const UnitEntry& a, const UnitEntry& b) { return a.name < b.name; });
  std::size_t files = 0;
  for (const UnitEntry& entry : entries) {
    if (entry.kind == model::EntryKind::folder || !is_configuration(unit.kind, entry.name)) continue;
    const std::string path = unit.path.empty() ? entry.name : unit.path + "/" + entry.name;
    if (++files > k_settings_files_max) {
      untold.push_back(fmt::format("{}: more than {} files of settings", path, k_settings_files_max));
      return untold;
    }
    if (entry.kind != model::EntryKind::regular)
      untold.push_back(path + ": is no regular file");
    else if (entry.size_bytes > k_settings_file_bytes_max)
      untold.push_back(fmt::format("{}: has {} bytes", path, entry.size_bytes));
    else if (const auto text = read_text(view, path); !text)
      untold.push_back(path + ": cannot be read");
    else if (parse_startup_settings(unit.kind, path, *text).size() >= k_settings_max)
      untold.push_back(fmt::format("{}: has {} settings that run something, or more", path, k_settings_max));
  }
  return untold;
}

bool is_laid_out_to_run(const std::vector<StartupSetting>& settings) {
  const bool has_signal =
      std::any_of(settings.begin(), settings.end(), [](const StartupSetting& setting) { return setting.line == 0; });
  const bool has_command = std::any_of(settings.begin(), settings.end(), [](const StartupSetting& setting) {
    return setting.line != 0 && setting.effect == Effect::restores;
  });
  return (has_signal && has_command) || std::any_of(settings.begin(), settings.end(), is_of_option_file);
}

}  // namespace lastgood::engines
