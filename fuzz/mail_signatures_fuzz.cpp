// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Fuzzes DKIM and ARC: the bytes are a mail; behind the first NUL, if there is one, the saved zone with the keys.
#include <cstdint>

#include "base/assert.h"
#include "mail/arc.h"
#include "mail/dkim.h"
#include "mail/header.h"
#include "mail/signing_key.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgood;
  const base::ByteView bytes(std::span<const std::uint8_t>(data, size));
  const std::size_t nul = bytes.text().find('\0');
  const base::ByteView message = bytes.part(0, nul == std::string_view::npos ? size : nul);
  mail::SavedZone zone;
  if (nul != std::string_view::npos) (void)zone.add(bytes.part(nul + 1).text());
  const mail::Header header = mail::parse_header(message);
  const base::ByteView body = message.part(header.body_bytes);
  const auto verdicts = mail::verify_dkim(header, body, zone, {});
  LG_ASSERT(verdicts.size() <= mail::k_signatures_max);
  for (const auto& verdict : verdicts) LG_ASSERT(verdict.result != mail::AuthResult::pass || !zone.empty());
  const mail::ArcVerdict arc = mail::verify_arc(header, body, zone, {});
  LG_ASSERT(arc.sets.size() <= mail::k_arc_instances_max);
  LG_ASSERT(arc.result != mail::AuthResult::pass || !zone.empty());
  (void)mail::parse_key_record(bytes.text());
  return 0;
}
