// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Entries as HL7 v2.5.1 messages and as a table, for people who review them before anything goes into a system.
//   registration ADT^A04, admission ADT^A01, transfer ADT^A02, discharge ADT^A03, order ORM^O01, result ORU^R01;
//   payments have no message and are in the table only. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backentry/entry_book.h"

namespace lastgood::backentry {

/// A text inside a field: delimiters as \F\ \S\ \T\ \R\ \E\, line ends and control characters as blanks.
[[nodiscard]] std::string hl7_text(std::string_view text);

/// When it is written, and the zone of the case, in which paper is written: "+05:30"; empty is UTC.
struct Written {
  std::int64_t now_ns = 0;
  std::string zone;
};

/// Segments end with CR; all times say their offset ("20221123091000+0530"). Nothing for payments. The message's
/// control id is "LG", the entry's number, and eight digits that are others when the content is another. PID-3 is the
/// number a person decided on, else `temporary` with the type TEMP; the note says what was typed, that nobody has
/// decided, and which entry this one corrects, and which that one had corrected (`before`).
[[nodiscard]] std::optional<std::string> hl7_message(const Entry& entry, const Decision* decision,
                                                     const std::string& temporary, const Written& written,
                                                     const std::vector<std::uint64_t>& before = {});

/// All standing entries, one message after the other. Not to be asked for while clashes are open (open_clashes).
[[nodiscard]] std::string write_hl7(const Book& book, const Written& written);

/// All standing entries with what was decided of them; times to the second in `zone`, which has a column. Cells that a
/// spreadsheet would take for a formula get an apostrophe.
[[nodiscard]] std::string write_review_csv(const Book& book, std::string_view zone);

}  // namespace lastgood::backentry
