// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Plans as somebody may have changed them, with the digest made right again.
#include <cstdint>
#include <span>

#include "base/byte_view.h"
#include "recovery/plan_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const lastgood::base::ByteView text{std::span<const std::uint8_t>(data, size)};
  lastgood::base::ignore_error(lastgood::recovery::parse_plan(std::string(text.text()), "plan.json"),
                               "any answer but a crash");
  return 0;
}
