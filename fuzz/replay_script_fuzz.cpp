// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What mariadb-binlog writes of an attacker's logs, and what a server says of those that it replays: a script without
// what is left out has the same lines at the same places.
#include <algorithm>
#include <cstdint>
#include <string>

#include "engines/mariadb/account_statements.h"
#include "engines/mariadb/binlog_script.h"
#include "engines/mariadb/script_removals.h"
#include "engines/postgresql/made_tablespaces.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgood;
  const base::ByteView bytes(std::span<const std::uint8_t>(data, size));
  base::MemorySource source(bytes);
  engines::mariadb::AccountStatements found;
  engines::mariadb::ScriptRemovals removals;
  const base::Status walked = engines::mariadb::walk_script(source, [&](const engines::mariadb::ScriptPart& part) {
    if (part.from > part.to || part.to > size) __builtin_trap();
    note_account_statement(part, found);
    removals.note(part);
  });
  if (!walked.ok() || removals.finish().last.size() > engines::LogRemovals::k_kept_max) __builtin_trap();
  const auto rest = engines::mariadb::without_statements(source, found.ranges);
  std::string text(size, '\0');
  const auto got = rest->read(0, std::span(reinterpret_cast<std::uint8_t*>(text.data()), text.size()));
  if (!got.ok() || got.value() != size) __builtin_trap();
  const std::string_view all = bytes.text();
  std::size_t at = 0;
  const auto is_left_out = [&](std::size_t place) {
    return std::any_of(found.ranges.begin(), found.ranges.end(),
                       [&](const model::ByteRange& range) { return place >= range.from && place < range.to; });
  };
  for (; at < size; ++at) {
    if ((all[at] == '\n') != (text[at] == '\n')) __builtin_trap();
    if (all[at] != text[at] && !is_left_out(at)) __builtin_trap();
  }
  (void)engines::mariadb::find_refused_event(source, "ERROR 1032 (HY000) at line 7: no", {"bin.000001"});
  const auto made = engines::postgresql::find_made_tablespace(all, {"/usr/lib"});
  if (made && (made->place.find("/../") != std::string::npos || made->place.starts_with("/usr/lib"))) __builtin_trap();
  return 0;
}
