// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/unit.h"

#include <algorithm>

#include <fmt/format.h>

#include "engines/startup_settings.h"
#include "engines/unit_row.h"

namespace lastgood::engines {

namespace {

constexpr std::size_t k_depth_max = 256;

const UnitRow* row_of(UnitKind kind) {
  for (const UnitRow* row : unit_table()) {
    if (row->kind == kind) return row;
  }
  return nullptr;
}

std::string joined(std::string_view folder, std::string_view name) {
  if (folder.empty()) return std::string(name);
  return name.empty() ? std::string(folder) : fmt::format("{}/{}", folder, name);
}

}  // namespace

std::string_view name_of(UnitKind kind) {
  const UnitRow* const row = row_of(kind);
  return row == nullptr ? std::string_view("unknown") : row->name;
}

std::optional<UnitKind> find_unit_kind(std::string_view name) {
  for (const UnitRow* row : unit_table()) {
    if (row->name == name) return row->kind;
  }
  return std::nullopt;
}

std::string_view name_of(UnitVerdict verdict) {
  switch (verdict) {
    case UnitVerdict::consistent: return "consistent";
    case UnitVerdict::needs_recovery: return "needs_recovery";
    case UnitVerdict::needs_log: return "needs_log";
    case UnitVerdict::torn: return "torn";
    case UnitVerdict::damaged: return "damaged";
    case UnitVerdict::encrypted: return "encrypted";
    case UnitVerdict::rebuild: return "rebuild";
    case UnitVerdict::undecided: return "undecided";
  }
  return "undecided";
}

const UnitEntry* FolderListing::find(std::string_view name) const {
  const auto found =
      std::lower_bound(entries.begin(), entries.end(), name,
                       [](const UnitEntry& entry, std::string_view wanted) { return entry.name < wanted; });
  return found == entries.end() || found->name != name ? nullptr : &*found;
}

bool FolderListing::has_file(std::string_view name) const {
  const UnitEntry* const entry = find(name);
  return entry != nullptr && entry->kind == model::EntryKind::regular;
}

bool FolderListing::has_folder(std::string_view name) const {
  const UnitEntry* const entry = find(name);
  return entry != nullptr && (entry->kind == model::EntryKind::folder || entry->kind == model::EntryKind::link);
}

std::string FolderListing::path_of(std::string_view name) const { return joined(folder, name); }

std::vector<std::uint8_t> FolderListing::head_of(std::string_view name, std::size_t length) const {
  const base::Result<std::unique_ptr<base::ByteSource>> source = view->open(path_of(name));
  std::vector<std::uint8_t> head(length);
  if (!source.ok()) return {};
  const base::Result<std::size_t> got = source.value()->read(0, head);
  head.resize(got.ok() ? got.value() : 0);
  return head;
}

void sort_by_name(std::vector<UnitEntry>& entries) {
  std::sort(entries.begin(), entries.end(), [](const UnitEntry& a, const UnitEntry& b) { return a.name < b.name; });
}

std::vector<FoundUnit> find_units_in(const UnitView& view, std::string_view folder,
                                     std::span<const UnitEntry> entries) {
  const FolderListing listing{.view = &view, .folder = folder, .entries = entries};
  std::vector<FoundUnit> units;
  for (const UnitRow* row : unit_table()) {
    for (const std::string& name : row->find(listing)) {
      FoundUnit unit{.kind = row->kind, .path = listing.path_of(name)};
      if (row->form == UnitRow::Form::folder) return {std::move(unit)};
      units.push_back(std::move(unit));
    }
  }
  return units;
}

std::vector<FoundUnit> find_units(const UnitView& view) {
  struct Waiting {
    std::string folder;
    std::size_t depth = 0;
  };
  std::vector<FoundUnit> units;
  std::vector<Waiting> waiting{{}};
  while (!waiting.empty()) {
    const Waiting here = std::move(waiting.back());
    waiting.pop_back();
    base::Result<std::vector<UnitEntry>> entries = view.list(here.folder);
    if (!entries.ok()) continue;
    sort_by_name(entries.value());
    std::vector<FoundUnit> found = find_units_in(view, here.folder, entries.value());
    const bool is_unit = found.size() == 1 && found[0].path == here.folder;
    units.insert(units.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
    if (is_unit || here.depth >= k_depth_max) continue;
    for (const UnitEntry& entry : entries.value()) {
      if (entry.kind == model::EntryKind::folder)
        waiting.push_back({.folder = joined(here.folder, entry.name), .depth = here.depth + 1});
    }
  }
  std::sort(units.begin(), units.end(), [](const FoundUnit& a, const FoundUnit& b) { return a.path < b.path; });
  return units;
}

namespace {

std::uint64_t count_bytes_beside(const UnitView& view, const std::string& file) {
  const std::size_t slash = file.rfind('/');
  const std::string name = file.substr(slash == std::string::npos ? 0 : slash + 1);
  const auto beside = view.list(slash == std::string::npos ? std::string() : file.substr(0, slash));
  std::uint64_t bytes = 0;
  for (const UnitEntry& entry : beside.ok() ? beside.value() : std::vector<UnitEntry>{}) {
    if (entry.kind == model::EntryKind::regular && entry.name.starts_with(name))
      bytes += std::min(entry.size_bytes, UINT64_MAX - bytes);
  }
  return bytes;
}

}  // namespace

std::uint64_t count_bytes(const UnitView& view, const FoundUnit& unit) {
  constexpr std::size_t k_folders_max = 1'000'000;
  const UnitRow* const row = row_of(unit.kind);
  if (row != nullptr && row->form == UnitRow::Form::file) return count_bytes_beside(view, unit.path);
  const std::unique_ptr<UnitView> whole = join_parts(view, unit);
  std::uint64_t bytes = 0;
  std::vector<std::string> folders = {unit.path};
  for (std::size_t at = 0; at < folders.size() && folders.size() < k_folders_max; ++at) {
    const auto entries = (whole ? *whole : view).list(folders[at]);
    for (const UnitEntry& entry : entries.ok() ? entries.value() : std::vector<UnitEntry>{}) {
      if (entry.kind == model::EntryKind::folder) folders.push_back(joined(folders[at], entry.name));
      if (entry.kind == model::EntryKind::regular) bytes += std::min(entry.size_bytes, UINT64_MAX - bytes);
    }
  }
  return bytes;
}

namespace {

/// Settings that the engine would obey at its next start are remarks: good copies have some too.
void say_startup_settings(UnitCheck& check, const UnitView& view, const FoundUnit& unit) {
  const auto settings = find_startup_settings(view, unit);
  if (!settings.ok()) return;  // a folder that cannot be listed was said by the check itself
  for (const StartupSetting& setting : settings.value()) {
    check.remarks(setting.path, "unit.startup_setting",
                  setting.line == 0 ? "makes the server's next start a recovery"
                                    : fmt::format("line {}: the server would obey {} = '{}'", setting.line,
                                                  setting.name, base::printable(setting.value)));
  }
  if (is_laid_out_to_run(settings.value()))
    check.remarks(
        {}, k_would_run_rule,
        "the next start of this copy would be a recovery that runs a command out of it: somebody laid it out so, "
        "or it is a standby's");
}

}  // namespace

std::unique_ptr<UnitView> join_parts(const UnitView& view, const FoundUnit& unit) {
  const UnitRow* const row = row_of(unit.kind);
  return row == nullptr || row->join == nullptr ? nullptr : row->join(view, unit.path);
}

base::Result<UnitReport> check_unit(const UnitView& view, const FoundUnit& unit, model::Depth depth) {
  const UnitRow* const row = row_of(unit.kind);
  if (row == nullptr)
    return base::Error{.code = base::ErrorCode::misuse, .what = "no such kind of unit", .path = unit.path};
  std::string folder = unit.path;
  std::string name;
  if (row->form == UnitRow::Form::file) {
    const std::size_t slash = folder.rfind('/');
    name = slash == std::string::npos ? folder : folder.substr(slash + 1);
    folder = slash == std::string::npos ? std::string{} : folder.substr(0, slash);
    LG_TRY(view.open(unit.path));
  } else {
    LG_TRY(view.list(unit.path));
  }
  UnitCheck check(view, folder, depth);
  row->check(check, name);
  say_startup_settings(check, view, unit);
  return check.finish();
}

}  // namespace lastgood::engines
