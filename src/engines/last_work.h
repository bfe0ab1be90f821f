// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Whether anybody has worked in a database since a known moment. Checkpoints do not say: a server writes them also when
// nobody commits anything.
#pragma once

#include <cstdint>

#include "engines/unit.h"

namespace lastgood::engines {

struct LastWork {
  std::int64_t commit_ns = 0;          // the last commit that its own log at hand tells, UTC; 0: it tells none
  std::uint64_t next_transaction = 0;  // the number of the next one as of its last checkpoint; 0: it does not say
};
/// Of a PostgreSQL's folder; of others nothing is known. Where its log cannot be read it tells no commit.
[[nodiscard]] LastWork find_last_work(const UnitView& view, const FoundUnit& unit);

}  // namespace lastgood::engines
