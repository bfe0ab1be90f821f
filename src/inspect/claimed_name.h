// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a file's name promises about its content, with or without suffixes that an attack appended.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/format.h"

namespace lastgood::inspect {

struct ClaimedName {
  std::vector<const formats::Format*> firm;   // formats of which the name says: this is one
  std::vector<const formats::Format*> loose;  // formats the name hints at
  std::string original_name;                  // the name without appended suffixes; empty: nothing was appended
  std::string appended;                       // what was appended, beginning with its dot; empty: nothing
  std::string owner_suffix;                   // the appended suffix, when people's own encryption tools use it
};

/// Looks at the last extension; where no format knows it, takes it off and looks at the one before, up to four times.
ClaimedName read_claims(std::string_view name);

}  // namespace lastgood::inspect
