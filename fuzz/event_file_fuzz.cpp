// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Fuzzes an event file; where the first byte is odd, what lies inside of its frames, which their checksums keep
// changed bytes away from.
#include <cstdint>
#include <memory>

#include "base/assert.h"
#include "events/event_blocks.h"
#include "events/event_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgood;
  if (size < 1) return 0;
  const base::ByteView bytes(std::span<const std::uint8_t>(data + 1, size - 1));
  if (data[0] % 2 == 1) {
    events::BlockReader reader;
    events::EventView event;
    if (!reader.open(bytes.text())) return 0;
    std::int64_t before_ns = INT64_MIN;
    while (reader.next(event)) {
      LG_ASSERT(event.at_ns >= before_ns && event.kind < model::k_event_kind_count);
      before_ns = event.at_ns;
    }
    return 0;
  }
  auto stream = events::open_event_file(std::make_unique<base::MemorySource>(bytes), "fuzz");
  if (!stream.ok()) return 0;
  while (true) {
    const auto any = stream.value()->next();
    if (!any.ok() || !any.value()) return 0;
  }
}
