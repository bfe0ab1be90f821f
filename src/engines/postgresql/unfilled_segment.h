// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Tells a segment that was copied before it was full from one whose end something destroyed. Private to
// engines/postgresql/.
#pragma once

#include "base/byte_source.h"
#include "engines/postgresql/control_file.h"

namespace lastgood::engines::postgresql {

/// Whether all pages of `segment` behind `end`, up to which its log can be read, are zeros or pages of an earlier use:
/// what a server leaves there. False also for what cannot be read. REQUIRES: `end` lies in the segment.
[[nodiscard]] bool is_unfilled_behind(base::ByteSource& segment, Lsn end, const ControlFile& control);

/// Whether what stands behind `end` is nothing that a server leaves in a segment which it has filled and archived: it
/// makes each page of zeros before it writes records into it. REQUIRES: as above.
[[nodiscard]] bool is_struck_behind(base::ByteSource& segment, Lsn end, const ControlFile& control);

}  // namespace lastgood::engines::postgresql
