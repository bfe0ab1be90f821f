// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Dumps of databases in the backups: where no copy of a database's files can be used, a person may load one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "casefile/case_store.h"

namespace lastgood::recovery {

/// A file that judging called intact, and that is a dump by its structure (pg_dump's archives) or by its name.
struct DatabaseDump {
  std::string source;
  std::string snapshot;  // its label
  std::string path;      // as on the victim
  std::int64_t written_ns = 0;
  enum class Form : std::uint8_t { archive, text, packed_text } form = Form::text;
};

/// The newest one that a server of `kind` ("postgresql", "mariadb") could load: of those that are named after
/// `database`, where there is one; `database` may be empty. Goes by the case alone and opens no source.
[[nodiscard]] base::Result<std::optional<DatabaseDump>> find_newest_dump(casefile::CaseStore& store,
                                                                         std::string_view kind,
                                                                         std::string_view database);

/// "the newest dump in the backups that was judged intact is ...", with the usual command. For people: nothing here
/// runs it. Times as the clocks of `zone` show them.
[[nodiscard]] std::string describe_dump(const DatabaseDump& dump, std::string_view kind, std::string_view zone);
/// How describe_dump begins: what of a longer sentence speaks of a dump.
inline constexpr std::string_view k_dump_words = "the newest dump in the backups";

}  // namespace lastgood::recovery
