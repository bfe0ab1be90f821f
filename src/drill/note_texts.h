// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The notes an invented attacker leaves. The wording is our own; the mail addresses lie under example.org, and the
// onion name is a checksum around noise: nobody can hold its key.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lastgood::drill {

struct NoteContacts {
  std::string first_mail;
  std::string second_mail;
  std::string onion;  // 56 characters and ".onion", version 3, checksum fits
  std::string victim_id;
};

/// The same for the same seed; the mail addresses are those of the pattern "aiims-bak9".
NoteContacts make_note_contacts(std::uint64_t seed);

/// The version 3 onion name for these 32 bytes in place of a key (rend-spec-v3, section 6).
std::string onion_name_of(std::string_view key_bytes);

struct NoteText {
  std::string name;  // file name
  std::string bytes;
};

/// One as text, one as HTML.
std::vector<NoteText> make_note_texts(const NoteContacts& contacts, std::string_view extension);

}  // namespace lastgood::drill
