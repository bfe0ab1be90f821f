// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that contacts are told by how well they hide who reads them, and houses by their names.
#include "indicators/note_contacts.h"

#include <gtest/gtest.h>

namespace lastgood::indicators {
namespace {

Contact mail(std::string value) { return {.kind = "email", .value = std::move(value), .level = "shape"}; }

bool has_hidden(const std::string& text) { return has_hidden_contact(base::ByteView(std::string_view(text))); }

TEST(NoteContacts, hide_more_where_nobody_asks_for_a_name) {
  EXPECT_EQ(hiding_of(mail("fox@gmail.com")), Hiding::none);
  EXPECT_EQ(hiding_of(mail("fox@proton.me")), Hiding::some);
  EXPECT_EQ(hiding_of(mail("fox@onionmail.org")), Hiding::more);
  EXPECT_EQ(hiding_of({.kind = "onion", .value = std::string(55, 'a') + "d.onion", .level = "shape"}), Hiding::full);
  EXPECT_EQ(hiding_of({.kind = "onion", .value = std::string(55, '1') + "d.onion", .level = "shape"}), Hiding::some);
  EXPECT_EQ(find_best_contact({mail("fox@gmail.com"), mail("fox@cock.li"), mail("fox@pm.me")})->value, "fox@cock.li");
}

TEST(NoteContacts, of_an_office_stand_at_a_host_of_its_own) {
  EXPECT_TRUE(is_office(mail("export-help@larkfield.example.org")));
  EXPECT_FALSE(is_office(mail("export-help@gmail.com")));
  EXPECT_FALSE(is_office(mail("fox12@larkfield.example.org")));
  EXPECT_TRUE(has_plain_name(mail("ines.hart@larkfield.example.org")));
  EXPECT_FALSE(has_plain_name(mail("ines7@larkfield.example.org")));
  EXPECT_FALSE(has_plain_name(mail("ines@outlook.com")));
}

TEST(NoteContacts, name_their_house_in_words_or_links_but_not_in_addresses) {
  const Contact contact = mail("cases@larkfield.example.org");
  EXPECT_TRUE(names_its_house("we are larkfield recovery. cases@larkfield.example.org", contact));
  EXPECT_TRUE(names_its_house("see https://www.larkfield.example.org/x or cases@larkfield.example.org", contact));
  EXPECT_FALSE(names_its_house("write to cases@larkfield.example.org or fox@larkfield.example.org", contact));
  EXPECT_FALSE(names_its_house("an example: fox@example.org", mail("fox@example.org")));
  EXPECT_FALSE(names_its_house("our gmail is fox@gmail.com", mail("fox@gmail.com")));
}

TEST(NoteContacts, are_seen_in_text_as_stored) {
  EXPECT_TRUE(has_hidden("WRITE TO FOX@ONIONMAIL.ORG"));
  EXPECT_TRUE(has_hidden("Telegram: @stonefox77"));
  EXPECT_TRUE(has_hidden("see t.me/stonefox77"));
  EXPECT_TRUE(has_hidden("xx " + std::string(76, 'A') + " xx"));
  EXPECT_TRUE(has_hidden("xx 05" + std::string(64, 'a')));
  for (const std::string& text : {std::string("fox@post.example.org"), std::string("@param of telegrams"),
                                  std::string(128, 'a'), "06" + std::string(64, 'a'), std::string("@"), std::string()})
    EXPECT_FALSE(has_hidden(text)) << text;
}

}  // namespace
}  // namespace lastgood::indicators
