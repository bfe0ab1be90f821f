// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a copy in a backup is called for people.
#pragma once

#include <string>

#include "model/snapshot.h"

namespace lastgood::readiness {

/// "nas 3fa1c2d0aa11"; of a source that is one copy its name alone: its snapshot, ".", has none.
[[nodiscard]] inline std::string copy_name(const std::string& source, const std::string& snapshot) {
  return snapshot == "." ? source : source + " " + model::short_id(snapshot);
}

}  // namespace lastgood::readiness
