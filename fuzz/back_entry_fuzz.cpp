// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What comes back from paper: bodies of the form, the book's lines, and what an entry becomes in HL7, CSV and HTML. A
// message never holds more segments than its kind has, whatever was typed.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "backentry/doubts.h"
#include "backentry/entry_book.h"
#include "backentry/form_page.h"
#include "backentry/persons_of_numbers.h"
#include "backentry/write_hl7.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgood::backentry;
  const std::string text(reinterpret_cast<const char*>(data), size);  // NOLINT
  const Answers answers = parse_form(text);
  const ReadEntry read = read_answers(answers);
  const auto message = hl7_message(read.entry, nullptr, read.entry.number, {1'669'200'000'000'000'000, "+05:30"});
  if (message && std::count(message->begin(), message->end(), '\r') > 7) std::abort();
  const std::vector<Doubt> doubts =
      open_doubts(answers, {1'669'200'000'000'000'000, "+05:30", NumberIs::not_given, {}});
  const std::string html = form_html(answers, {.mistakes = read.mistakes, .done = {}, .doubts = doubts}, "/x/");
  if (html.find("<script") != std::string::npos) std::abort();
  const auto book = parse_book(text, "entries.jsonl");
  if (book.ok()) {
    (void)write_review_csv(book.value(), "+05:30");
    (void)write_hl7(book.value(), {1, {}});
    (void)open_clashes(book.value());
  }
  return 0;
}
