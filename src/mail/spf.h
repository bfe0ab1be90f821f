// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// SPF with a saved zone instead of the DNS: RFC 7208. It says whether the domain of the envelope allowed this address
// to send at the time the zone was saved; it says nothing of the From line that people see, and nothing of persons.
#pragma once

#include <string>

#include "mail/dkim.h"
#include "mail/saved_zone.h"
#include "model/ip_address.h"

namespace lastgood::mail {

/// RFC 7208 section 4.6.4.
inline constexpr unsigned k_spf_lookups_max = 10;
inline constexpr unsigned k_spf_void_lookups_max = 2;

struct SpfQuery {
  model::IpAddress ip;
  std::string helo;
  std::string mail_from;  // empty (a bounce): postmaster@HELO
  std::int64_t time_seconds = 0;
};

struct SpfVerdict {
  AuthResult result = AuthResult::none;
  std::string domain;       // whose record was asked for
  std::string matched;      // the term that decided, as written; empty: none
  std::string reason;       // in words, where it is an error
  std::string explanation;  // of a fail, as the domain gives it
  unsigned lookups = 0;
};

/// temperror with a reason where an answer that is needed was not saved.
SpfVerdict check_spf(const SpfQuery& query, const SavedZone& zone);

}  // namespace lastgood::mail
