// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The case as a STIX 2.1 bundle with TLP 2.0 markings and the incident extensions of the OASIS CTI technical committee.
// Pure: same input, same bytes. Memory: that of the text. No object for a person or a group that attacked is made.
#pragma once

#include "exports/export_input.h"

namespace lastgood::exports {

[[nodiscard]] Exported write_stix(const ExportInput& input);

}  // namespace lastgood::exports
