// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A Maildir (cur, new, tmp), with the subfolders and Dovecot's indexes in it.
#pragma once

#include "engines/unit_row.h"

namespace lastgood::engines {

extern const UnitRow k_maildir_row;

}  // namespace lastgood::engines
