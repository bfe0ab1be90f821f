// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "engines/mariadb/mariadb_server.h"
#include "engines/postgresql/postgresql_server.h"
#include "engines/scratch_server.h"
#include "engines/sqlite/sqlite_server.h"

namespace lastgood::engines {

base::Result<std::unique_ptr<ScratchServer>> open_scratch_server(const UnitView& view, const FoundUnit& unit,
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

}  // namespace lastgood::engines
