// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Who is already known to the restored database: asked through a scratch server, for finding who was typed in anew.
#pragma once

#include <string>
#include <vector>

#include "engines/scratch_server.h"
#include "sheets/make_sheets.h"
#include "sheets/packs.h"

namespace lastgood::sheets {

struct PatientQuestion {
  services::DataUnit unit;
  std::string sql;  // columns number, name, sex, birth_date, phone
};

/// From the pack that fits what the case has copies of. ErrorCode::not_found: no pack with such a question does.
[[nodiscard]] base::Result<PatientQuestion> find_patient_question(CaseOfSheets& of, const std::vector<Pack>& packs,
                                                                  const MakeOptions& options);

/// Gives all patients of the newest copy that starts to `sink`. The copy's name, and as of when it is.
[[nodiscard]] base::Result<std::string> ask_patients(CaseOfSheets& of, const PatientQuestion& question,
                                                     const MakeOptions& options, engines::RowSink& sink);

}  // namespace lastgood::sheets
