// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Entries as HL7 v2.5.1 messages and as a table, for people who review them before anything goes into a system.
//   registration ADT^A04, admission ADT^A01, transfer ADT^A02, discharge ADT^A03, order ORM^O01, result ORU^R01;
//   payments have no message and are in the table only. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backentry/entry_book.h"

namespace lastgood::backentry {

/// A text inside a field: delimiters as \F\ \S\ \T\ \R\ \E\, line ends and control characters as blanks.
[[nodiscard]] std::string hl7_text(std::string_view text);

/// Segments end with CR. Nothing for payments. The message's control id is "LG" and the entry's number. PID-3 is the
/// number a person decided on, else the typed one, else the downtime number with the type TEMP.
[[nodiscard]] std::optional<std::string> hl7_message(const Entry& entry, const Decision* decision,
                                                     const std::string& made_time);

/// All standing entries, one message after the other; `made_time` as "20221123091000".
[[nodiscard]] std::string write_hl7(const Book& book, const std::string& made_time);

/// All standing entries with what was decided of them. Cells that a spreadsheet would take for a formula get an
/// apostrophe.
[[nodiscard]] std::string write_review_csv(const Book& book);

}  // namespace lastgood::backentry
