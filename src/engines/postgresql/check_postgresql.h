// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A PostgreSQL cluster (data directory), running, crashed, shut down or taken as base backup. Versions 13 to 17.
#pragma once

#include "engines/unit_row.h"

namespace lastgood::engines {

extern const UnitRow k_postgresql_row;

}  // namespace lastgood::engines
