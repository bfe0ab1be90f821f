// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Fuzzes the files of the directory of providers and agencies.
#include <cstdint>

#include "base/assert.h"
#include "base/byte_view.h"
#include "questions/directory.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgood;
  const base::ByteView bytes(std::span<const std::uint8_t>(data, size));
  const auto provider = questions::parse_provider(bytes);
  if (provider.ok()) LG_ASSERT(!provider.value().id.empty() && provider.value().preservation_days >= 0);
  const auto agency = questions::parse_agency(bytes);
  if (agency.ok()) LG_ASSERT(!agency.value().id.empty());
  return 0;
}
