// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Loose objects of git. Private to git.
#pragma once

#include "formats/format.h"

namespace lastgood::formats {

/// A zlib stream under a name of 38 or 62 hexadecimal digits (the digest without its first two).
bool is_named_git_object(base::ByteView head, std::string_view name);

WalkReport walk_git_object(WalkInput& input);

}  // namespace lastgood::formats
