// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "engines/mariadb/mariadb_server.h"
#include "engines/postgresql/postgresql_server.h"
#include "engines/scratch_server.h"
#include "engines/sqlite/sqlite_server.h"
#include "engines/still_server.h"
#include "engines/unit_listing.h"
#include "os/free_space.h"

namespace lastgood::engines {

std::string describe_unusable(const ScratchStart& start) {
  constexpr std::size_t k_named_max = 20;
  if (start.unusable.empty()) return {};
  const std::size_t count = start.unusable.size();
  if (count == 1) return "1 table of this copy does not answer: " + start.unusable.front();
  std::string text = fmt::format("{} tables of this copy do not answer:", count);
  for (std::size_t i = 0; i < std::min(count, k_named_max); ++i) {
    const std::string& one = start.unusable[i];
    text += fmt::format("{} {}", i == 0 ? "" : ",", one.substr(0, one.find(": ")));
  }
  if (count > k_named_max) text += fmt::format(" and {} more", count - k_named_max);
  return text + "; " + start.unusable.front();
}

std::string describe_emptied(const std::vector<std::string>& emptied) {
  constexpr std::size_t k_named_max = 5;
  if (emptied.empty()) return {};
  std::string text = "unlogged: empty after a restore, as PostgreSQL does it:";
  for (std::size_t i = 0; i < std::min(emptied.size(), k_named_max); ++i)
    text += fmt::format("{} {}", i == 0 ? "" : ",", emptied[i]);
  if (emptied.size() > k_named_max) text += fmt::format(" and {} more", emptied.size() - k_named_max);
  return text;
}

namespace {

base::Result<std::unique_ptr<ScratchServer>> open_server_of_kind(const UnitView& view, const FoundUnit& unit,
                                                                 const ScratchServerOptions& options) {
  switch (unit.kind) {
    case UnitKind::postgresql: return postgresql::open_server(view, unit.path, options);
    case UnitKind::mariadb: return mariadb::open_server(view, unit.path, options);
    case UnitKind::sqlite: return sqlite::open_server(view, unit.path, options);
    case UnitKind::orthanc:
      return sqlite::open_server(view, unit.path.empty() ? "index" : unit.path + "/index", options);
    case UnitKind::maildir:
    case UnitKind::lmdb:
    case UnitKind::git:
    case UnitKind::vm_disk:
    case UnitKind::elasticsearch: break;
  }
  return base::Error{
      .code = base::ErrorCode::unsupported,
      .what = fmt::format("a unit of kind '{}' has no engine that answers questions", name_of(unit.kind)),
      .path = unit.path};
}

}  // namespace

base::Result<std::unique_ptr<ScratchServer>> open_scratch_server(const UnitView& view, const FoundUnit& unit,
                                                                 const ScratchServerOptions& options) {
  const bool may_be_overlay =
      (unit.kind == UnitKind::postgresql || unit.kind == UnitKind::mariadb) && options.copy_way != CopyWay::copy;
  const bool is_watched = may_be_overlay && options.watch == ScratchServerOptions::Watch::each_answer;
  auto still = is_watched ? find_still_folder(view, unit) : std::nullopt;
  auto opened = open_server_of_kind(view, unit, options);
  if (is_watched && opened.ok() && opened.value()->start().way_taken == CopyWay::overlay) {
    if (!still) return base::Error{.code = base::ErrorCode::io, .what = "cannot list its files where they lie"};
    return keep_still(std::move(opened).value(), std::move(*still));
  }
  if (opened.ok() || opened.error().code != base::ErrorCode::no_space) return opened;
  return os::with_space(opened.error(), count_bytes(view, unit), options.parent);
}

}  // namespace lastgood::engines
