// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/parts_elsewhere.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

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
    if (reason.rule != "unit.outside" && reason.rule != "unit.outside-missing") continue;
    if (auto link = parse_outside(reason.sentence)) out.push_back(std::move(*link));
  }
  return out;
}

bool is_name_of_part(std::string_view inside, std::string_view version, std::string_view name) {
  // "PG_15_202209061"; servers of several versions may share the folder around it.
  if (inside != k_log)
    return name.starts_with("PG_") && name.size() > 3 && base::is_digit(name[3]) &&
           (version.empty() || name.substr(3).starts_with(std::string(version) + "_"));
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
