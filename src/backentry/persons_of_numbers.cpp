// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "backentry/persons_of_numbers.h"

#include <algorithm>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "backentry/entry_age.h"

namespace lastgood::backentry {

namespace {

/// An identity above this many different ones under one number is not compared with all others: it is a clash anyway.
constexpr std::size_t k_identities_max = 50;

/// What an entry says of its person, made comparable once.
struct Identity {
  std::set<std::string> name_words;
  std::string phone;
  std::string patient_number;
  std::string sex;
  bool operator<(const Identity& other) const {
    return std::tie(name_words, phone, patient_number, sex) <
           std::tie(other.name_words, other.phone, other.patient_number, other.sex);
  }
};

std::set<std::string> words_of(std::string_view name) {
  std::set<std::string> out;
  std::istringstream words(name_key(name));
  for (std::string word; words >> word;) out.insert(word);
  return out;
}

Identity identity_of(const Entry& entry) {
  return {words_of(entry.name), phone_key(entry.phone), patient_key(entry.patient_number),
          entry.sex == "U" ? "" : entry.sex};
}

bool both_and_other(const std::string& a, const std::string& b) { return !a.empty() && !b.empty() && a != b; }

bool are_other_words(const std::set<std::string>& a, const std::set<std::string>& b) {
  const auto within = [](const std::set<std::string>& few, const std::set<std::string>& many) {
    return std::includes(many.begin(), many.end(), few.begin(), few.end());
  };
  return !within(a, b) && !within(b, a);
}

std::vector<std::string> differences(const Identity& a, const Identity& b) {
  std::vector<std::string> out;
  if (both_and_other(a.patient_number, b.patient_number) &&
      compare_patient_numbers(a.patient_number, b.patient_number) == SamePatientNumber::no)
    out.emplace_back("patient number");
  if (both_and_other(a.phone, b.phone)) out.emplace_back("telephone");
  if (are_other_words(a.name_words, b.name_words)) out.emplace_back("name");
  if (both_and_other(a.sex, b.sex)) out.emplace_back("sex");
  return out;
}

/// What tells any two of them apart.
std::vector<std::string> differences(const std::vector<const Entry*>& entries) {
  std::set<Identity> identities;
  for (const Entry* entry : entries) {
    if (identities.size() <= k_identities_max) identities.insert(identity_of(*entry));
  }
  std::set<std::string> out;
  for (auto a = identities.begin(); a != identities.end(); ++a) {
    for (auto b = std::next(a); b != identities.end(); ++b) {
      for (std::string& what : differences(*a, *b)) out.insert(std::move(what));
    }
  }
  return {out.begin(), out.end()};
}

using ByNumber = std::map<std::string, std::vector<const Entry*>>;

ByNumber by_number(const Book& book) {
  ByNumber out;
  for (const Entry* entry : book.standing()) out[number_key(entry->number)].push_back(entry);
  return out;
}

/// Entries of one decision, as one person, and where they came to since.
struct Together {
  std::vector<const Entry*> entries;  // those that stand for them, decided on by now
  bool is_in_force = false;           // for one of them at least
  bool has_parted = false;            // one of them is somebody else by now
};

/// REQUIRES: both are of the book.
bool are_one_person(const Book& book, const Decision& a, const Decision& b) {
  if (!a.patient_number.empty() || !b.patient_number.empty()) return a.patient_number == b.patient_number;
  return book.standing_for(a.called_after()) == book.standing_for(b.called_after());
}

/// `together`: decisions of one time about one person.
Together together_of(const Book& book, const std::vector<const Decision*>& together) {
  Together out;
  std::set<const Entry*> entries;
  for (const Decision* one : together) {
    const Entry* entry = book.standing_for(one->entry);
    const Decision* now = entry == nullptr ? nullptr : book.decision_of(entry->id);
    if (now == nullptr) continue;  // a correction that is open: 'match' shows it
    entries.insert(entry);
    if (now == one)
      out.is_in_force = true;
    else if (!are_one_person(book, *now, *one))
      out.has_parted = true;
  }
  out.entries.assign(entries.begin(), entries.end());
  std::sort(out.entries.begin(), out.entries.end(), [](const Entry* a, const Entry* b) { return a->id < b->id; });
  return out;
}

/// Of entries decided on together of which one was corrected, or decided on again, and became somebody else: the others
/// would silently keep what was said of all of them.
std::vector<Clash> parted(const Book& book) {
  std::vector<Clash> out;
  for (auto begin = book.decisions.begin(); begin != book.decisions.end();) {
    // Written in one piece.
    const auto end = std::find_if(begin, book.decisions.end(), [&](const Decision& one) {
      return one.person != begin->person || one.decided != begin->decided || one.by != begin->by;
    });
    std::vector<const Decision*> decisions;
    for (auto at = begin; begin->person != 0 && at != end; ++at) decisions.push_back(&*at);
    const Together together = together_of(book, decisions);
    if (together.is_in_force && together.has_parted)
      out.push_back({book.standing_for(begin->person)->number, together.entries, {"decided together, then apart"}});
    begin = end;
  }
  return out;
}

}  // namespace

std::string number_key(std::string_view number) {
  std::string out;
  for (const char c : number) {
    if (c != ' ') out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return out;
}

namespace {

bool is_number_digit(char c) { return c >= '0' && c <= '9'; }

/// Of "UH6" is "6" the part behind the letters.
std::string digits_at_end(const std::string& key) {
  std::size_t from = key.size();
  while (from > 0 && is_number_digit(key[from - 1])) --from;
  return key.substr(from);
}

}  // namespace

std::string written_key(std::string_view number) {
  std::string out;
  for (const char c : number_key(number)) {
    const bool is_letter = (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
    if (is_letter || is_number_digit(c)) out += c;
  }
  return out;
}

std::string patient_key(std::string_view number) {
  std::string out = written_key(number);
  // Zeros before other digits are of a form's width: "UH0000006" is "UH6".
  for (std::size_t at = 0; at + 1 < out.size();) {
    const bool is_first = at == 0 || !is_number_digit(out[at - 1]);
    const bool is_of_width = is_first && out[at] == '0' && is_number_digit(out[at + 1]);
    is_of_width ? void(out.erase(at, 1)) : void(++at);
  }
  return out;
}

std::string short_patient_key(std::string_view number) { return digits_at_end(patient_key(number)); }

SamePatientNumber compare_patient_numbers(std::string_view a, std::string_view b) {
  if (written_key(a) == written_key(b)) return SamePatientNumber::yes;
  const std::string key_a = patient_key(a);
  const std::string key_b = patient_key(b);
  if (key_a == key_b) return SamePatientNumber::may_be;
  const std::string end_a = digits_at_end(key_a);
  const bool is_one_short = end_a == key_a || digits_at_end(key_b) == key_b;
  return is_one_short && !end_a.empty() && end_a == digits_at_end(key_b) ? SamePatientNumber::may_be
                                                                         : SamePatientNumber::no;
}

namespace {

/// Two people write one sentence with other letter cases, spaces and stops; what is of a value stays: "K+ 5.1", "<3".
std::string text_key(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool is_point =
        c == '.' && i > 0 && i + 1 < text.size() && is_number_digit(text[i - 1]) && is_number_digit(text[i + 1]);
    const bool is_between = c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',' || c == ';' || c == '.';
    if (is_between && !is_point) continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

}  // namespace

std::vector<const Entry*> same_papers(const Book& book, const Entry& entry) {
  const auto is_same = [&](const Entry& other) {
    if (other.id == entry.id || other.id == entry.corrects) return false;
    // What is cheap to compare comes first: a book has thousands.
    if (other.what != entry.what || other.paper_time != entry.paper_time) return false;
    return (other.text == entry.text || text_key(other.text) == text_key(entry.text)) &&
           number_key(other.number) == number_key(entry.number) &&
           compare_patient_numbers(other.patient_number, entry.patient_number) != SamePatientNumber::no &&
           name_key(other.name) == name_key(entry.name) && phone_key(other.phone) == phone_key(entry.phone);
  };
  std::vector<const Entry*> out;
  for (const Entry* other : book.standing()) {
    if (is_same(*other)) out.push_back(other);
  }
  return out;
}

std::vector<std::string> differences(const Entry& a, const Entry& b) {
  return differences(identity_of(a), identity_of(b));
}

std::vector<std::string> contradictions(const Entry& a, const Entry& b) {
  std::vector<std::string> out = differences(a, b);
  out.erase(std::remove(out.begin(), out.end(), "telephone"), out.end());
  if (years_apart(a, b).value_or(0) > k_other_age_years) out.emplace_back("age");
  return out;
}

bool is_other_name(std::string_view a, std::string_view b) { return are_other_words(words_of(a), words_of(b)); }

std::string person_line(const Entry& entry) {
  std::string out = fmt::format("entry {}: {} of {}", entry.id, name_of(entry.what),
                                entry.name.empty() ? "somebody without a name" : entry.name);
  for (const std::string* part : {&entry.sex, &entry.age, &entry.patient_number, &entry.phone}) {
    if (!part->empty()) out += ", " + *part;
  }
  return out;
}

std::vector<Entry> other_holders(const Book& book, const Entry& entry) {
  std::vector<Entry> out;
  const std::string key = number_key(entry.number);
  for (const Entry* other : book.standing()) {
    if (other->id == entry.corrects || number_key(other->number) != key) continue;
    if (!differences(*other, entry).empty()) out.push_back(*other);
  }
  return out;
}

std::vector<Clash> open_clashes(const Book& book) {
  std::vector<Clash> out;
  for (const auto& [key, entries] : by_number(book)) {
    const auto is_decided = [&](const Entry* entry) { return book.decision_of(entry->id) != nullptr; };
    if (entries.size() < 2 || std::all_of(entries.begin(), entries.end(), is_decided)) continue;
    Clash clash{entries.front()->number, entries, {}};
    for (const std::string& what : differences(entries)) clash.reasons.push_back("another " + what);
    if (std::any_of(entries.begin(), entries.end(), is_decided)) clash.reasons.emplace_back("only some are decided");
    if (!clash.reasons.empty()) out.push_back(std::move(clash));
  }
  for (Clash& clash : parted(book)) out.push_back(std::move(clash));
  return out;
}

TemporaryNumbers::TemporaryNumbers(const Book& book) : book_(&book) {
  for (const auto& [key, entries] : by_number(book)) {
    std::map<std::uint64_t, std::vector<const Entry*>> persons;
    for (const Entry* entry : entries) {
      const Decision* decision = book.decision_of(entry->id);
      if (decision != nullptr && decision->patient_number.empty()) persons[decision->called_after()].push_back(entry);
    }
    spelling_[key] = entries.front()->number;
    // Decided apart, and told apart by what was typed: two persons, whom one number would make one.
    const bool are_several = persons.size() > 1 && !differences(entries).empty();
    for (const auto& [person, of_person] : persons) {
      const Entry* first = book.standing_for(person);
      // Called after an entry of another number, which says it.
      if (first == nullptr || number_key(first->number) != key) continue;
      by_person_[person] = are_several ? fmt::format("{}-{}", spelling_[key], person) : spelling_[key];
    }
  }
}

std::string TemporaryNumbers::of(const Entry& entry, const Decision* decision) const {
  if (decision == nullptr) return spelled(entry);
  if (const auto found = by_person_.find(decision->called_after()); found != by_person_.end()) return found->second;
  // What the person was called after was corrected, and nobody has decided on the correction yet.
  const Entry* first = book_->standing_for(decision->called_after());
  return spelled(first == nullptr ? entry : *first);
}

std::string TemporaryNumbers::spelled(const Entry& entry) const {
  const auto found = spelling_.find(number_key(entry.number));
  return found == spelling_.end() ? entry.number : found->second;
}

}  // namespace lastgood::backentry
