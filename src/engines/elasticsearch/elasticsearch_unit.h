// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A data directory of Elasticsearch or OpenSearch: always to be rebuilt.
#pragma once

#include "engines/unit_row.h"

namespace lastgood::engines {

extern const UnitRow k_elasticsearch_row;

}  // namespace lastgood::engines
