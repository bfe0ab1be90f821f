// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// UnitRow: all that is known about one kind of unit. A new kind is a folder and a row in unit_table.cpp. Private to
// engines/.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engines/unit.h"
#include "engines/unit_check.h"

namespace lastgood::engines {

/// One folder of a tree, while units are looked for.
struct FolderListing {
  const UnitView* view = nullptr;
  std::string_view folder;
  std::span<const UnitEntry> entries;  // sorted by name

  [[nodiscard]] const UnitEntry* find(std::string_view name) const;
  [[nodiscard]] bool has_file(std::string_view name) const;
  /// A folder, or a link in its place.
  [[nodiscard]] bool has_folder(std::string_view name) const;
  /// `name` as a path of the view.
  [[nodiscard]] std::string path_of(std::string_view name) const;
  /// The first bytes of a file here, at most `length`; empty when it cannot be read.
  [[nodiscard]] std::vector<std::uint8_t> head_of(std::string_view name, std::size_t length) const;
};

void sort_by_name(std::vector<UnitEntry>& entries);

struct UnitRow {
  UnitKind kind = UnitKind::postgresql;
  std::string_view name;
  enum class Form : std::uint8_t {
    folder,  // the folder is the unit
    file,    // a file with those that go with it
  } form = Form::folder;
  /// Names of the unit files here; of a folder unit "" when this folder is one.
  std::vector<std::string> (*find)(const FolderListing& listing) = nullptr;
  /// `name` is that of the unit's file, or "". The check's home is the unit's folder.
  void (*check)(UnitCheck& check, const std::string& name) = nullptr;
  /// Of kinds that keep parts elsewhere: the view in which the unit at `path` is whole.
  std::unique_ptr<UnitView> (*join)(const UnitView& view, const std::string& path) = nullptr;
};

/// Folder units first, the more special before the more general.
std::span<const UnitRow* const> unit_table();

}  // namespace lastgood::engines
