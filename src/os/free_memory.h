// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Memory that was freed, back to the system: the allocator keeps it otherwise, and large sets that grow leave holes.
#pragma once

namespace lastgood::os {

/// Takes some milliseconds. Any thread.
void return_free_memory();

}  // namespace lastgood::os
