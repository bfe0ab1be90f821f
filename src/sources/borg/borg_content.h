// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A file's content in a borg repository: a list of chunks, each one object.
#pragma once

#include "sources/borg/object_reader.h"
#include "sources/source.h"

namespace lastgood::sources::borg {

/// `reader` must outlive the content. A handle that is none: ErrorCode::misuse; lost content:
/// ErrorCode::damaged_source.
[[nodiscard]] base::Result<std::unique_ptr<Content>> open_borg_content(ObjectReader& reader,
                                                                       const model::ContentRef& content);

}  // namespace lastgood::sources::borg
