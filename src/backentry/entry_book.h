// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What was typed in: CASE/backentry/entries.jsonl. It only grows: a correction is a new entry, and each line carries
// the digest of the line before it, the last of which goes into the ledger. Nothing of it is written into any database.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "backentry/doubts.h"
#include "backentry/entry.h"
#include "base/result.h"
#include "ledger/ledger.h"
#include "os/clock.h"

namespace lastgood::backentry {

/// A person's word on whom an entry is about.
struct Decision {
  std::uint64_t entry = 0;
  std::string patient_number;  // the one in the database; empty: a new person
  std::string by;
  std::string decided;  // RFC 3339
  /// Of entries that were decided on together the first: they are one person. 0: of this one alone.
  std::uint64_t person = 0;
  [[nodiscard]] std::uint64_t called_after() const { return person == 0 ? entry : person; }
};

struct Book {
  std::vector<Entry> entries;  // in their order, those that were corrected too
  std::vector<Decision> decisions;
  std::string head;  // digest of the last line
  /// Entries that no later one corrects.
  [[nodiscard]] std::vector<const Entry*> standing() const;
  [[nodiscard]] const Decision* decision_of(std::uint64_t entry) const;  // the last one
  /// The entry that stands in place of `entry` after all corrections; null: there is none of that number.
  [[nodiscard]] const Entry* standing_for(std::uint64_t entry) const;
};

/// Pure. ErrorCode::damaged_container when a line was changed, taken out or put in.
[[nodiscard]] base::Result<Book> parse_book(std::string_view text, const std::string& path);
[[nodiscard]] base::Result<Book> read_book(const std::string& case_folder);

/// Puts the entry on disk with its place in the book and the time. ErrorCode::misuse: it corrects one that is not
/// there, or that was corrected already: else both would stand.
[[nodiscard]] base::Result<Entry> add_entry(const std::string& case_folder, Entry entry, const os::Clock& clock);

/// What a person is to be asked first, by the book as it is when nobody else can write it. What was found in the book
/// before may be old by then: at another desk the same number may have been kept meanwhile.
using AskDoubts = std::function<std::vector<Doubt>(const Book& book)>;
struct AddedEntry {
  Entry entry;
  std::vector<Doubt> doubts;  // where there are any, nothing was kept
};
/// The same, unless there are doubts.
[[nodiscard]] base::Result<AddedEntry> add_entry_without_doubts(const std::string& case_folder, Entry entry,
                                                                const os::Clock& clock, const AskDoubts& ask);
/// "'Dr Rao' decided 2022-11-24 08:40:00 +05:30 that entry 3 (Sunita Devi) is patient 'UH0012345'".
/// REQUIRES: the decision is of this book.
[[nodiscard]] std::string sentence_of(const Book& book, const Decision& decision, std::string_view zone);

/// One decision about several entries says that they are one person; all of it is kept, or none. ErrorCode::misuse: of
/// one that is not there, or that was corrected; with EarlierDecision::stands also of one on which somebody decided
/// otherwise: who decided what, and when (in `zone`), is in the error.
enum class EarlierDecision : std::uint8_t { stands, is_overruled };
[[nodiscard]] base::Status add_decisions(const std::string& case_folder, const std::vector<std::uint64_t>& entries,
                                         const Decision& decision, EarlierDecision earlier, const os::Clock& clock,
                                         std::string_view zone);

/// One ledger entry over what the book has now.
[[nodiscard]] base::Status seal_book(const std::string& case_folder, ledger::Ledger& ledger);

}  // namespace lastgood::backentry
