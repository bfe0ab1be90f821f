// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A virtual disk (qcow2, VMDK) with the files it is made of and those it builds on.
#pragma once

#include "engines/unit_row.h"

namespace lastgood::engines {

extern const UnitRow k_vm_disk_row;

}  // namespace lastgood::engines
