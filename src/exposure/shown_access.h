// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a case's timeline shows of access and egress, as a count of persons is given it: paths, reaches, flows, each
// with its place in a log. Plain values. Who is tied to the attack was decided before (facts/find_shown_access).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lastgood::exposure {

/// A log that shows something.
struct ShownLog {
  std::string path;
  std::string parser;       // "samba.full_audit"
  std::string evidence_id;  // "E-0003"; empty: not taken as evidence
};

/// How far an access reached. Files: exactly those that the log names.
enum class Reach : std::uint8_t { files, share, host, database, flow };
[[nodiscard]] std::string_view name_of(Reach reach);

/// One account at one address did one kind of thing on the machine, or sent bytes away from it.
struct ShownStatement {
  Reach reach = Reach::files;
  std::string account;
  std::string address;
  std::string to_address;  // of a flow
  std::string why_tied;    // "renamed 160 files to names of the campaign"
  std::uint64_t times = 0;
  std::uint64_t bytes = 0;  // of flows
  std::uint64_t files = 0;  // counted ones that it names; set by the count
  ShownLog log;
  std::uint64_t offset_bytes = 0;     // of the first
  std::optional<std::uint64_t> line;  // of the first, where the log could be read again
};

/// A file that a tied account at a tied address opened, read, renamed or wrote, by the server's own path.
struct AccessedFile {
  std::string path;
  std::uint32_t statement = 0;  // of Reach::files
  std::uint32_t log = 0;
  std::uint64_t offset_bytes = 0;
};

struct ShownAccess {
  std::vector<ShownStatement> statements;
  std::vector<ShownLog> logs;
  std::vector<AccessedFile> files;
  std::vector<std::string> doubts;  // sentences: what was seen and is not counted, and why
  std::uint64_t events = 0;         // that the timeline held
};

/// "the timeline: line 1234 of 'samba-audit.log' (samba.full_audit), evidence E-0003"
[[nodiscard]] std::string place_words(const ShownStatement& statement);

/// The line that begins at that byte; nothing when the log is gone, packed, or has no line beginning there.
[[nodiscard]] std::optional<std::uint64_t> find_line(const std::string& path, std::uint64_t offset_bytes);

}  // namespace lastgood::exposure
