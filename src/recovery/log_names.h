// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What the names of saved logs say: which log it is, and whether it is one that can be replayed.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lastgood::recovery {

/// "00000001000000A20000003F", "00000002.history", "binlog.000123", "binlog.index": files that databases replay;
/// also as an archive compressed them ("00000001000000A20000003F.gz"), and with the digest that pgBackRest puts behind
/// the name ("00000001000000A20000003F-SHA1.gz").
[[nodiscard]] bool is_log_name(std::string_view name);

/// What pg_receivewal was writing: "00000001000000A20000003F.partial", also compressed.
[[nodiscard]] bool is_unfinished_log_name(std::string_view name);

/// "00000001000000A2": Barman and pgBackRest keep segments in folders named by the first digits of theirs.
[[nodiscard]] bool is_segment_folder_name(std::string_view name);

/// "000000010000000000000007" is alone in the series of segments, "mysql-bin.000012" in that of "mysql-bin".
struct LogName {
  std::string series;
  std::string number;
  auto operator<=>(const LogName&) const = default;
};

struct SavedLogName {
  LogName log;
  // struck: more stands behind its name, as an attack or whoever renames files puts it ("mysql-bin.000012.bak9").
  enum class Form : std::uint8_t { whole, unfinished, struck } form = Form::whole;
};
/// Nothing: it names no log, or a list, a history, a label or a digest, which has no number of its own.
[[nodiscard]] std::optional<SavedLogName> parse_saved_log_name(std::string_view name);

}  // namespace lastgood::recovery
