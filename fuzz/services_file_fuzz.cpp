// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Any bytes as a services file: never a crash, and a file without mistakes always has an order.
#include <cstdint>

#include "base/assert.h"
#include "base/byte_view.h"
#include "services/services_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgood;
  const base::ByteView bytes(std::span<const std::uint8_t>(data, size));
  const services::ReadServices read = services::parse_services(bytes.text(), "services.toml");
  if (!read.mistakes.empty()) return 0;
  LG_ASSERT(services::order_of(read.file, {}).size() == read.file.services.size());
  return 0;
}
