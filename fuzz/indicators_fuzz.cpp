// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Contacts and note signs in hostile text. The input is the text.
#include <cstdio>
#include <cstdlib>
#include <span>

#include "indicators/find_contacts.h"
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
  (void)indicators::may_be_note(text, "README.txt");
  (void)indicators::find_note_signs(text, "README.txt");
  return 0;
}
