// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The one fuzz target for every walker; add_lastgood_format compiles it with LASTGOOD_FORMAT set to the row of the
// table.
#include "formats/testing/fuzz_one.h"

namespace lastgood::formats {
extern const Format LASTGOOD_FORMAT;
}  // namespace lastgood::formats

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lastgood::formats::testing::fuzz_one(lastgood::formats::LASTGOOD_FORMAT, std::span(data, size));
  return 0;
}
