// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The last commit that a cluster's own log tells, also from before its last checkpoint. Private to engines/postgresql/
// and its door, engines/last_work.h.
#pragma once

#include "engines/last_work.h"

namespace lastgood::engines::postgresql {

[[nodiscard]] LastWork find_last_commit(const UnitView& copy, const std::string& folder);

}  // namespace lastgood::engines::postgresql
