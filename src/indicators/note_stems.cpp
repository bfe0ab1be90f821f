// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The first two bytes of a text position lead to the few stems that begin so.
#include "indicators/note_stems.h"

#include <limits>

#include "base/assert.h"
#include "indicators/note_words.h"

namespace lastgood::indicators {

namespace {

struct Stem {
  std::string_view letters;
  StemGroup group = StemGroup::harm;
  std::uint16_t next = 0;  // the next one with the same two first bytes, counted from 1; 0: none
};

class StemIndex {
 public:
  StemIndex() : first_(std::size_t{1} << 16U) {
    add(harm_stems(), StemGroup::harm);
    add(owner_stems(), StemGroup::owner);
    add(supposed_stems(), StemGroup::supposed);
    add(thing_stems(), StemGroup::thing);
    add(voice_stems(), StemGroup::voice);
    add(report_stems(), StemGroup::report);
    LG_ASSERT(note_topics().size() == k_topics);
    auto group = static_cast<std::uint8_t>(StemGroup::first_topic);
    for (const NoteTopic& topic : note_topics()) add(topic.stems, static_cast<StemGroup>(group++));
  }

  [[nodiscard]] const std::vector<Stem>& stems() const { return stems_; }
  [[nodiscard]] std::uint16_t first_at(std::string_view text, std::size_t at) const { return first_[key_of(text, at)]; }

 private:
  static std::size_t key_of(std::string_view text, std::size_t at) {
    return static_cast<std::size_t>(static_cast<std::uint8_t>(text[at])) << 8U |
           static_cast<std::uint8_t>(text[at + 1]);
  }

  void add(Words words, StemGroup group) {
    for (const std::string_view word : words) {
      LG_ASSERT(word.size() >= 2 && stems_.size() + 1 < std::numeric_limits<std::uint16_t>::max());
      std::uint16_t& first = first_[key_of(word, 0)];
      stems_.push_back({.letters = word, .group = group, .next = first});
      first = static_cast<std::uint16_t>(stems_.size());
    }
  }

  std::vector<Stem> stems_;
  std::vector<std::uint16_t> first_;
};

}  // namespace

FoundStems find_note_stems(std::string_view folded) {
  static const StemIndex index;
  FoundStems found;
  std::vector<bool> seen(index.stems().size());
  for (std::size_t at = 0; at + 1 < folded.size(); ++at) {
    for (std::size_t which = index.first_at(folded, at); which != 0;) {
      const Stem& stem = index.stems()[which - 1];
      const bool fits = folded.compare(at, stem.letters.size(), stem.letters) == 0;
      if (fits && stem.group <= StemGroup::thing) found.places.push_back({.at = at, .group = stem.group});
      if (fits && !seen[which - 1]) {
        seen[which - 1] = true;
        ++found.distinct.at(static_cast<std::size_t>(stem.group));
      }
      which = stem.next;
    }
  }
  return found;
}

}  // namespace lastgood::indicators
