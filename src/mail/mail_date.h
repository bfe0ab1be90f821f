// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Dates of mails: RFC 5322 section 3.3 and 4.3 (obsolete), and the forms that mail programs write instead. One tolerant
// grammar of our own, because a date that a strict parser refuses is still evidence:
//   [day name ,] day month year time [zone]      Wed, 23 Nov 2022 07:07:00 +0530 (IST)      23-Nov-22 07:07:00 GMT
//   [day name] month day time [zone] year        Wed Nov 23 07:07:00 [IST] 2022 [+0530]     (asctime, with zone)
//   year-month-day [T] time [zone]               2022-11-23 07:07:00.123456789 +0000 UTC m=+123
// Comments, odd separators and a missing zone are accepted and said; year 0 and 99999 are refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lastgood::mail {

struct MailDate {
  std::int64_t time_ns = 0;         // since 1970, UTC; by local time when the zone is not known
  std::optional<int> zone_minutes;  // east of UTC as written; nothing: none was written or "-0000" (RFC 5322: unknown)
  bool moment_known = false;        // the zone is known, or written as "-0000": then the time is universal
  std::string zone_text;            // "+0530", "IST", "-0000"; empty: none
  bool oddly_written = false;       // not by the current grammar of RFC 5322
  bool operator==(const MailDate&) const = default;
};

/// Nothing when no day and time can be told. Years 1970 to 2261, two- and three-digit ones by RFC 5322 section 4.3.
[[nodiscard]] std::optional<MailDate> parse_mail_date(std::string_view text);

/// Minutes east of UTC of a zone's name where it has one meaning in mail (RFC 5322 section 4.3) or is the only one in
/// wide use ("CET", "IST" in India's sense is not: Israel and Ireland write it, too).
[[nodiscard]] std::optional<int> find_zone(std::string_view name);

}  // namespace lastgood::mail
