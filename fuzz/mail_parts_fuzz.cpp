// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Mails and mailboxes with encoded parts: what is found lies in the file, what is blanked in order and inside.
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "sightings/mail_parts.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgood;
  const base::ByteView bytes(std::span<const std::uint8_t>(data, size));
  base::MemorySource source(bytes);
  sightings::MailLook look(source, bytes.part(0, 65536), [size](auto encoding, auto found) {
    LG_ASSERT(found.offset_bytes <= size && !encoding.empty());
  });
  // As a search does: some bytes further each time.
  for (std::uint64_t to = 1; to < size; to = to * 3 + 1) LG_ASSERT(look.advance(to).ok());
  LG_ASSERT(look.advance(size).ok());
  std::uint64_t at = 0;
  for (const model::ByteRange& range : look.encoded()) {
    LG_ASSERT(range.from >= at && range.to >= range.from && range.to <= size);
    at = range.to;
  }
  return 0;
}
