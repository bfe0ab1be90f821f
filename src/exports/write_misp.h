// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The case as one MISP event (core format 2.5): attributes for what can be looked for, objects by the templates of the
// MISP objects project for wallets, mails, notes, connections and the incident itself. Numbers are texts, as MISP has
// them. Pure: same input, same bytes.
#pragma once

#include "exports/export_input.h"

namespace lastgood::exports {

[[nodiscard]] Exported write_misp(const ExportInput& input);

}  // namespace lastgood::exports
