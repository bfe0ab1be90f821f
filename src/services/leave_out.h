// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A mistake in one place must not cost the other services of a hospital their plan, nor the other wards their sheets.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/services_file.h"

namespace lastgood::services {

/// Moves services with a mistake, and all that waits for them, into `left_out`, and sheets with a mistake into
/// `left_out_sheets`, where each has an id that no other has. Pure.
void leave_out_mistakes(ServicesFile& file);

/// The services and those that are left out: what was read of their data is no less the hospital's.
[[nodiscard]] std::vector<const Service*> with_left_out(const ServicesFile& file);

/// A sentence for each service that is left out, and for each key that nobody knows: "lab (Laboratory) is left out:
/// services.toml:14: ...". With `wanted` none: it is left out or is not, and what others have wrong costs it nothing.
[[nodiscard]] std::vector<std::string> describe_left_out(const ServicesFile& file, std::string_view wanted);

}  // namespace lastgood::services
