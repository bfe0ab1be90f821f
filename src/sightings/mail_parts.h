// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What stands in the bodies and attachments of a mail or a mailbox, behind base64 and quoted-printable. Only files that
// begin as mails do are looked at; one mail at a time is in memory. Mails are looked into shortly before the file's own
// bytes are searched, so that a mailbox of any size comes from the disk once.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.h"
#include "base/result.h"
#include "indicators/find_indicators.h"
#include "model/finding.h"

namespace lastgood::sightings {

/// A mail of more bytes is read as it stands, its parts are not decoded, and that is said.
inline constexpr std::uint64_t k_mail_bytes_max = 64U << 20U;
/// Mails within encoded mails within encoded mails.
inline constexpr unsigned k_wrappings_max = 3;

/// "base64", "quoted-printable"; of the innermost one.
using DecodedSink = std::function<void(std::string_view encoding, indicators::FoundIndicator)>;

/// One file, from front to end.
class MailLook {
 public:
  /// `opening` are the first bytes of `file`, some KB. `file` outlives the look. Offsets are those of the part's body
  /// in the file: inside, bytes do not stand as they were written.
  MailLook(base::ByteSource& file, base::ByteView opening, DecodedSink sink);
  ~MailLook();
  MailLook(const MailLook&) = delete;
  MailLook& operator=(const MailLook&) = delete;

  /// Looks into all mails that begin before `to_bytes`. Errors: reading.
  [[nodiscard]] base::Status advance(std::uint64_t to_bytes);

  /// Bytes that are no text as they stand, in order: searched decoded, and not again as they are.
  [[nodiscard]] const std::vector<model::ByteRange>& encoded() const;
  /// What was not looked into, in words.
  [[nodiscard]] const std::vector<std::string>& left_out() const;

 private:
  class Looker;
  std::unique_ptr<Looker> looker_;  // none: the file is no mail
};

/// `ranges` in order, none within another.
[[nodiscard]] bool lies_in(const std::vector<model::ByteRange>& ranges, std::uint64_t offset_bytes);

}  // namespace lastgood::sightings
