// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the invented notes carry addresses in the shape attackers use, all of them reserved or without an owner.
#include "drill/note_texts.h"

#include <gtest/gtest.h>

namespace lastgood::drill {

TEST(NoteTexts, makes_the_onion_name_that_the_specification_gives_for_a_key) {
  // The all-zero key: its checksum bytes are computed independently with SHA3-256 of another library.
  EXPECT_EQ(onion_name_of(std::string(32, '\0')), "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaam2dqd.onion");
}

TEST(NoteTexts, names_only_reserved_mail_hosts) {
  const NoteContacts contacts = make_note_contacts(3);
  EXPECT_TRUE(contacts.first_mail.ends_with(".example.org"));
  EXPECT_TRUE(contacts.second_mail.ends_with(".example.org"));
  EXPECT_EQ(contacts.onion.size(), 62U);
  EXPECT_NE(make_note_contacts(4).onion, contacts.onion);
}

TEST(NoteTexts, put_every_contact_into_every_note) {
  const NoteContacts contacts = make_note_contacts(3);
  for (const NoteText& note : make_note_texts(contacts, ".bak9")) {
    for (const std::string& contact : {contacts.first_mail, contacts.second_mail, contacts.onion, contacts.victim_id}) {
      EXPECT_NE(note.bytes.find(contact), std::string::npos) << note.name;
    }
  }
}

}  // namespace lastgood::drill
