// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "readiness/planted_settings.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "engines/evidence_view.h"
#include "engines/startup_settings.h"
#include "ledger/read_ledger.h"

namespace lastgood::readiness {

namespace {

using engines::StartupSetting;

constexpr std::size_t k_lines_kept = 200;
constexpr std::size_t k_lines_said = 5;
constexpr std::size_t k_value_bytes_said = 80;
// What mariadb-backup writes down of the server that it read; no server reads it.
constexpr std::string_view k_backup_record = "backup-my.cnf";

/// `place` as read_restored_folders gives it.
bool is_restored_place(std::string_view folder, std::string_view place) {
  if (!place.ends_with('/')) return folder == place;
  while (place.ends_with('/')) place.remove_suffix(1);
  return folder.starts_with(place) && (folder.size() == place.size() || folder[place.size()] == '/');
}

/// As the engines compare names.
std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name) plain += c == '-' ? '_' : static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return plain;
}

std::vector<StartupSetting> without_allowed(std::vector<StartupSetting> settings,
                                            const std::vector<std::string>& allowed) {
  const auto is_allowed = [&](const StartupSetting& setting) {
    if (setting.path == k_backup_record) return true;
    return std::any_of(allowed.begin(), allowed.end(),
                       [&](const std::string& name) { return plain_name(name) == plain_name(setting.name); });
  };
  settings.erase(std::remove_if(settings.begin(), settings.end(), is_allowed), settings.end());
  return settings;
}

std::string describe(const StartupSetting& setting) {
  if (setting.line == 0) return base::printable(setting.path);
  std::string value = base::printable(setting.value);
  if (value.size() > k_value_bytes_said) value = value.substr(0, k_value_bytes_said) + "...";
  return fmt::format("{}:{} {} = '{}'", base::printable(setting.path), setting.line, base::printable(setting.name),
                     value);
}

std::string first_lines(const std::vector<std::string>& lines) {
  const auto end = lines.begin() + static_cast<std::ptrdiff_t>(std::min(lines.size(), k_lines_said));
  std::string out = fmt::format("{}", fmt::join(lines.begin(), end, "; "));
  if (lines.size() > k_lines_said) out += fmt::format("; and {} more", lines.size() - k_lines_said);
  return out;
}

/// "\"archive_command\", \"restore_command\""
std::string quoted_names(const std::vector<StartupSetting>& settings) {
  std::vector<std::string> names;
  for (const StartupSetting& setting : settings) {
    const std::string name = fmt::format("\"{}\"", base::printable(setting.name));
    if (setting.line != 0 && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  names.resize(std::min(names.size(), k_lines_said));
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

base::Result<std::vector<std::string>> read_restored_folders(const std::string& case_folder) {
  std::vector<std::string> out;
  LG_ASSIGN([[maybe_unused]] const ledger::ReadLedger read,
            ledger::read_ledger(
                case_folder + "/ledger", {}, [&](const ledger::Entry& entry, std::string_view, std::uint64_t) {
                  if (entry.kind != "restore-begun") return;
                  const auto named = entry.fields.find("settings_in");
                  const auto* folders =
                      named == entry.fields.end() ? nullptr : std::get_if<std::vector<std::string>>(&named->second);
                  if (folders != nullptr) {
                    out.insert(out.end(), folders->begin(), folders->end());
                    return;
                  }
                  const auto at = entry.fields.find("target");
                  const auto* text = at == entry.fields.end() ? nullptr : std::get_if<std::string>(&at->second);
                  if (text != nullptr && !text->empty()) out.push_back(*text + "/");
                }));
  return out;
}

std::string describe_settings(const engines::UnitView& view, const engines::FoundUnit& unit,
                              const services::DataUnit& data) {
  auto all = engines::find_startup_settings(view, unit);
  if (!all.ok()) return {};
  // As they lie in its folder, once that is restored.
  for (StartupSetting& setting : all.value()) {
    if (!unit.path.empty() && setting.path.starts_with(unit.path + "/")) setting.path.erase(0, unit.path.size() + 1);
  }
  std::vector<std::string> lines;
  for (const StartupSetting& setting : without_allowed(std::move(all).value(), data.allow_settings))
    if (setting.line != 0) lines.push_back(describe(setting));
  return lines.empty() ? std::string() : first_lines(lines);
}

base::Result<std::optional<PlantedSettings>> find_planted_settings(const services::DataUnit& data,
                                                                   const std::vector<std::string>& restored_folders) {
  std::optional<PlantedSettings> out;
  const bool is_postgresql = data.kind == services::DataKind::postgresql;
  if (!is_postgresql && data.kind != services::DataKind::mariadb) return out;
  // Debian and people put data folders behind links; the engine follows them, so do we.
  std::error_code trouble;
  const std::string folder = std::filesystem::canonical(data.path, trouble).string();
  if (trouble == std::errc::no_such_file_or_directory || trouble == std::errc::not_a_directory) return out;
  if (trouble)
    return base::Error{
        .code = base::ErrorCode::denied,
        .what = fmt::format("'{}' cannot be looked at: {}", base::printable(data.path), trouble.message()),
        .path = data.path};
  LG_ASSIGN(const std::unique_ptr<engines::UnitView> view, engines::open_evidence_view(folder));
  const engines::FoundUnit unit{.kind = is_postgresql ? engines::UnitKind::postgresql : engines::UnitKind::mariadb,
                                .path = {}};
  LG_ASSIGN(std::vector<StartupSetting> all, engines::find_startup_settings(*view, unit));
  LG_ASSIGN(const std::vector<std::string> untold, engines::find_untold_settings(*view, unit));
  const std::vector<StartupSetting> settings = without_allowed(std::move(all), data.allow_settings);
  const bool is_restored = std::any_of(restored_folders.begin(), restored_folders.end(), [&](const std::string& one) {
    return is_restored_place(folder, one) || is_restored_place(data.path, one);
  });
  const bool runs_something =
      std::any_of(settings.begin(), settings.end(), [](const StartupSetting& setting) { return setting.line != 0; });
  // What cannot be read may be the rest of such a layout.
  const bool has_signal =
      std::any_of(settings.begin(), settings.end(), [](const StartupSetting& setting) { return setting.line == 0; });
  const bool is_laid_out = engines::is_laid_out_to_run(settings) || (!untold.empty() && (has_signal || !is_postgresql));
  if (!is_laid_out && !(is_restored && (runs_something || !untold.empty()))) return out;

  out.emplace();
  out->folder = folder;
  for (const StartupSetting& setting : settings) out->lines.push_back(describe(setting));
  for (const std::string& one : untold) out->lines.push_back(base::printable(one));
  out->sentence = fmt::format(
      "its engine would obey what lies in '{}', {}: {}; nothing was started. 'lastgood replay {}' makes a copy "
      "take its place, without logs too, where such settings are comments",
      base::printable(folder), is_restored ? "which came out of a backup" : "which is laid out to run a program",
      first_lines(out->lines), base::printable(folder));
  const std::string names = quoted_names(settings);
  if (!names.empty())
    out->sentence += fmt::format(
        "; or read these lines, and where they are your own write allow_settings = [{}] to the data in the "
        "services file and set it again",
        names);
  if (out->lines.size() > k_lines_kept) out->lines.resize(k_lines_kept);
  return out;
}

}  // namespace lastgood::readiness
