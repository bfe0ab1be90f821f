// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The header of a mail as fields with byte offsets: RFC 5322 sections 2.2 and 4 (obsolete forms), and what saved and
// pasted mails do to it. The bytes are never repaired: a field shows what stands there, findings say what is odd.
//
// A field begins with a name of printable characters, then ':'. Lines that begin with a blank belong to the field
// before. Lines end with LF, CR LF, any number of CR before LF, or, where no LF stands in the header at all, CR.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_view.h"
#include "model/finding.h"

namespace lastgood::mail {

/// More fields than any mail has. Relays add theirs on top, so what is left out stands at the bottom.
inline constexpr std::size_t k_fields_max = 10'000;
inline constexpr std::size_t k_header_bytes_max = 64U << 20U;
/// One field longer than this is looked at as far as this only.
inline constexpr std::size_t k_unfolded_bytes_max = 256U << 10U;

/// Views into the bytes given to parse_header.
struct HeaderField {
  std::string_view name;           // as written, without blanks before the colon
  std::string_view body;           // behind the colon, folds and blanks as written, without the last line end
  std::string_view raw;            // name, colon, body and the last line end
  std::uint64_t offset_bytes = 0;  // of the name
};

struct Header {
  std::vector<HeaderField> fields;       // as they stand: newest trace field first
  std::uint64_t fields_seen = 0;         // also those beyond k_fields_max
  std::uint64_t received_seen = 0;       // of them, "Received"
  std::string_view envelope_line;        // the mailbox's "From " line before the first field; empty: none
  std::uint64_t begin_bytes = 0;         // offset of the first field
  std::uint64_t end_bytes = 0;           // offset behind the last field
  std::uint64_t body_bytes = 0;          // offset of the body, behind the blank line
  std::vector<model::Finding> findings;  // "mail.header.…"; ranges are byte offsets like those of the fields
};

/// Reads the header that begins with `bytes`. `bytes` must outlive the header. Never fails: what is no header has no
/// fields. `base_bytes` is added to every offset (a mail inside a mailbox).
Header parse_header(base::ByteView bytes, std::uint64_t base_bytes = 0);

/// True when the bytes begin as a mail does: two fields that mails have, one of them a sender's or a relay's. Quick to
/// say no.
bool begins_mail(base::ByteView opening);

/// The first field with this name, in any case of letters; nullptr when there is none.
const HeaderField* find_field(const Header& header, std::string_view name);
std::size_t count_fields(const Header& header, std::string_view name);

/// The body of a field on one line: line ends are taken out, the blanks of folds stay (RFC 5322 section 2.2.3), NUL
/// and other control bytes become blanks. At most k_unfolded_bytes_max bytes.
std::string unfold(std::string_view body);

/// A header that was saved or pasted as UTF-16, as UTF-8. Offsets in `text` lead back through `offset_in_source`.
struct TextFromUtf16 {
  std::string text;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> lines;  // offset in text, offset in the source, per line
  [[nodiscard]] std::uint64_t offset_in_source(std::uint64_t offset_bytes) const;
};

/// Nothing when the bytes are not UTF-16 text (by its mark, or by the zeros between ASCII letters).
std::optional<TextFromUtf16> read_utf16(base::ByteView bytes);

}  // namespace lastgood::mail
