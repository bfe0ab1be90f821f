// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Contacts and note signs in hostile text. The input is the text.
#include <cstdio>
#include <cstdlib>
#include <span>

#include "indicators/find_contacts.h"
#include "indicators/find_indicators.h"
#include "indicators/ransom_note.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgood;
  constexpr std::size_t k_contacts_max = 16;
  const base::ByteView text(std::span<const std::uint8_t>(data, size));
  const std::vector<indicators::Contact> contacts = indicators::find_contacts(text, 0, k_contacts_max);
  for (const indicators::Contact& contact : contacts) {
    if (contact.value.empty() || contact.offset_bytes >= size) {
      std::fprintf(stderr, "a contact has a value and stands in the text\n");
      std::abort();
    }
  }
  if (contacts.size() > k_contacts_max) std::abort();
  // Read in two windows or in one: the same, and each inside.
  std::size_t whole = 0;
  indicators::find_indicators(text, 0, size, 1000, [&](const indicators::FoundIndicator& one) {
    ++whole;
    if (one.value.empty() || one.offset_bytes < 1000 || one.offset_bytes - 1000 + one.length_bytes > size) {
      std::fprintf(stderr, "an indicator has a value and stands in the text\n");
      std::abort();
    }
  });
  std::size_t halves = 0;
  const auto count = [&](const indicators::FoundIndicator&) { ++halves; };
  indicators::find_indicators(text, 0, size / 2, 0, count);
  indicators::find_indicators(text, size / 2, size, 0, count);
  if (halves != whole) std::abort();
  (void)indicators::may_be_note(text, "README.txt");
  (void)indicators::find_note_signs(text, "README.txt");
  return 0;
}
