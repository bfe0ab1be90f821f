// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Where a link of evidence leads. Reading it follows nothing.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "os/evidence.h"

namespace lastgood::os {

/// The target of the link `name` in `directory`, as bytes; at most 64 KiB.
[[nodiscard]] base::Result<std::string> read_link_target(const Descriptor& directory, const std::string& name,
                                                         std::string_view path_for_messages);

}  // namespace lastgood::os
