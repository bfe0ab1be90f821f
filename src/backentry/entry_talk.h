// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// EntryTalk: how entries are typed at a terminal. Field by field; what is wrong is asked for again, nothing else; all
// of it is shown before it is kept, and each line of that can still be changed. Pure: lines in, texts out.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "backentry/doubts.h"

namespace lastgood::backentry {

class EntryTalk {
 public:
  struct Asks {
    std::function<std::optional<Entry>(std::uint64_t)> entry;     // of the book, as it stands now; to be corrected
    std::function<std::string(const std::string&)> about_number;  // ", a number of ward-census W-1"
    std::function<std::vector<Doubt>(const Answers&)> doubts;     // the open ones, by what the case knows
  };
  EntryTalk(std::string typed_by, Asks asks);

  /// Once, before the first question: what can be typed.
  [[nodiscard]] static std::string how_to();
  /// What stands before the next line: what was wrong with the last one, and the question.
  [[nodiscard]] std::string prompt() const;

  enum class Next : std::uint8_t { ask, keep, ended };
  /// `keep`: answers() are to be kept, then begin_next() or refuse() is called. `ended`: an empty number at the
  /// beginning.
  [[nodiscard]] Next take(const std::string& line);

  [[nodiscard]] const Answers& answers() const { return answers_; }
  /// Something was typed that is not kept.
  [[nodiscard]] bool is_begun() const { return is_begun_; }
  /// The place stays for the next paper, and the day of it is known.
  void begin_next();
  /// It could not be kept: back to what is shown, with the reason.
  void refuse(const std::string& why) { trouble_ = k_not_so + why; }

 private:
  static constexpr const char* k_not_so = "NOT SO: ";
  [[nodiscard]] std::string answer(std::string_view key) const;
  [[nodiscard]] std::string shown() const;
  [[nodiscard]] std::string shown_doubts() const;
  Next take_answer(const std::string& text);
  Next take_choice(const std::string& text);
  void correct(const std::string& number);
  /// "09:10" on the day of the paper before.
  [[nodiscard]] std::string completed(const Field& field, const std::string& text) const;
  [[nodiscard]] std::string mistake_in(std::string_view key) const;
  [[nodiscard]] std::string doubt_in(std::string_view key) const;
  void go_on();
  /// The next question, and the one before, among those that are asked.
  [[nodiscard]] std::size_t after(std::size_t at) const;
  [[nodiscard]] std::size_t before(std::size_t at) const;
  /// How many are asked.
  [[nodiscard]] std::size_t lines() const;

  std::string typed_by_;
  Asks asks_;
  Answers answers_;
  std::string day_;         // of the paper before: "2022-11-23"
  std::size_t at_ = 0;      // the field that is asked for; k_shown: all is shown, and a choice is asked for
  bool was_shown_ = false;  // one field is typed again, then all is shown
  bool is_begun_ = false;
  std::string trouble_;
};

}  // namespace lastgood::backentry
