// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Who is already known to the restored database: asked through a scratch server, for finding who was typed in anew.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engines/scratch_server.h"
#include "sheets/make_sheets.h"
#include "sheets/packs.h"

namespace lastgood::sheets {

struct PatientQuestion {
  services::DataUnit unit;
  std::string sql;  // columns number, name, sex, birth_date, phone; empty: as that of `packs` asks whose tables it has
  std::vector<Pack> packs;
  /// What lies on this machine and is asked first, "what lies at '/srv/pg'"; empty: only copies are.
  std::string live;
  std::string live_root = "/";           // below which it lies at the unit's path
  std::optional<RestoredUnit> restored;  // that a restore of the case has put there
};

/// Who answered.
struct AskedPatients {
  std::string source;        // "backup b2 (restic v2), snapshot ab12cd34, data as of ..."
  std::string live_did_not;  // why what lies there did not; empty: it did, or was not to be asked
};

/// From the pack that fits what the case has copies of. ErrorCode::not_found: no pack with such a question does.
[[nodiscard]] base::Result<PatientQuestion> find_patient_question(CaseOfSheets& of, const std::vector<Pack>& packs,
                                                                  const MakeOptions& options);

/// Gives all patients of what lies there, else of the newest copy that starts, to `sink`. One that fails in the middle
/// has given rows already: the columns of the next begin a new answer.
[[nodiscard]] base::Result<AskedPatients> ask_patients(CaseOfSheets& of, const PatientQuestion& question,
                                                       const MakeOptions& options, engines::RowSink& sink);

}  // namespace lastgood::sheets
