// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A git repository: a bare one, or the .git folder of one with a worktree.
#pragma once

#include "engines/unit_row.h"

namespace lastgood::engines {

extern const UnitRow k_git_row;

}  // namespace lastgood::engines
