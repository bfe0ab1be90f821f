// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// How an ASN.1 structure is told: shared by der and pkcs12.
#pragma once

#include "formats/der/der_structure.h"
#include "formats/walk_report.h"

namespace lastgood::formats {

/// REQUIRES: find_der_opening() found one in the input.
WalkReport tell_der(WalkInput& input);

}  // namespace lastgood::formats
