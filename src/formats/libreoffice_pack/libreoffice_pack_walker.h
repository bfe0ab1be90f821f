// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/format.h"

namespace lastgood::formats {

extern const Format k_libreoffice_pack_format;

}  // namespace lastgood::formats
