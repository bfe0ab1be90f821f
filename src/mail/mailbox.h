// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Mailboxes of one file (RFC 4155 and the four kinds mboxo, mboxrd, mboxcl, mboxcl2) cut into mails. A mail begins with
// "From ", a sender and a date, behind a blank line or at the beginning, and a header field follows. Where a mail has a
// Content-Length that leads exactly to the next mail or to the end, it is believed: text of mboxcl2 is not quoted, and
// a letter could hold a false "From " line with a header of its own behind it.
#pragma once

#include <cstdint>
#include <optional>

#include "base/byte_source.h"
#include "base/result.h"

namespace lastgood::mail {

/// Half open: [begin, end). `begin` is that of the "From " line.
struct MailSpan {
  std::uint64_t begin_bytes = 0;
  std::uint64_t end_bytes = 0;
};

/// True when the bytes begin as a mailbox does.
bool is_mailbox(base::ByteView opening);

/// Memory does not grow with the mailbox. One thread; `bytes` must outlive the reader.
class MailboxReader {
 public:
  explicit MailboxReader(base::ByteSource& bytes) : bytes_(bytes) {}
  /// The next mail; nothing behind the last. Errors are those of reading.
  base::Result<std::optional<MailSpan>> next();

 private:
  base::Result<std::optional<std::uint64_t>> end_by_length();
  base::Result<std::uint64_t> end_by_separator();

  base::ByteSource& bytes_;
  std::uint64_t at_bytes_ = 0;
};

}  // namespace lastgood::mail
