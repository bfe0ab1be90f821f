// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Any text as an access list: what comes out is what the kernel takes, sorted and with no entry twice.
#include "base/assert.h"
#include "base/byte_view.h"
#include "sources/acl_text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgood;
  const base::ByteView text(std::span<const std::uint8_t>(data, size));
  const auto acl = sources::parse_acl_text(text.text());
  if (!acl) return 0;
  const base::ByteView bytes{std::string_view(*acl)};
  LG_ASSERT(bytes.size() >= 28 && bytes.size() % 8 == 4 && bytes.le32(0) == 2);
  for (std::size_t at = 12; at < bytes.size(); at += 8) {
    const std::uint16_t tag_before = bytes.le16(at - 8);
    const std::uint16_t tag = bytes.le16(at);
    LG_ASSERT(tag_before < tag || (tag_before == tag && bytes.le32(at - 4) < bytes.le32(at + 4)));
  }
  return 0;
}
