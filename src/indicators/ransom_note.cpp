// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A note speaks to the owner of the files: it says what happened to them, whom to answer, and what is wanted, offered,
// threatened or forbidden. Ordinary texts about encryption (manuals, licences, reports) say some of this, but not to
// the reader, or without an address that hides its owner. Each of these counts; the sum decides. Somebody who tells of
// an attack uses words no attacker uses of himself: they count against.
#include "indicators/ransom_note.h"

#include <emmintrin.h>

#include <algorithm>
#include <array>
#include <string>

#include "base/utf8.h"
#include "indicators/code_pages.h"
#include "indicators/contact_signs.h"
#include "indicators/find_contacts.h"
#include "indicators/note_contacts.h"
#include "indicators/note_stems.h"
#include "indicators/note_words.h"
#include "indicators/own_words.h"
#include "indicators/readable_text.h"

namespace lastgood::indicators {

namespace {

constexpr std::size_t k_note_bytes_max = 64 * 1024;
constexpr std::size_t k_note_bytes_min = 40;
// Longer texts need a contact that hides its owner: a page about ransomware says the same words, but has none.
constexpr std::size_t k_long_bytes = 12 * 1024;
constexpr std::size_t k_short_bytes = 700;
constexpr std::size_t k_general_bytes_max = 1500;
// Texts in which nothing speaks of encryption are searched for other words of notes up to this size.
constexpr std::size_t k_searched_bytes = 4 * 1024;
constexpr std::size_t k_sentence_bytes_max = 400;
constexpr std::size_t k_contacts_max = 32;

constexpr int k_points_min = 7;
// Nobody else is reached so, and nothing says that an honest person writes.
constexpr int k_points_min_hidden = 6;
// An ordinary address in a longer text: there is room to say more.
constexpr int k_points_min_long = 8;
constexpr int k_points_min_very_long = 9;
constexpr std::size_t k_very_long_bytes = 4 * 1024;

bool has_any(std::string_view text, Words words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

bool is_note_name(std::string_view name) {
  std::string folded(name);
  std::transform(folded.begin(), folded.end(), folded.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  constexpr std::array<std::string_view, 8> k_names = {"decrypt", "recover", "restore", "ransom",
                                                       "how_to",  "how to",  "unlock",  "your_files"};
  return has_any(folded, k_names);
}

/// Sixteen places at once, in any case: "ryp" (encrypt, decrypt), "ifr" (the Romance and Slavic words for it), "nio"
/// (onion), "tco" (bitcoin).
bool has_sign_letters(base::ByteView text) {
  const std::string_view bytes = text.text();
  const __m128i lower = _mm_set1_epi8(0x20);
  const auto load = [&](std::size_t at) {
    return _mm_or_si128(_mm_loadu_si128(static_cast<const __m128i*>(static_cast<const void*>(bytes.data() + at))),
                        lower);
  };
  const auto is = [](__m128i block, char letter) { return _mm_cmpeq_epi8(block, _mm_set1_epi8(letter)); };
  const auto around = [&](std::size_t at, std::string_view word) {
    const std::string_view near = bytes.substr(at < 4 ? 0 : at - 4, 28);
    return std::search(near.begin(), near.end(), word.begin(), word.end(),
                       [](char a, char b) { return (a | 0x20) == b; }) != near.end();
  };
  std::size_t at = 0;
  for (; at + 18 <= bytes.size(); at += 16) {
    const __m128i first = load(at);
    const __m128i second = load(at + 1);
    const __m128i third = load(at + 2);
    const __m128i crypt = _mm_and_si128(_mm_and_si128(is(first, 'r'), is(second, 'y')), is(third, 'p'));
    const __m128i cipher = _mm_and_si128(_mm_and_si128(is(first, 'i'), is(second, 'f')), is(third, 'r'));
    const __m128i onion = _mm_and_si128(_mm_and_si128(is(first, 'n'), is(second, 'i')), is(third, 'o'));
    const __m128i coin = _mm_and_si128(_mm_and_si128(is(first, 't'), is(second, 'c')), is(third, 'o'));
    const __m128i sure = _mm_or_si128(crypt, cipher);
    const __m128i likely = _mm_or_si128(onion, coin);
    if (_mm_movemask_epi8(_mm_or_si128(sure, likely)) == 0) continue;
    if (_mm_movemask_epi8(sure) != 0 || around(at, "onion") || around(at, "bitcoin")) return true;
  }
  const std::string_view rest = bytes.substr(at > 4 ? at - 4 : 0);
  return rest.find("ryp") != std::string_view::npos || rest.find("onion") != std::string_view::npos;
}

/// Other letters than ASCII are written as numbers or names there, so that no word can be searched for yet.
bool is_short_and_escaped(base::ByteView text) {
  if (text.matches(0, "{\\rtf")) return true;
  if (text.size() > k_long_bytes || text.part(0, 64).find("<") == base::ByteView::npos) return false;
  return text.find("&#") != base::ByteView::npos || text.find("uml;") != base::ByteView::npos ||
         text.find("acute;") != base::ByteView::npos;
}

/// Notes in other languages than English say it in other letters; such texts are few and short enough to be read whole.
bool is_short_and_foreign(base::ByteView text) {
  constexpr std::size_t k_looked_bytes = 400;
  const base::ByteView looked = text.part(0, k_looked_bytes);
  return text.size() <= k_long_bytes &&
         std::any_of(looked.begin(), looked.end(), [](std::uint8_t byte) { return byte >= 0x80; });
}

/// Full stops and marks of other scripts than Latin.
bool ends_foreign_sentence(std::string_view rest) {
  constexpr auto k_marks =
      std::to_array<std::string_view>({"\u3002", "\uFF01", "\uFF1F", "\u0964", "\u061F", "\u06D4"});
  return static_cast<unsigned char>(rest.front()) >= 0x80 &&
         std::any_of(k_marks.begin(), k_marks.end(), [&](std::string_view mark) { return rest.starts_with(mark); });
}

/// Behind `from` at the end of a line or at a full stop.
std::size_t sentence_end(std::string_view text, std::size_t from) {
  std::size_t end = from;
  for (; end < text.size() && end - from < k_sentence_bytes_max; ++end) {
    const char c = text[end];
    if (c == '\n' || c == '!' || c == '?' || (c == '.' && end + 1 < text.size() && text[end + 1] == ' ')) break;
    if (ends_foreign_sentence(text.substr(end))) break;
  }
  return end;
}

/// A question says nothing as a fact.
bool is_question(std::string_view text, std::size_t end) {
  const std::string_view rest = text.substr(std::min(end, text.size()));
  return rest.starts_with("?") || rest.starts_with("\uFF1F") || rest.starts_with("\u061F");
}

enum class Message : std::uint8_t {
  none,
  general,  // "all servers are encrypted"
  personal  // "your servers are encrypted"
};

/// The plainest sentence that says what happened, as a fact. Somebody who hides may say it in words that honest people
/// use as well.
Message find_message(std::string_view text, const FoundStems& stems, Hiding hiding) {
  Message best = Message::none;
  std::size_t at = 0;
  std::size_t next = 0;
  while (at < text.size() && next < stems.places.size()) {
    const std::size_t end = sentence_end(text, at);
    std::array<bool, k_placed_groups> there = {};
    for (; next < stems.places.size() && stems.places[next].at <= end; ++next)
      there.at(static_cast<std::size_t>(stems.places[next].group)) = true;
    const auto has = [&](StemGroup group) { return there.at(static_cast<std::size_t>(group)); };
    at = end + 1;
    const bool harm = has(StemGroup::harm) || (hiding != Hiding::none && has(StemGroup::hint));
    if (!harm || has(StemGroup::supposed) || is_question(text, end)) continue;
    if (has(StemGroup::owner)) return Message::personal;
    if (has(StemGroup::thing)) best = Message::general;
  }
  return best;
}

/// A text in a language or encoding whose words are not known here: it is short, and its contacts are those of a note.
std::vector<std::string> find_signs_without_words(std::string_view text, const std::vector<Contact>& contacts) {
  constexpr std::size_t k_few_words_bytes = 3 * 1024;
  const Contact* best = find_best_contact(contacts);
  const bool foreign = !is_english(text);
  if (text.size() > k_few_words_bytes || best == nullptr || hiding_of(*best) < Hiding::more || !foreign) return {};
  const bool more = contacts.size() >= 2 || text.find("Tor") != std::string_view::npos;
  if (!more && (hiding_of(*best) == Hiding::full || !has_number_of_victim(text))) return {};
  return {"is short and names a contact that hides its owner, " + best->kind + " " + best->value,
          "names " + std::to_string(contacts.size()) + " contacts or payment addresses",
          "is in a language or encoding whose words were not compared"};
}

struct Points {
  int sum = 0;
  std::vector<std::string> signs;
  void add(int points, std::string sign) {
    sum += points;
    signs.push_back(std::move(sign));
  }
};

/// `text` as one encoding has it.
struct Reading {
  bool has_reports = false;
  std::vector<std::string> signs;
  std::vector<std::string> without_words;  // signs that stand for themselves when no words are found
};

struct Letter {
  std::string_view text;
  std::string_view folded;
  std::string_view name;
  const std::vector<Contact>& contacts;
  const Contact& best;
  const FoundStems& stems;
};

/// Words of people who tell of an attack or run an office.
int count_reports(const Letter& letter) {
  const std::size_t office = hiding_of(letter.best) == Hiding::none ? letter.stems.of(StemGroup::office) : 0;
  return static_cast<int>(letter.stems.of(StemGroup::report) + office);
}

/// Those that an attacker may use too, one and a further one in each part of the text aside.
int count_office_words(const Letter& letter) {
  constexpr std::size_t k_part_bytes = 800;
  const std::size_t first = hiding_of(letter.best) == Hiding::some ? 0 : 1;
  const std::size_t allowed = first + letter.folded.size() / k_part_bytes;
  const std::size_t office = letter.stems.of(StemGroup::office);
  const int more = static_cast<int>(office - std::min(office, allowed));
  return hiding_of(letter.best) == Hiding::full ? more / 2 : more;
}

bool is_numbered(const Letter& letter) {
  return has_number_of_victim(letter.text) ||
         std::any_of(letter.contacts.begin(), letter.contacts.end(),
                     [](const Contact& contact) { return contact.kind == "victim_id"; });
}

std::size_t count_topics(const Letter& letter, TopicUse least) {
  std::size_t count = 0;
  for (std::size_t topic = 0; topic < note_topics().size(); ++topic)
    count += note_topics()[topic].use >= least && letter.stems.has_topic(topic) ? 1U : 0U;
  return count;
}

/// A number to quote, or so many of price, threat and proof.
bool wants_something(const Letter& letter, std::size_t demands_min) {
  return is_numbered(letter) || count_topics(letter, TopicUse::demand) >= demands_min;
}

/// Few words say little, so that each weighs more where they speak to somebody.
bool is_short(const Letter& letter, Message message) {
  if (letter.folded.size() > k_short_bytes) return false;
  const Hiding hiding = hiding_of(letter.best);
  const bool to_owner = letter.stems.of(StemGroup::owner) > 0;
  const bool from_group = letter.stems.of(StemGroup::voice) > 0;
  return message != Message::none || (hiding == Hiding::some && to_owner && from_group) ||
         (hiding >= Hiding::more && (to_owner || from_group));
}

Points weigh(const Letter& letter) {
  Points points;
  const Hiding hiding = hiding_of(letter.best);
  const int reports = count_reports(letter);
  Message message = find_message(letter.folded, letter.stems, hiding);
  // Reports and manuals say this of anybody's files.
  const bool long_letter = hiding == Hiding::none && letter.folded.size() > k_general_bytes_max;
  if (message == Message::general && (reports > 1 || long_letter)) message = Message::none;
  // Whoever gives an ordinary address must at least say what happened.
  const std::size_t demands_min = message == Message::personal ? 1 : 2;
  if (hiding == Hiding::none && (message == Message::none || !wants_something(letter, demands_min))) return points;
  switch (message) {
    case Message::personal:
      points.add(3, "says that the reader's files or systems were encrypted, locked or stolen");
      break;
    case Message::general: points.add(2, "says that files or systems were encrypted, locked or stolen"); break;
    case Message::none:
      if (letter.stems.of(StemGroup::harm) + letter.stems.of(StemGroup::hint) > 0)
        points.add(1, "speaks of something encrypted, locked or stolen");
      break;
  }
  points.add(hiding >= Hiding::more   ? 3
             : hiding == Hiding::some ? 2
                                      : 1,
             (hiding == Hiding::none ? "names a contact, " : "names a contact that hides its owner, ") +
                 letter.best.kind + " " + letter.best.value);
  if (names_its_house(letter.folded, letter.best) || is_office(letter.best)) points.sum -= 3;
  if (message != Message::personal && letter.stems.of(StemGroup::owner) > 0)
    points.add(1, "addresses the owner of the files");
  for (std::size_t topic = 0; topic < note_topics().size(); ++topic) {
    if (letter.stems.has_topic(topic)) points.add(1, std::string(note_topics()[topic].title));
  }
  if (letter.stems.of(StemGroup::voice) > 0) points.add(1, "speaks for a group");
  // People who like to be private copy and lock things for others, too.
  if (hiding == Hiding::some && count_topics(letter, TopicUse::talk) == 0 && !is_numbered(letter)) points.sum -= 2;
  // Whoever writes English to a victim says "your".
  if (hiding != Hiding::none && letter.stems.of(StemGroup::owner) == 0 &&
      letter.folded.find("your ") == std::string_view::npos && is_english(letter.folded))
    points.sum -= 2;
  if (is_short(letter, message)) points.add(1, "is short");
  if (is_note_name(letter.name)) points.add(1, "is named as notes are");
  if (is_numbered(letter)) points.add(1, "gives the victim a number");
  // None is a sign. Where the writer hides, only words count that hardly any attacker uses: each weighs three topics.
  if (hiding == Hiding::none) {
    points.sum += 1 - 2 * reports - (has_plain_name(letter.best) ? 1 : 0);
  } else {
    points.sum += 1 - 3 * reports - count_office_words(letter);
  }
  return points;
}

int points_min(const Letter& letter) {
  const Hiding hiding = hiding_of(letter.best);
  const std::size_t size_bytes = letter.folded.size();
  const bool reported = letter.stems.of(StemGroup::report) > 0;
  const bool harmless = letter.stems.of(StemGroup::harm) + letter.stems.of(StemGroup::hint) == 0;
  if (!reported && hiding >= Hiding::more) return k_points_min_hidden;
  if (hiding == Hiding::some && harmless) return k_points_min_long;
  if (hiding == Hiding::full || size_bytes <= k_general_bytes_max) return k_points_min;
  return size_bytes <= k_very_long_bytes ? k_points_min_long : k_points_min_very_long;
}

/// `text`: UTF-8.
Reading read(std::string_view text, std::string_view name) {
  const std::string unquoted = without_quoted_lines(text);
  if (is_source_code(unquoted)) return {};
  const std::string own = without_quotations(unquoted);
  const std::vector<Contact> contacts = find_contacts(base::ByteView(std::string_view(own)), 0, k_contacts_max);
  const Contact* best = find_best_contact(contacts);
  if (best == nullptr) return {};
  if (own.size() > k_long_bytes && hiding_of(*best) == Hiding::none) return {};
  const std::string folded = fold_text(own);
  const FoundStems stems = find_note_stems(folded);
  Reading reading;
  const std::size_t harms = stems.of(StemGroup::harm) + stems.of(StemGroup::hint);
  reading.has_reports = stems.of(StemGroup::report) > 0;
  const bool hides = hiding_of(*best) != Hiding::none && stems.of(StemGroup::report) == 0;
  if (stems.of(StemGroup::report) == 0) reading.without_words = find_signs_without_words(own, contacts);
  // Who says "we have your data" and hides need not say what he did with it.
  if (harms == 0 && !hides) return reading;
  const Letter letter = {
      .text = own, .folded = folded, .name = name, .contacts = contacts, .best = *best, .stems = stems};
  Points points = weigh(letter);
  if (points.sum >= points_min(letter)) reading.signs = std::move(points.signs);
  return reading;
}

/// Chinese in GB 18030 has no table here; these are the words that tell a note, with what they are in UTF-8.
std::string words_of_gb18030(std::string_view bytes) {
  struct Word {
    std::string_view coded;
    std::string_view utf8;
  };
  constexpr std::array k_words = std::to_array<Word>({{"\xCE\xC4\xBC\xFE", "文件"},
                                                      {"\xBC\xD3\xC3\xDC", "加密"},
                                                      {"\xC4\xFA\xB5\xC4", "您的"},
                                                      {"\xC4\xE3\xB5\xC4", "你的"},
                                                      {"\xBD\xE2\xC3\xDC", "解密"},
                                                      {"\xBB\xD6\xB8\xB4", "恢复"},
                                                      {"\xD6\xA7\xB8\xB6", "支付"},
                                                      {"\xB8\xB6\xBF\xEE", "付款"},
                                                      {"\xB1\xC8\xCC\xD8\xB1\xD2", "比特币"},
                                                      {"\xBC\xDB\xB8\xF1", "价格"},
                                                      {"\xB9\xAB\xBF\xAA", "公开"},
                                                      {"\xB9\xAB\xB2\xBC", "公布"},
                                                      {"\xB2\xBB\xD2\xAA", "不要"},
                                                      {"\xC3\xE2\xB7\xD1", "免费"},
                                                      {"\xC1\xAA\xCF\xB5", "联系"},
                                                      {"\xB1\xE0\xBA\xC5", "编号"},
                                                      {"\xCE\xD2\xC3\xC7", "我们"}});
  std::string out;
  for (const Word& word : k_words) {
    if (bytes.find(word.coded) != std::string_view::npos) out.append(word.utf8);
  }
  return out;
}

}  // namespace

bool may_be_note(base::ByteView text, std::string_view name) {
  if (text.size() < k_note_bytes_min || text.size() > k_note_bytes_max) return false;
  if (is_wide_text(text) || has_sign_letters(text) || is_note_name(name) || is_short_and_foreign(text) ||
      is_short_and_escaped(text))
    return has_contact_sign(text);
  return text.size() <= k_searched_bytes && has_contact_sign(text) &&
         (has_loss_stem(text.text()) || has_hidden_contact(text));
}

std::vector<std::string> find_note_signs(base::ByteView bytes, std::string_view name) {
  if (is_foreign_markup(bytes.text().substr(0, 8192))) return {};
  const std::string text = readable_text(bytes);
  std::vector<Reading> readings;
  if (base::is_utf8(text)) {
    readings.push_back(read(text, name));
  } else {
    for (const CodePage& page : k_code_pages) readings.push_back(read(decode(page, text), name));
    const std::string chinese = words_of_gb18030(text);
    if (!chinese.empty()) readings.push_back(read(chinese + "\n" + text, name));
  }
  // A wrong code page knows no words; a right one that says "attackers" is to be believed.
  const bool reported =
      std::any_of(readings.begin(), readings.end(), [](const Reading& reading) { return reading.has_reports; });
  std::vector<std::string> best;
  for (Reading& reading : readings) {
    if (reading.signs.size() > best.size()) best = std::move(reading.signs);
  }
  for (Reading& reading : readings) {
    if (best.empty() && !reported) best = std::move(reading.without_words);
  }
  return best;
}

}  // namespace lastgood::indicators
