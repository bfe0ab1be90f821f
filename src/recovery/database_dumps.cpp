// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/database_dumps.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/human.h"
#include "base/local_time.h"
#include "recovery/case_sources.h"

namespace lastgood::recovery {

namespace {

/// A compressor, by its ending, and what writes its content to a pipe.
struct Packer {
  std::string_view ending;
  std::string_view unpacks;
};
constexpr std::array k_packers = {Packer{".gz", "zcat"}, Packer{".xz", "xzcat"}, Packer{".zst", "zstdcat"},
                                  Packer{".bz2", "bzcat"}};

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return out;
}

const Packer* find_packer(std::string_view name) {
  const auto at = std::find_if(k_packers.begin(), k_packers.end(),
                               [&](const Packer& packer) { return name.ends_with(packer.ending); });
  return at == k_packers.end() ? nullptr : &*at;
}

/// Nothing: it is none, or none that a server of this kind loads.
std::optional<DatabaseDump::Form> form_of(const model::FileRecord& file, std::string_view kind) {
  const bool is_postgresql = kind == "postgresql";
  if (file.format == "pgdump") {
    // A toc.dat belongs to a folder of files, each judged by itself.
    const bool is_folder = file.path.ends_with("/toc.dat");
    return is_postgresql && !is_folder ? std::optional(DatabaseDump::Form::archive) : std::nullopt;
  }
  std::string path = lower_case(file.path);
  const bool is_of_mariadb = path.find("mysql") != std::string::npos || path.find("maria") != std::string::npos;
  const bool is_of_postgresql = path.find("postgres") != std::string::npos || path.find("pg_") != std::string::npos;
  if (is_postgresql ? is_of_mariadb && !is_of_postgresql : is_of_postgresql && !is_of_mariadb) return std::nullopt;
  const Packer* const packer = find_packer(path);
  if (packer != nullptr) path.resize(path.size() - packer->ending.size());
  if (!path.ends_with(".sql") && !path.ends_with(".dump")) return std::nullopt;
  if (packer != nullptr) return DatabaseDump::Form::packed_text;
  return file.format == "text" ? std::optional(DatabaseDump::Form::text) : std::nullopt;
}

/// "/SOURCE/SNAPSHOT/PATH", as judging writes it down.
std::optional<DatabaseDump> read_place(const model::BackupSource& source, const model::FileRecord& file) {
  const std::string top = "/" + source.name + "/";
  if (!file.path.starts_with(top)) return std::nullopt;
  const std::size_t slash = file.path.find('/', top.size());
  if (slash == std::string::npos) return std::nullopt;
  const auto live = live_path_of(source, file.path.substr(slash));
  if (!live) return std::nullopt;
  return DatabaseDump{.source = source.name,
                      .snapshot = file.path.substr(top.size(), slash - top.size()),
                      .path = *live,
                      .written_ns = file.mtime_ns};
}

}  // namespace

base::Result<std::optional<DatabaseDump>> find_newest_dump(casefile::CaseStore& store, std::string_view kind,
                                                           std::string_view database) {
  const std::string wanted = lower_case(database);
  std::optional<DatabaseDump> out;
  std::pair<bool, std::int64_t> best;  // named after the database; when it was written
  LG_ASSIGN(const std::vector<model::BackupSource> sources, store.backups().sources());
  LG_ASSIGN(const std::vector<model::Scan> scans, store.scans());
  for (const model::Scan& scan : scans) {
    const auto source = std::find_if(sources.begin(), sources.end(),
                                     [&](const model::BackupSource& one) { return one.name == scan.source; });
    if (source == sources.end()) continue;
    const auto look = [&](const model::FileRecord& file) {
      const auto form = form_of(file, kind);
      if (!form) return true;
      const std::string name = lower_case(file.path.substr(file.path.rfind('/') + 1));
      const std::pair rank{!wanted.empty() && name.find(wanted) != std::string::npos, file.mtime_ns};
      if (out && rank <= best) return true;
      std::optional<DatabaseDump> dump = read_place(*source, file);
      if (!dump) return true;
      dump->form = *form;
      out = std::move(dump);
      best = rank;
      return true;
    };
    LG_TRY(store.visit_files(
        {.scan_id = scan.id, .verdicts = {model::Verdict::intact}, .path = {}, .path_below = {}, .details = false},
        look));
  }
  return out;
}

std::string describe_dump(const DatabaseDump& dump, std::string_view kind, std::string_view zone) {
  const std::string path = base::printable(dump.path);
  // Its path is the server's: nothing lies there now. And a name that an attacker chose must not come into a command.
  constexpr std::string_view file = "FILE";
  const std::string_view loads = kind == "postgresql" ? "psql DATABASE" : "mariadb DATABASE";
  const Packer* const packer = find_packer(lower_case(dump.path));
  std::string command;
  if (dump.form == DatabaseDump::Form::archive)
    command = fmt::format("pg_restore --create --dbname postgres {}", file);
  else if (dump.form == DatabaseDump::Form::packed_text && packer != nullptr)
    command = fmt::format("{} {} | {}", packer->unpacks, file, loads);
  else
    command = fmt::format("{} < {}", loads, file);
  return fmt::format(
      "{} that was judged intact is '{}' ({} {}, written {}). Whether it is of this database, and all of it, nobody "
      "has read: a person reads it and loads it into a new, empty server, usually by: {} (FILE: where it was taken out "
      "of that backup)",
      k_dump_words, path, base::printable(dump.source), base::printable(dump.snapshot),
      base::time_in_zone(dump.written_ns, zone), command);
}

}  // namespace lastgood::recovery
