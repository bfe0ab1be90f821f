// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/format.h"

namespace lastgood::formats {

extern const Format k_pgdump_format;

}  // namespace lastgood::formats
