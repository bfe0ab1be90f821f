// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Patients in HL7 version 2 messages (ER7 encoding, HL7 v2.5.1 chapter 2.5 and 3.4.2 PID), one or many in a file, bare
// or framed (MLLP: 0x0B ... 0x1C 0x0D). A row for each PID segment; its columns are named after its fields.
#pragma once

#include <string_view>

#include "tables/table_sink.h"
#include "tables/text_input.h"

namespace lastgood::tables {

[[nodiscard]] bool looks_like_hl7(std::string_view head);

void read_hl7(TextInput& input, TableSink& sink);

}  // namespace lastgood::tables
