// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Fuzzes SPF: the bytes are a saved zone; its first line, if it is a record, is also that of the domain asked for.
#include <cstdint>

#include "base/assert.h"
#include "base/byte_view.h"
#include "mail/spf.h"
#include "mail/spf_record.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgood;
  const std::string text(base::ByteView(std::span<const std::uint8_t>(data, size)).text());
  mail::SavedZone zone;
  (void)zone.add(text);
  (void)zone.add("s.example TXT " + text.substr(0, text.find('\n')) + "\n");
  for (const char* ip : {"192.0.2.3", "2001:db8::cb01"}) {
    const auto verdict = mail::check_spf({*model::parse_ip(ip), "helo.example", "a-b@s.example", 0}, zone);
    LG_ASSERT(verdict.lookups <= mail::k_spf_lookups_max + 1);
  }
  std::string trouble;
  (void)mail::parse_spf_record(text, trouble);
  return 0;
}
