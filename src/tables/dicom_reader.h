// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The patient of a DICOM file: group 0010 of its data set (PS3.10 chapter 7, PS3.5 chapters 6 and 7). Elements before
// it are stepped over, sequences with them; pictures are never read.
#pragma once

#include "base/byte_source.h"
#include "base/result.h"
#include "tables/table_sink.h"

namespace lastgood::tables {

[[nodiscard]] bool looks_like_dicom(std::string_view head);

/// An error when reading fails.
[[nodiscard]] base::Status read_dicom(base::ByteSource& source, TableSink& sink);

}  // namespace lastgood::tables
