// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Fuzzes headers, mailboxes, UTF-16 pastes, Outlook messages, parts and the whole trace decision: offsets must stay
// inside the bytes.
#include <cstdint>

#include "base/assert.h"
#include "mail/encoded_words.h"
#include "mail/forgery_hints.h"
#include "mail/header.h"
#include "mail/mailbox.h"
#include "mail/mime_parts.h"
#include "mail/outlook_message.h"
#include "mail/trust.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgood;
  const base::ByteView bytes(std::span<const std::uint8_t>(data, size));
  const mail::Header header = mail::parse_header(bytes);
  LG_ASSERT(header.body_bytes <= size && header.end_bytes <= header.body_bytes &&
            header.begin_bytes <= header.end_bytes);
  for (const mail::HeaderField& field : header.fields) {
    LG_ASSERT(field.offset_bytes + field.raw.size() <= size);
    LG_ASSERT(bytes.text().substr(field.offset_bytes, field.name.size()) == field.name);
  }
  LG_ASSERT(mail::decode_words(bytes.text()).size() <= 4 * size);
  std::vector<mail::Hop> hops = mail::find_hops(header);
  const auto statements = mail::find_peer_statements(header);
  for (const char* own : {"", ".hospital.example", "10.0.0.0/8"}) {
    mail::TrustOptions options;
    if (const auto relay = mail::parse_own_relay(own)) options.own_relays.push_back(*relay);
    const auto boundary = mail::decide_trust(hops, statements, options);
    LG_ASSERT(boundary.has_value() == !hops.empty());
    LG_ASSERT(!boundary || boundary->hop < hops.size());
    LG_ASSERT(!boundary || boundary->level == mail::Level::claim || boundary->ip);
    (void)mail::find_hints(header, hops, statements, boundary);
  }
  base::MemorySource source(bytes);
  mail::MailboxReader reader(source);
  std::uint64_t at = 0;
  while (true) {
    const auto next = reader.next();
    LG_ASSERT(next.ok());
    if (!next.value()) break;
    LG_ASSERT(next.value()->begin_bytes == at && next.value()->end_bytes > at);
    at = next.value()->end_bytes;
  }
  LG_ASSERT(at == size);
  (void)mail::find_transport_headers(bytes);
  for (const mail::MimePart& part : mail::find_mime_parts(bytes).parts) {
    LG_ASSERT(part.header.from <= part.header.to && part.body.from <= part.body.to && part.body.to <= size);
    if (part.is_leaf) LG_ASSERT(mail::decode_body(bytes, part, 1000).bytes.size() <= 1000);
  }
  if (const auto text = mail::read_utf16(bytes)) (void)mail::parse_header(base::ByteView(text->text));
  return 0;
}
