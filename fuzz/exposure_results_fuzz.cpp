// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Fuzzes the reader of our own counts: whatever it takes has bounds that do not contradict each other.
#include <cstdint>

#include "base/assert.h"
#include "base/byte_view.h"
#include "exposure/read_results.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgood;
  const base::ByteView bytes(std::span<const std::uint8_t>(data, size));
  const auto results = exposure::parse_results(bytes.text());
  if (!results.ok()) return 0;
  for (const exposure::PersonBounds& bounds : results.value().bases) {
    LG_ASSERT(bounds.upper.has_value() == (bounds.standing != exposure::Standing::unknown));
    LG_ASSERT(!bounds.upper || bounds.lower.value_or(0) <= *bounds.upper);
    LG_ASSERT(!exposure::words_of(bounds).empty());
  }
  return 0;
}
