// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "backentry/entry_book.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "backentry/line_file.h"
#include "base/checksum.h"
#include "base/human.h"
#include "base/local_time.h"
#include "base/rfc3339.h"
#include "os/folder.h"

namespace lastgood::backentry {

namespace {

std::string path_of(const std::string& case_folder) { return case_folder + "/backentry/entries.jsonl"; }

std::string digest_of(const nlohmann::ordered_json& body) {
  const std::string text = body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  const base::Sha256Digest digest = base::sha256(base::ByteView(std::string_view(text)));
  return base::hex(base::ByteView(std::span<const std::uint8_t>(digest)));
}

nlohmann::ordered_json body_of(const Entry& entry, const std::string& previous) {
  nlohmann::ordered_json body = {{"entry", entry.id},
                                 {"corrects", entry.corrects},
                                 {"what", std::string(name_of(entry.what))},
                                 {"number", entry.number},
                                 {"patient_number", entry.patient_number},
                                 {"phone", entry.phone},
                                 {"name", entry.name},
                                 {"sex", entry.sex},
                                 {"age", entry.age},
                                 {"place", entry.place}};
  // Books of before have no such field, and their digests no place for it.
  if (!entry.from_place.empty()) body["from_place"] = entry.from_place;
  body["text"] = entry.text;
  body["paper_time"] = entry.paper_time;
  body["typed_by"] = entry.typed_by;
  body["typed"] = entry.typed;
  body["previous"] = previous;
  return body;
}

nlohmann::ordered_json body_of(const Decision& decision, const std::string& previous) {
  nlohmann::ordered_json body = {{"decides", decision.entry}, {"patient_number", decision.patient_number}};
  // As above.
  if (decision.person != 0) body["person"] = decision.person;
  body["by"] = decision.by;
  body["decided"] = decision.decided;
  body["previous"] = previous;
  return body;
}

std::string text_of(const nlohmann::json& line, const char* name) {
  const auto found = line.find(name);
  return found != line.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::uint64_t number_of(const nlohmann::json& line, const char* name) {
  const auto found = line.find(name);
  return found != line.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : std::uint64_t{0};
}

Entry entry_of(const nlohmann::json& line) {
  Entry entry;
  entry.id = number_of(line, "entry");
  entry.corrects = number_of(line, "corrects");
  entry.what = find_what(text_of(line, "what")).value_or(What::registration);
  entry.number = text_of(line, "number");
  entry.patient_number = text_of(line, "patient_number");
  entry.phone = text_of(line, "phone");
  entry.name = text_of(line, "name");
  entry.sex = text_of(line, "sex");
  entry.age = text_of(line, "age");
  entry.place = text_of(line, "place");
  entry.from_place = text_of(line, "from_place");
  entry.text = text_of(line, "text");
  entry.paper_time = text_of(line, "paper_time");
  entry.typed_by = text_of(line, "typed_by");
  entry.typed = text_of(line, "typed");
  return entry;
}

base::Error changed(const std::string& path, std::size_t line) {
  return {.code = base::ErrorCode::damaged_container,
          .what = fmt::format("entry {} of '{}' is not as it was written, or one before it is missing", line,
                              base::printable(path)),
          .path = path,
          .offset_bytes = {},
          .system_errno = 0,
          .hint = "compare with a copy of the case; the ledger has the digest of the last line"};
}

base::Result<Book> book_of(const std::vector<nlohmann::json>& lines, const std::string& path) {
  Book book;
  for (const nlohmann::json& line : lines) {
    const std::size_t number = book.entries.size() + book.decisions.size() + 1;
    nlohmann::ordered_json body;
    if (line.contains("decides")) {
      Decision decision{number_of(line, "decides"), text_of(line, "patient_number"), text_of(line, "by"),
                        text_of(line, "decided"), number_of(line, "person")};
      body = body_of(decision, book.head);
      book.decisions.push_back(std::move(decision));
    } else {
      Entry entry = entry_of(line);
      if (entry.id != book.entries.size() + 1) return changed(path, number);
      body = body_of(entry, book.head);
      book.entries.push_back(std::move(entry));
    }
    const std::string digest = digest_of(body);
    if (text_of(line, "sha256") != digest) return changed(path, number);
    book.head = digest;
  }
  return book;
}

}  // namespace

std::vector<const Entry*> Book::standing() const {
  std::set<std::uint64_t> corrected;
  for (const Entry& entry : entries) corrected.insert(entry.corrects);
  std::vector<const Entry*> out;
  for (const Entry& entry : entries) {
    if (corrected.count(entry.id) == 0) out.push_back(&entry);
  }
  return out;
}

const Decision* Book::decision_of(std::uint64_t entry) const {
  const auto found = std::find_if(decisions.rbegin(), decisions.rend(),
                                  [&](const Decision& decision) { return decision.entry == entry; });
  return found == decisions.rend() ? nullptr : &*found;
}

const Entry* Book::standing_for(std::uint64_t entry) const {
  if (entry == 0 || entry > entries.size()) return nullptr;
  const Entry* out = &entries[entry - 1];
  for (const Entry& later : entries) {
    if (later.corrects == out->id) out = &later;  // corrections come after what they correct
  }
  return out;
}

std::string sentence_of(const Book& book, const Decision& decision, std::string_view zone) {
  std::string who = fmt::format("is patient '{}'", base::printable(decision.patient_number));
  if (decision.patient_number.empty() && decision.called_after() != decision.entry)
    who = fmt::format("is the new person of entry {}", decision.called_after());
  else if (decision.patient_number.empty())
    who = "is a new person";
  return fmt::format("'{}' decided {} that entry {} ({}) {}", base::printable(decision.by),
                     base::time_in_zone(base::parse_rfc3339(decision.decided).value_or(0), zone), decision.entry,
                     base::printable(book.entries[decision.entry - 1].name), who);
}

base::Result<Book> parse_book(std::string_view text, const std::string& path) {
  LG_ASSIGN(const std::vector<nlohmann::json> lines, parse_lines(text, path));
  return book_of(lines, path);
}

base::Result<Book> read_book(const std::string& case_folder) {
  LG_ASSIGN(const std::vector<nlohmann::json> lines, read_lines(path_of(case_folder)));
  return book_of(lines, path_of(case_folder));
}

namespace {

/// The book under its lock, and the lines of `made` more.
template <typename Made>
base::Status append_to_book(const std::string& case_folder, const Made& made) {
  LG_TRY(os::make_private_folder(case_folder + "/backentry", os::WhenThere::accept));
  LG_ASSIGN(LineFile file, LineFile::open(path_of(case_folder)));
  LG_ASSIGN(const Book book, book_of(file.lines(), path_of(case_folder)));
  LG_ASSIGN(const std::vector<nlohmann::ordered_json> lines, made(book));
  return file.append(lines);
}

nlohmann::ordered_json sealed(nlohmann::ordered_json body) {
  body["sha256"] = digest_of(body);
  return body;
}

base::Error not_there(std::uint64_t entry) {
  return {.code = base::ErrorCode::misuse,
          .what = fmt::format("there is no entry {} in the book", entry),
          .path = {},
          .offset_bytes = {},
          .system_errno = 0,
          .hint = "'lastgood sheets match' lists them"};
}

base::Error corrected_already(std::uint64_t entry, std::uint64_t by) {
  return {.code = base::ErrorCode::misuse,
          .what = fmt::format("entry {} was corrected by entry {} already", entry, by),
          .path = {},
          .offset_bytes = {},
          .system_errno = 0,
          .hint = fmt::format("correct entry {}", by)};
}

/// Who is already decided to be somebody else; null: nobody decided, or the same.
const Decision* find_contrary(const Book& book, const Decision& decision) {
  const Decision* earlier = book.decision_of(decision.entry);
  if (earlier == nullptr || earlier->patient_number != decision.patient_number) return earlier;
  // New persons have no number: they are the same when they are called after the same entry.
  return decision.patient_number.empty() && earlier->called_after() != decision.called_after() ? earlier : nullptr;
}

base::Error decided_otherwise(const Book& book, const Decision& earlier, std::string_view zone) {
  return {.code = base::ErrorCode::misuse,
          .what = sentence_of(book, earlier, zone),
          .path = {},
          .offset_bytes = {},
          .system_errno = 0,
          .hint = "ask that person; --overrule decides otherwise all the same, and both decisions stay in the book"};
}

}  // namespace

base::Result<AddedEntry> add_entry_without_doubts(const std::string& case_folder, Entry entry, const os::Clock& clock,
                                                  const AskDoubts& ask) {
  AddedEntry added{.entry = std::move(entry), .doubts = {}};
  Entry& made = added.entry;
  LG_TRY(append_to_book(case_folder, [&](const Book& book) -> base::Result<std::vector<nlohmann::ordered_json>> {
    if (made.corrects > book.entries.size()) return not_there(made.corrects);
    const Entry* standing = book.standing_for(made.corrects);
    if (standing != nullptr && standing->id != made.corrects) return corrected_already(made.corrects, standing->id);
    added.doubts = ask(book);
    if (!added.doubts.empty()) return std::vector<nlohmann::ordered_json>{};
    made.id = book.entries.size() + 1;
    made.typed = base::format_rfc3339(clock.now_ns());
    return std::vector<nlohmann::ordered_json>{sealed(body_of(made, book.head))};
  }));
  return added;
}

base::Result<Entry> add_entry(const std::string& case_folder, Entry entry, const os::Clock& clock) {
  LG_ASSIGN(AddedEntry added, add_entry_without_doubts(case_folder, std::move(entry), clock,
                                                       [](const Book&) { return std::vector<Doubt>(); }));
  return std::move(added.entry);
}

base::Status add_decisions(const std::string& case_folder, const std::vector<std::uint64_t>& entries,
                           const Decision& decision, EarlierDecision earlier, const os::Clock& clock,
                           std::string_view zone) {
  return append_to_book(case_folder, [&](const Book& book) -> base::Result<std::vector<nlohmann::ordered_json>> {
    std::vector<nlohmann::ordered_json> lines;
    std::string head = book.head;
    const std::string decided = base::format_rfc3339(clock.now_ns());  // one: it tells what was decided together
    for (const std::uint64_t entry : entries) {
      if (entry == 0 || entry > book.entries.size()) return not_there(entry);
      // What stands is the correction: a decision about what it replaced would go nowhere.
      const Entry* standing = book.standing_for(entry);
      if (standing != nullptr && standing->id != entry) return corrected_already(entry, standing->id);
      Decision one = decision;
      one.entry = entry;
      one.person = entries.size() > 1 ? *std::min_element(entries.begin(), entries.end()) : 0;
      one.decided = decided;
      const Decision* contrary = find_contrary(book, one);
      if (contrary != nullptr && earlier == EarlierDecision::stands) return decided_otherwise(book, *contrary, zone);
      lines.push_back(sealed(body_of(one, head)));
      head = lines.back()["sha256"].get<std::string>();
    }
    return lines;
  });
}

base::Status seal_book(const std::string& case_folder, ledger::Ledger& ledger) {
  LG_ASSIGN(const Book book, read_book(case_folder));
  if (book.head.empty()) return base::Done{};
  LG_TRY(ledger.append("back-entries", {{"entries", static_cast<std::int64_t>(book.entries.size())},
                                        {"decisions", static_cast<std::int64_t>(book.decisions.size())},
                                        {"sha256", book.head}}));
  return base::Done{};
}

}  // namespace lastgood::backentry
