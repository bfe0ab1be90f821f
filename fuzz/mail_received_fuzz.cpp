// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Fuzzes one line: as Received, as a date, as Authentication-Results, as an address and a block.
#include <cstdint>

#include "base/assert.h"
#include "base/byte_view.h"
#include "mail/mail_date.h"
#include "mail/received.h"
#include "mail/receiver_statements.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgood;
  const std::string_view line = base::ByteView(std::span<const std::uint8_t>(data, size)).text();
  const mail::Received received = mail::parse_received(line);
  LG_ASSERT(received.ip.has_value() == (received.peer != mail::PeerReading::none));
  // What stands in the result stood in the line.
  for (const std::string* part : {&received.helo, &received.rdns, &received.by, &received.ident}) {
    LG_ASSERT(line.find(*part) != std::string_view::npos);
  }
  if (const auto date = mail::parse_mail_date(line)) LG_ASSERT(date->time_ns > -2'000'000'000LL * 86'400);
  (void)mail::parse_authentication_results(line);
  (void)mail::find_stated_ip(line);
  if (const auto ip = model::parse_ip(line)) LG_ASSERT(model::parse_ip(model::text_of(*ip)) == ip);
  (void)model::parse_ip_block(line);
  return 0;
}
