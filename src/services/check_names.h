// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What the parts of a services file say of each other: names that must be there, that must be unique, and that must
// not wait for each other in a circle.
#pragma once

#include "services/services_file.h"
#include "services/table_reader.h"

namespace lastgood::services {

/// Pure. Names of data units that are not given are made unique by their kind only; sheets without `data` get the only
/// database of their service. What has a mistake gets it as its `mistake`, services in a circle each.
void check_names(ServicesFile& file, Mistakes& mistakes);

}  // namespace lastgood::services
