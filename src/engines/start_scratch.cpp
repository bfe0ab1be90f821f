// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/start_scratch.h"

#include <fmt/format.h>

#include "engines/mariadb/start_mariadb.h"
#include "engines/postgresql/start_postgresql.h"
#include "engines/unit_listing.h"
#include "os/free_space.h"

namespace lastgood::engines {

namespace {

/// SQLite is a library: at full depth the check itself opens the database with it, in memory.
base::Result<ScratchReport> open_with_sqlite(const UnitView& view, const FoundUnit& unit) {
  LG_ASSIGN(const UnitReport checked, check_unit(view, unit, model::Depth::full));
  ScratchReport report;
  report.outcome = is_usable(checked.verdict) ? ScratchReport::Outcome::sound : ScratchReport::Outcome::complaints;
  for (const UnitFinding& finding : checked.findings) {
    if (finding.finding.weight == model::Weight::contradicts)
      report.complaints.push_back(finding.path + ": " + finding.finding.sentence);
  }
  return report;
}

base::Result<ScratchReport> start_engine(const UnitView& view, const FoundUnit& unit, const ScratchOptions& options) {
  if (unit.kind == UnitKind::postgresql) return postgresql::start_copy(view, unit.path, options);
  if (unit.kind == UnitKind::mariadb) return mariadb::start_copy(view, unit.path, options);
  if (unit.kind == UnitKind::sqlite) return open_with_sqlite(view, unit);
  return base::Error{.code = base::ErrorCode::unsupported,
                     .what = fmt::format("a unit of kind '{}' is not started for a test", name_of(unit.kind)),
                     .path = unit.path};
}

}  // namespace

base::Result<ScratchReport> start_scratch(const UnitView& view, const FoundUnit& unit, const ScratchOptions& options) {
  auto started = start_engine(view, unit, options);
  if (started.ok() || started.error().code != base::ErrorCode::no_space) return started;
  return os::with_space(started.error(), count_bytes(view, unit), options.parent);
}

}  // namespace lastgood::engines
