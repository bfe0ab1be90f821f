// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "documents/wording.h"

#include "documents/writers.h"

namespace lastgood::documents {

namespace {

/// Lower case, every white space one blank; letters beyond ASCII stay.
std::string fold(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  for (const char letter : text) {
    const bool is_space = letter == ' ' || letter == '\n' || letter == '\t' || letter == '\r';
    if (is_space && !folded.empty() && folded.back() == ' ') continue;
    folded += is_space ? ' ' : (letter >= 'A' && letter <= 'Z') ? static_cast<char>(letter + 32) : letter;
  }
  return folded;
}

bool is_word(char letter) { return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9'); }

// A quotation stands between our words: it must end a phrase, and can be part of none.
constexpr char k_quotation = '\1';

void append(std::string& text, const Runs& runs) {
  for (const Run& run : runs) {
    if (run.style == RunStyle::quoted) {
      text += k_quotation;
    } else {
      text += run.text;
    }
  }
  text += '\1';
}

std::string own_words(const Document& document) {
  std::string text = document.title + '\1' + document.note + '\1';
  for (const Block& block : document.blocks) {
    if (const auto* heading = std::get_if<Heading>(&block)) text += heading->text + '\1';
    if (const auto* paragraph = std::get_if<Paragraph>(&block)) append(text, paragraph->runs);
    if (const auto* list = std::get_if<List>(&block)) {
      for (const Runs& item : list->items) append(text, item);
    }
    if (const auto* field = std::get_if<Field>(&block)) {
      text += field->name + '\1';
      append(text, field->value);
    }
    if (const auto* table = std::get_if<Table>(&block)) {
      for (const std::string& name : table->header) text += name + '\1';
      for (const auto& row : table->rows) {
        for (const Runs& cell : row) append(text, cell);
      }
    }
  }
  return text;
}

}  // namespace

const std::vector<std::string_view>& banned_phrases() {
  static const std::vector<std::string_view> phrases = {
      "the attacker is",   "the attackers are", "attacker lives",   "attackers live",          "attacker sits",
      "attacker was in",   "attackers were in", "the hacker is",    "the hackers are",         "is the attacker",
      "are the attackers", "is the hacker",     "hackers from",     "attackers from",          "attacker from",
      "originates from",   "originated from",   "originating from", "originates in",           "originated in",
      "traced to",         "traced back to",    "tracked down to",  "attack came from",        "attacked from china",
      "perpetrator",       "culprit",           "guilty",           "belongs to the attacker", "owned by the attacker",
      "pinpointed",        "exact location",    "geolocated to",
  };
  return phrases;
}

std::vector<BannedUse> find_banned_words(std::string_view text) {
  const std::string folded = fold(text);
  std::vector<BannedUse> uses;
  for (const std::string_view phrase : banned_phrases()) {
    for (std::size_t at = folded.find(phrase); at != std::string::npos; at = folded.find(phrase, at + 1)) {
      const std::size_t end = at + phrase.size();
      if ((at > 0 && is_word(folded[at - 1])) || (end < folded.size() && is_word(folded[end]))) continue;
      const std::size_t from = at > 30 ? at - 30 : 0;
      uses.push_back({std::string(phrase), folded.substr(from, end + 30 - from)});
    }
  }
  return uses;
}

std::vector<BannedUse> find_banned_words(const Document& document) { return find_banned_words(own_words(document)); }

}  // namespace lastgood::documents
