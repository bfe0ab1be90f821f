// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What in a unit's own files would make its engine run a program, load a library, or read files elsewhere when it is
// started the next time: settings that an attacker plants in a backup and waits. Read as text, never followed.
//
// PostgreSQL 12 to 17: postgresql.conf, postgresql.auto.conf, other *.conf of the folder but those of authentication,
// and the signal files (documentation, chapter "Server Configuration"). MariaDB and MySQL: *.cnf and *.ini of the
// folder (chapter "Option Files"). Other kinds have none.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engines/unit.h"

namespace lastgood::engines {

struct StartupSetting {
  std::string path;      // relative to the view
  std::size_t line = 0;  // 0: the file itself is the setting
  std::string name;      // "archive_command", "standby.signal"
  std::string value;     // as written, without quotes
  /// `restores`: runs once, at the very next start, as part of a recovery. `runs`: while the server works, or loads.
  enum class Effect : std::uint8_t { runs, restores } effect = Effect::runs;
  bool operator==(const StartupSetting&) const = default;
};

/// Settings in one file. Pure; never fails: what is no setting is left out. At most 1,000 are named.
[[nodiscard]] std::vector<StartupSetting> parse_startup_settings(UnitKind kind, std::string_view path,
                                                                 std::string_view text);

/// `text` with every line that parse_startup_settings names made a comment that says so. The other bytes stay.
[[nodiscard]] std::string quiet_settings(UnitKind kind, std::string_view path, std::string_view text);

/// Of all files of the unit, by path and line. Files over 1 MiB and those that cannot be read are left out: the check
/// of the unit says so.
[[nodiscard]] base::Result<std::vector<StartupSetting>> find_startup_settings(const UnitView& view,
                                                                              const FoundUnit& unit);

/// Settings of the unit that find_startup_settings cannot tell: "postgresql.auto.conf: is a link", "has 2,000,000
/// bytes". Whoever starts the unit's engine in its own folder must not take silence about them for harmless.
[[nodiscard]] base::Result<std::vector<std::string>> find_untold_settings(const UnitView& view, const FoundUnit& unit);

/// Would the next start of a restored copy run a program as part of its recovery, or take a setting of those above from
/// an option file inside of MariaDB's data folder? Backups are not made so; a copy that somebody prepared is.
[[nodiscard]] bool is_laid_out_to_run(const std::vector<StartupSetting>& settings);

/// The rule id of the finding that says is_laid_out_to_run: whoever chooses among copies takes another one if there is.
inline constexpr std::string_view k_would_run_rule = "unit.would_run";

}  // namespace lastgood::engines
