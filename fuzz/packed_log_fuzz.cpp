// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A log out of a hostile archive: never more than the limit comes out.
#include <cstdio>
#include <cstdlib>

#include "base/byte_source.h"
#include "engines/packed_log.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgood;
  constexpr std::uint64_t k_bytes_max = 1U << 20U;
  const base::ByteView bytes(std::span<const std::uint8_t>(data, size));
  const auto opened = engines::open_packed_log(std::make_unique<base::MemorySource>(bytes), "/tmp", k_bytes_max);
  if (opened.ok() && opened.value().bytes->size_bytes() > std::max<std::uint64_t>(k_bytes_max, size)) {
    std::fprintf(stderr, "does not hold: no more than the limit\n");
    std::abort();
  }
  return 0;
}
