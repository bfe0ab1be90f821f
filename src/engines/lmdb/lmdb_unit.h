// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// An LMDB environment (data.mdb), which is also what OpenLDAP keeps its directory in.
#pragma once

#include "engines/unit_row.h"

namespace lastgood::engines {

extern const UnitRow k_lmdb_row;

}  // namespace lastgood::engines
