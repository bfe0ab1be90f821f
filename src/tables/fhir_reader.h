// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Patients in FHIR JSON (R4, patient.html): one resource, a Bundle of any length, or one resource a line. Resources are
// cut out of the stream one by one; no document is ever in memory as a whole.
#pragma once

#include <string_view>

#include "tables/table_sink.h"
#include "tables/text_input.h"

namespace lastgood::tables {

[[nodiscard]] bool looks_like_fhir(std::string_view head);

void read_fhir(TextInput& input, TableSink& sink);

}  // namespace lastgood::tables
