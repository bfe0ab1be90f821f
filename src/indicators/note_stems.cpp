// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The first two bytes of a text position lead to the few stems that begin so.
#include "indicators/note_stems.h"

#include <algorithm>
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
    add(hint_stems(), StemGroup::hint);
    add(owner_stems(), StemGroup::owner);
    add(supposed_stems(), StemGroup::supposed);
    add(thing_stems(), StemGroup::thing);
    add(voice_stems(), StemGroup::voice);
    add(report_stems(), StemGroup::report);
    add(office_stems(), StemGroup::office);
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

/// The few stems asked of every short text, by their first two letters in five bits each.
class LossIndex {
 public:
  LossIndex() {
    for (const std::string_view word : loss_stems()) {
      LG_ASSERT(word.size() >= 2 && stems_.size() < std::numeric_limits<std::uint8_t>::max());
      std::uint8_t& first = first_.at(key_of(word, 0));
      stems_.push_back({.letters = word, .next = first});
      first = static_cast<std::uint8_t>(stems_.size());
    }
  }

  [[nodiscard]] bool is_in(std::string_view text) const {
    for (std::size_t at = 0; at + 1 < text.size(); ++at) {
      for (std::size_t which = first_[key_of(text, at)]; which != 0; which = stems_[which - 1].next) {
        if (begins_with(text.substr(at), stems_[which - 1].letters)) return true;
      }
    }
    return false;
  }

 private:
  static std::size_t key_of(std::string_view text, std::size_t at) {
    return static_cast<std::size_t>(static_cast<std::uint8_t>(text[at]) & 0x1FU) << 5U |
           (static_cast<std::uint8_t>(text[at + 1]) & 0x1FU);
  }
  static bool begins_with(std::string_view text, std::string_view letters) {
    return text.size() >= letters.size() &&
           std::equal(letters.begin(), letters.end(), text.begin(),
                      [](char a, char b) { return a == ' ' ? b == ' ' : a == (b | 0x20); });
  }

  std::vector<Stem> stems_;
  std::array<std::uint8_t, std::size_t{1} << 10U> first_ = {};
};

}  // namespace

bool has_loss_stem(std::string_view text) {
  static const LossIndex index;
  return index.is_in(text);
}

FoundStems find_note_stems(std::string_view folded) {
  static const StemIndex index;
  FoundStems found;
  std::vector<bool> seen(index.stems().size());
  for (std::size_t at = 0; at + 1 < folded.size(); ++at) {
    for (std::size_t which = index.first_at(folded, at); which != 0;) {
      const Stem& stem = index.stems()[which - 1];
      const bool fits = folded.compare(at, stem.letters.size(), stem.letters) == 0;
      if (fits && stem.group < StemGroup::voice) found.places.push_back({.at = at, .group = stem.group});
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
