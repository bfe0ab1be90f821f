// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Orthanc's storage: an SQLite index, and a store of files named by it (ab/cd/abcd...).
#pragma once

#include "engines/unit_row.h"

namespace lastgood::engines {

extern const UnitRow k_orthanc_row;

}  // namespace lastgood::engines
