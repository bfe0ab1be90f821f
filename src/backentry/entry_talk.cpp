// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "backentry/entry_talk.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"

namespace lastgood::backentry {

namespace {

constexpr std::size_t k_day_letters = 10;
constexpr std::size_t k_clock_letters = 5;

/// "corrects" is last and is not asked for: "#7" in place of the number says it, and brings what entry 7 says.
std::size_t asked_fields() { return fields().size() - 1; }

std::string trimmed_answer(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::optional<std::size_t> number_in(const std::string& text) {
  const bool is_number = !text.empty() && text.size() <= 9 && text.find_first_not_of("0123456789") == std::string::npos;
  if (!is_number) return std::nullopt;
  return std::stoul(text);
}

}  // namespace

EntryTalk::EntryTalk(std::string typed_by, Asks asks) : typed_by_(std::move(typed_by)), asks_(std::move(asks)) {
  answers_["typed_by"] = typed_by_;
}

std::string EntryTalk::how_to() {
  return "Enter keeps what stands in [brackets], - empties it, ! goes back to the question before.\n"
         "Where it says NOT SURE: type it again, or = alone where the paper really has it so.\n"
         "In place of a downtime number: #7 corrects entry 7, Enter alone ends.\n\n";
}

std::string EntryTalk::answer(std::string_view key) const {
  const auto found = answers_.find(key);
  return found == answers_.end() ? std::string() : found->second;
}

std::string EntryTalk::prompt() const {
  std::string out = trouble_.empty() ? std::string() : "  " + base::printable(trouble_) + "\n";
  if (at_ == asked_fields()) {
    const std::string doubts = shown_doubts();
    return out + shown() + doubts +
           (doubts.empty() ? "Enter keeps it; a number changes that line; ! goes back; x throws it away: "
                           : "a number changes that line; = keeps it, as the papers really have it so; ! goes back; x "
                             "throws it away: ");
  }
  const Field& field = fields()[at_];
  const std::string known = answer(field.key);
  out += question_of(field, answers_);
  if (field.key == "paper_time" && !day_.empty() && known.empty()) out += fmt::format(", or HH:MM of {}", day_);
  if (!known.empty()) out += fmt::format(" [{}]", base::printable(known));
  return out + ": ";
}

std::size_t EntryTalk::after(std::size_t at) const {
  do ++at;
  while (at < asked_fields() && !is_asked(fields()[at], answers_));
  return at;
}

std::size_t EntryTalk::before(std::size_t at) const {
  do --at;
  while (at > 0 && !is_asked(fields()[at], answers_));
  return at;
}

std::size_t EntryTalk::lines() const {
  std::size_t count = 0;
  for (std::size_t at = 0; at < asked_fields(); at = after(at)) ++count;
  return count;
}

/// As it will be kept.
std::string EntryTalk::shown() const {
  const Answers kept = answers_of(read_answers(answers_).entry);
  std::string out = "\n";
  std::size_t number = 0;
  for (std::size_t i = 0; i < asked_fields(); ++i) {
    const Field& field = fields()[i];
    if (!is_asked(field, answers_)) continue;
    const auto found = kept.find(field.key);
    const std::string value = found == kept.end() || found->second.empty() ? "-" : found->second;
    out += fmt::format("{:>4}  {:<27} {}{}\n", ++number, field.name, base::printable(value),
                       field.key == "number" ? asks_.about_number(value) : std::string());
  }
  if (const std::string corrects = answer("corrects"); !corrects.empty())
    out += fmt::format("      corrects entry {}\n", corrects);
  return out;
}

std::string EntryTalk::shown_doubts() const {
  std::string out;
  for (const Doubt& doubt : asks_.doubts(answers_)) out += "  NOT SURE: " + base::printable(doubt.sentence) + "\n";
  return out;
}

EntryTalk::Next EntryTalk::take(const std::string& line) {
  trouble_.clear();
  const std::string text = trimmed_answer(line);
  return at_ == asked_fields() ? take_choice(text) : take_answer(text);
}

EntryTalk::Next EntryTalk::take_choice(const std::string& text) {
  const std::vector<Doubt> doubts = asks_.doubts(answers_);
  const bool says_yes = text.empty() || text == "y" || text == "Y";
  if (text == "=" || (says_yes && doubts.empty())) {
    for (const Doubt& doubt : doubts) confirm(answers_, doubt.about);
    return Next::keep;
  }
  if (says_yes) {
    trouble_ = std::string(k_not_so) + "not kept yet: look at what is not sure below";
  } else if (text == "!") {
    at_ = before(asked_fields());
  } else if (text == "x" || text == "X") {
    begin_next();
  } else if (const auto number = number_in(text); number && *number >= 1 && *number <= lines()) {
    at_ = 0;
    for (std::size_t i = 1; i < *number; ++i) at_ = after(at_);
    was_shown_ = true;
  } else {
    trouble_ = k_not_so + fmt::format("type Enter, a number from 1 to {}, ! or x", lines());
  }
  return Next::ask;
}

EntryTalk::Next EntryTalk::take_answer(const std::string& text) {
  const Field& field = fields()[at_];
  const std::string key(field.key);
  if (text == "!") {
    if (was_shown_)
      go_on();
    else if (at_ > 0)
      at_ = before(at_);
    return Next::ask;
  }
  if (key == "number" && text.starts_with('#')) {
    correct(text.substr(1));
    return Next::ask;
  }
  if (key == "number" && text.empty() && answer(key).empty()) return Next::ended;
  const bool is_sure = can_be_doubted(key) && text.starts_with('=');
  const std::string typed = is_sure ? trimmed_answer(text.substr(1)) : text;
  if (typed == "-")
    answers_.erase(key);
  else if (!typed.empty())
    answers_[key] = completed(field, typed);
  if (is_sure) confirm(answers_, key);
  // Whose number it is, and that it is no paper of before, was answered for what stood there.
  answers_.erase(confirmed_key("person"));
  answers_.erase(confirmed_key("again"));
  is_begun_ = true;
  if (const std::string mistake = mistake_in(field.key); !mistake.empty())
    trouble_ = k_not_so + mistake;
  else
    trouble_ = doubt_in(field.key);
  if (trouble_.empty()) go_on();
  return Next::ask;
}

void EntryTalk::correct(const std::string& number) {
  const auto id = number_in(number);
  const std::optional<Entry> entry = id ? asks_.entry(*id) : std::nullopt;
  if (!entry) {
    trouble_ = k_not_so + fmt::format("there is no entry {} in the book", number);
    return;
  }
  answers_ = answers_of(*entry);
  answers_["typed_by"] = typed_by_;
  answers_["corrects"] = std::to_string(entry->id);
  is_begun_ = true;
  at_ = asked_fields();
}

std::string EntryTalk::completed(const Field& field, const std::string& text) const {
  const bool is_clock = text.size() == k_clock_letters && text[2] == ':';
  if (field.key != "paper_time" || day_.empty() || !is_clock) return text;
  return day_ + " " + text;
}

std::string EntryTalk::mistake_in(std::string_view key) const {
  const std::vector<Mistake> mistakes = read_answers(answers_).mistakes;
  const auto found =
      std::find_if(mistakes.begin(), mistakes.end(), [&](const Mistake& mistake) { return mistake.field == key; });
  return found == mistakes.end() ? std::string() : found->sentence;
}

/// Of the field alone: whose number it is can be said when all is typed.
std::string EntryTalk::doubt_in(std::string_view key) const {
  if (!can_be_doubted(key)) return {};
  for (const Doubt& doubt : asks_.doubts(answers_)) {
    if (doubt.about == key) return "NOT SURE: " + doubt.sentence;
  }
  return {};
}

/// To the next question; behind the last one, or after one that was typed again, to what is wrong elsewhere, or to all.
void EntryTalk::go_on() {
  if (!was_shown_) at_ = after(at_);
  if (!was_shown_ && at_ < asked_fields()) return;
  at_ = asked_fields();
  for (std::size_t i = 0; i < asked_fields(); ++i) {
    const std::string mistake = mistake_in(fields()[i].key);
    if (mistake.empty()) continue;
    at_ = i;
    trouble_ = k_not_so + mistake;
    break;
  }
  was_shown_ = at_ < asked_fields();
}

void EntryTalk::begin_next() {
  const std::string time = answer("paper_time");
  if (time.size() > k_day_letters) day_ = time.substr(0, k_day_letters);
  const std::string place = answer("place");
  answers_ = {{"typed_by", typed_by_}};
  if (!place.empty()) answers_["place"] = place;
  at_ = 0;
  was_shown_ = false;
  is_begun_ = false;
}

}  // namespace lastgood::backentry
