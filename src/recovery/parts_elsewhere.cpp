// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/parts_elsewhere.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "base/byte_view.h"
#include "base/letters.h"
#include "engines/evidence_view.h"
#include "recovery/below.h"
#include "recovery/case_sources.h"
#include "recovery/opened_source.h"
#include "recovery/outside_paths.h"

namespace lastgood::recovery {

namespace {

constexpr std::string_view k_log = "pg_wal";
constexpr std::string_view k_tablespaces = "pg_tblspc";

bool is_segment(std::string_view name) {
  constexpr std::size_t k_digits = 24;
  return name.size() >= k_digits && name.find_first_not_of("0123456789ABCDEF") >= k_digits &&
         (name.size() == k_digits || name[k_digits] == '.');
}

/// "/srv//ts/" is "/srv/ts". Empty: it is not absolute, climbs, or is the top.
std::string plain_path(std::string_view path) {
  const auto parts = parts_of(path);
  std::string out;
  if (!path.starts_with('/') || !parts) return out;
  for (const std::string& part : *parts) out += "/" + part;
  return out;
}

/// "/srv/ts: tablespace 16384", as judge_units.cpp writes it. Nothing: it is nothing that counts here.
std::optional<PartLink> parse_outside(std::string_view sentence) {
  constexpr std::string_view k_tablespace = "tablespace ";
  const std::size_t at = sentence.rfind(": ");
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view why = sentence.substr(at + 2);
  PartLink link{.inside = std::string(k_log), .target = std::string(sentence.substr(0, at))};
  if (why == k_log) return link;
  if (!why.starts_with(k_tablespace)) return std::nullopt;
  link.inside = std::string(k_tablespaces) + "/" + std::string(why.substr(k_tablespace.size()));
  return link;
}

std::string folder_of(std::string_view path) {
  return std::string(path.substr(0, std::min(path.rfind('/'), path.size())));
}

/// "/srv/data/lis: table lis/orders", "/srv/lis: database lis", "/fast: file ib_logfile0 by innodb_log_group_home_dir":
/// as mariadb_unit.cpp says it.
std::optional<PartLink> parse_part_of_mariadb(std::string_view sentence) {
  constexpr std::string_view k_by = " by innodb_";
  const std::size_t at = sentence.rfind(": ");
  if (at == std::string_view::npos) return std::nullopt;
  std::string_view why = sentence.substr(at + 2);
  PartLink link{.inside = {}, .target = std::string(sentence.substr(0, at))};
  if (const std::size_t by = why.rfind(k_by); by != std::string_view::npos) {
    link.setting = std::string(why.substr(by + 4));
    why = why.substr(0, by);
  }
  const std::size_t blank = why.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  const std::string_view is = why.substr(0, blank);
  link.inside = std::string(why.substr(blank + 1)) + (is == "table" ? ".isl" : "");
  return is == "table" || is == "database" || is == "file" ? std::optional(std::move(link)) : std::nullopt;
}

/// Of a table that a backup has in the folder: "var/mysql/lis/orders.isl: a table that lay at
/// '/srv/data/lis/orders.ibd' on the server, ...".
std::optional<PartLink> parse_table_in_folder(std::string_view sentence) {
  constexpr std::string_view k_lay_at = ".isl: a table that lay at '";
  const std::size_t at = sentence.find(k_lay_at);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view link = sentence.substr(0, at + 4);
  const std::string_view target = sentence.substr(at + k_lay_at.size());
  const std::size_t slash = link.rfind('/');
  const std::size_t begin = slash == std::string_view::npos || slash == 0 ? slash : link.rfind('/', slash - 1);
  if (slash == std::string_view::npos) return std::nullopt;
  return PartLink{.inside = std::string(link.substr(begin == std::string_view::npos ? 0 : begin + 1)),
                  .target = folder_of(target.substr(0, target.find('\'')))};
}

/// "15"; empty: what stands there is no version.
std::string checked_version(std::string_view text) {
  text = text.substr(0, text.find('\n'));
  return text.find_first_not_of("0123456789.") == std::string_view::npos ? std::string(text) : std::string();
}

std::string read_version(const engines::UnitView& live) {
  const auto file = live.open("PG_VERSION");
  std::array<std::uint8_t, 16> bytes{};
  const auto got = file.ok() ? file.value()->read(0, bytes) : base::Result<std::size_t>(file.error());
  if (!got.ok()) return {};
  return checked_version(base::ByteView(std::span<const std::uint8_t>(bytes.data(), got.value())).text());
}

/// What the ".isl" file says: "/srv/data/lis/orders.ibd"; empty: it cannot be read, or is longer than any.
std::string read_table_link(const engines::UnitView& live, const std::string& path) {
  const auto file = live.open(path);
  std::array<std::uint8_t, 4096> bytes{};
  const auto got = file.ok() ? file.value()->read(0, bytes) : base::Result<std::size_t>(file.error());
  if (!got.ok() || got.value() == bytes.size()) return {};
  std::string target(base::ByteView(std::span<const std::uint8_t>(bytes.data(), got.value())).text());
  while (!target.empty() && (target.back() == '\n' || target.back() == '\0' || target.back() == ' ')) target.pop_back();
  return target;
}

/// "orders.ibd", of a partition "orders#P#p0.ibd", and what an attack makes of either: "orders.ibd.locked".
bool is_file_of_table(std::string_view table, std::string_view name) {
  if (!name.starts_with(table)) return false;
  std::string_view rest = name.substr(table.size());
  if (rest.starts_with("#P#") || rest.starts_with("#p#")) rest.remove_prefix(std::min(rest.find(".ibd"), rest.size()));
  return rest == ".ibd" || rest.starts_with(".ibd.");
}

/// A file of a table, and what an attack makes of it.
bool is_file_of_database(std::string_view name) {
  constexpr std::array<std::string_view, 12> k_endings = {".ibd", ".frm", ".MYD", ".MYI", ".MAD", ".MAI",
                                                          ".par", ".opt", ".CSV", ".CSM", ".TRG", ".TRN"};
  return std::any_of(k_endings.begin(), k_endings.end(), [&](std::string_view ending) {
    const std::size_t at = name.find(ending);
    const std::size_t behind = at == std::string_view::npos ? at : at + ending.size();
    return at != std::string_view::npos && (behind == name.size() || name[behind] == '.');
  });
}

std::string version_of(const model::JudgedUnit& judged) {
  constexpr std::string_view k_name = "PostgreSQL ";
  for (const model::Reason& reason : judged.findings) {
    if (reason.rule == "unit.engine" && reason.sentence.starts_with(k_name))
      return checked_version(std::string_view(reason.sentence).substr(k_name.size()));
  }
  return {};
}

}  // namespace

std::vector<PartLink> find_part_links(const model::JudgedUnit& judged) {
  std::vector<PartLink> out;
  for (const model::Reason& reason : judged.findings) {
    const bool is_outside = reason.rule == "unit.outside" || reason.rule == "unit.outside-missing";
    if (!is_outside && reason.rule != "mariadb.outside") continue;
    auto link = judged.kind != "mariadb" ? parse_outside(reason.sentence)
                : is_outside             ? parse_part_of_mariadb(reason.sentence)
                                         : parse_table_in_folder(reason.sentence);
    if (link) out.push_back(std::move(*link));
  }
  return out;
}

PartKind kind_of_part(std::string_view inside) {
  constexpr std::array<std::string_view, 4> k_system_files = {"ib_logfile", "ibdata", "undo0", "aria_log"};
  if (inside.ends_with(".isl")) return PartKind::table_link;
  if (inside == k_log) return PartKind::log;
  if (inside.starts_with(k_tablespaces)) return PartKind::tablespace;
  const bool is_system = std::any_of(k_system_files.begin(), k_system_files.end(),
                                     [&](std::string_view begin) { return inside.starts_with(begin); });
  return is_system || inside.find('/') != std::string_view::npos ? PartKind::file : PartKind::database;
}

std::string describe_part(const PartElsewhere& part) {
  const PartKind kind = kind_of_part(part.inside);
  const bool is_postgresql = kind == PartKind::log || kind == PartKind::tablespace;
  return fmt::format("unit.part: belongs to the {} at '{}', and comes back with that alone",
                     is_postgresql ? "postgresql" : "mariadb", base::printable(part.unit));
}

bool is_name_of_part(std::string_view inside, std::string_view version, std::string_view name) {
  const std::string_view own = inside.substr(inside.rfind('/') + 1);
  switch (kind_of_part(inside)) {
    case PartKind::table_link: return is_file_of_table(own.substr(0, own.size() - 4), name);
    case PartKind::database: return is_file_of_database(name);
    case PartKind::file: return name == own || (name.starts_with(own) && name[own.size()] == '.');
    // "PG_15_202209061"; servers of several versions may share the folder around it.
    case PartKind::tablespace:
      return name.starts_with("PG_") && name.size() > 3 && base::is_digit(name[3]) &&
             (version.empty() || name.substr(3).starts_with(std::string(version) + "_"));
    case PartKind::log: break;
  }
  // "00000002.history"
  return is_segment(name) || name == "archive_status" || name == "summaries" ||
         (name.find(".history") == 8 && name.find_first_not_of("0123456789ABCDEF") == 8);
}

void PartsElsewhere::add(PartElsewhere part) {
  part.folder = plain_path(part.folder);
  // What lies in the folder itself is the unit's anyway.
  if (part.folder.empty() || is_at_or_below(part.folder, part.unit)) return;
  std::vector<PartElsewhere>& here = parts_[part.folder];
  const bool is_known = std::any_of(here.begin(), here.end(), [&](const PartElsewhere& one) {
    return one.unit == part.unit && one.inside == part.inside && one.version == part.version;
  });
  if (!is_known) here.push_back(std::move(part));
}

void PartsElsewhere::take_live_link(PartElsewhere part, const std::string& target,
                                    const std::vector<std::string>& roots) {
  std::vector<std::string> folders = {plain_path(target)};
  for (const std::string& root : roots) {
    const std::string there = root + folders.front();
    if (root != "/" && is_at_or_below(part.unit, root) && engines::open_evidence_view(there).ok())
      folders.push_back(there);
  }
  // A scan knows the folder by its own path, where one above it is a link.
  const auto there = engines::open_evidence_view(folders.front());
  if (const auto own = there.ok() ? there.value()->find_on_this_machine("") : std::nullopt) folders.push_back(*own);
  for (std::string& folder : folders) {
    part.folder = std::move(folder);
    add(part);
  }
}

void PartsElsewhere::look_at_live(const std::string& unit, const std::vector<std::string>& roots) {
  const auto view = engines::open_evidence_view(unit);
  if (!view.ok()) return;
  PartElsewhere part{.unit = unit,
                     .inside = {},
                     .folder = {},
                     .version = read_version(*view.value()),
                     .said_by = PartElsewhere::SaidBy::live};
  for (const std::string& folder : {std::string(), std::string(k_tablespaces)}) {
    const auto entries = view.value()->list(folder);
    for (const engines::UnitEntry& entry : entries.ok() ? entries.value() : std::vector<engines::UnitEntry>{}) {
      if (folder.empty() && entry.name != k_log) continue;
      part.inside = folder.empty() ? entry.name : folder + "/" + entry.name;
      // A link that cannot be read without a trace says nothing.
      const bool is_link = entry.kind == model::EntryKind::link && !entry.link_target.empty();
      if (is_link) take_live_link(part, entry.link_target, roots);
      if (is_link || entry.kind == model::EntryKind::folder) live_.insert({unit, part.inside});
    }
  }
  if (part.version.empty()) look_at_live_mariadb(std::move(part), *view.value(), roots);
}

void PartsElsewhere::look_at_live_mariadb(PartElsewhere part, const engines::UnitView& live,
                                          const std::vector<std::string>& roots) {
  const auto entries = live.list({});
  for (const engines::UnitEntry& entry : entries.ok() ? entries.value() : std::vector<engines::UnitEntry>{}) {
    live_.insert({part.unit, entry.name});
    if (entry.kind == model::EntryKind::folder) look_at_live_tables(part, entry.name, live, roots);
    // A PostgreSQL whose version cannot be read has links, too.
    const bool is_its = entry.kind == model::EntryKind::link && !entry.name.starts_with("pg_");
    if (!is_its || plain_path(entry.link_target).empty()) continue;
    part.inside = entry.name;
    const bool is_file = kind_of_part(entry.name) == PartKind::file;
    take_live_link(part, is_file ? folder_of(entry.link_target) : entry.link_target, roots);
  }
}

void PartsElsewhere::look_at_live_tables(PartElsewhere part, const std::string& database, const engines::UnitView& live,
                                         const std::vector<std::string>& roots) {
  const auto entries = live.list(database);
  for (const engines::UnitEntry& entry : entries.ok() ? entries.value() : std::vector<engines::UnitEntry>{}) {
    part.inside = database + "/" + entry.name;
    const bool is_table_link = kind_of_part(part.inside) == PartKind::table_link;
    const bool is_link = is_table_link || is_file_of_database(entry.name);
    const std::string target = is_table_link ? read_table_link(live, part.inside) : entry.link_target;
    if (is_link && !plain_path(target).empty()) take_live_link(part, folder_of(target), roots);
    if (is_table_link || entry.name.ends_with(".ibd"))
      live_.insert({part.unit, part.inside.substr(0, part.inside.size() - 4) + ".isl"});
    if (is_file_of_database(entry.name)) live_.insert({part.unit, part.inside});
  }
}

void PartsElsewhere::add_copy(const std::string& unit, const model::BackupSource& source,
                              const model::Snapshot& snapshot, const model::JudgedUnit& judged) {
  PartElsewhere part{.unit = unit, .inside = {}, .folder = {}, .version = version_of(judged)};
  for (const PartLink& link : find_part_links(judged)) {
    part.inside = link.inside;
    part.use = live_.contains({unit, part.inside}) ? PartElsewhere::Use::left : PartElsewhere::Use::used;
    part.folder = link.target;
    add(part);
    // Where a backup job wrote it the source may show it at its place on the victim.
    for (const OutsidePath& outside : find_outside_paths(source, snapshot, link.target)) {
      const auto live = live_path_of(source, outside.stored);
      if (!live) continue;
      part.folder = *live;
      add(part);
    }
  }
}

const PartElsewhere* PartsElsewhere::find(std::string_view path) const {
  const PartElsewhere* found = nullptr;
  if (parts_.empty()) return found;
  for (std::size_t slash = path.rfind('/'); slash != std::string_view::npos && slash > 0;
       slash = path.rfind('/', slash - 1)) {
    const auto here = parts_.find(path.substr(0, slash));
    if (here == parts_.end()) continue;
    const std::string_view rest = path.substr(slash + 1);
    for (const PartElsewhere& part : here->second) {
      if (!is_name_of_part(part.inside, part.version, rest.substr(0, rest.find('/')))) continue;
      const bool is_used = part.use == PartElsewhere::Use::used;
      // A copy may claim what links of another live database lead to.
      if (is_used && part.said_by == PartElsewhere::SaidBy::live) return &part;
      if (found == nullptr || (is_used && found->use == PartElsewhere::Use::left)) found = &part;
    }
  }
  return found;
}

std::vector<const PartElsewhere*> PartsElsewhere::used_by(std::string_view unit) const {
  std::vector<const PartElsewhere*> out;
  for (const auto& [folder, parts] : parts_) {
    for (const PartElsewhere& part : parts) {
      if (part.unit == unit && part.use == PartElsewhere::Use::used) out.push_back(&part);
    }
  }
  return out;
}

}  // namespace lastgood::recovery
