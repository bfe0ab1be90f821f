// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A MariaDB or MySQL data directory, running, crashed, shut down or made by mariadb-backup.
#pragma once

#include "engines/unit_row.h"

namespace lastgood::engines {

extern const UnitRow k_mariadb_row;

}  // namespace lastgood::engines
