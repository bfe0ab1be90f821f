// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that contacts are told from chance by their checksums, in ASCII and UTF-16, and notes from other texts.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "indicators/find_contacts.h"
#include "indicators/ransom_note.h"
#include "indicators/value_checks.h"

namespace lastgood::indicators {
namespace {

using namespace std::string_literals;

base::ByteView view(const std::string& text) { return base::ByteView(std::string_view(text)); }

bool has(const std::vector<Contact>& contacts, std::string_view kind, std::string_view value, std::string_view level) {
  return std::any_of(contacts.begin(), contacts.end(),
                     [&](const Contact& c) { return c.kind == kind && c.value == value && c.level == level; });
}

// The onion service of the Tor Project's own page, published in its documentation.
const std::string k_onion = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid";

TEST(OnionV3, holds_its_checksum) {
  EXPECT_TRUE(is_onion_v3(k_onion));
  std::string wrong = k_onion;
  wrong[10] = wrong[10] == 'a' ? 'b' : 'a';
  EXPECT_FALSE(is_onion_v3(wrong));
  EXPECT_FALSE(is_onion_v3(""));
}

TEST(Bitcoin, addresses_hold_their_checksums) {
  EXPECT_TRUE(is_base58check("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"));
  EXPECT_FALSE(is_base58check("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3"));
  EXPECT_TRUE(is_bech32("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"));
  EXPECT_FALSE(is_bech32("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdp"));
  EXPECT_FALSE(is_base58check(std::string(200, '1')));
}

TEST(ToxId, pairs_cancel_out) {
  const std::string key(72, 'a');
  EXPECT_TRUE(is_tox_id(key + "0000"));
  EXPECT_FALSE(is_tox_id(key + "0001"));
  EXPECT_FALSE(is_tox_id(std::string(76, '0')));
}

TEST(FindContacts, finds_mail_onion_and_wallet_with_their_offsets) {
  const std::string text = "\x8f\x01 write to Dog2398@mailbox.example.org or http://" + k_onion +
                           ".onion/ pay 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2";
  const auto found = find_contacts(view(text), 1000, 10);
  EXPECT_TRUE(has(found, "email", "dog2398@mailbox.example.org", "shape"));
  EXPECT_TRUE(has(found, "onion", k_onion + ".onion", "checksum"));
  EXPECT_TRUE(has(found, "btc", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "checksum"));
  EXPECT_EQ(found.front().offset_bytes, 1000 + text.find("Dog2398"));
}

TEST(FindContacts, takes_a_number_that_fails_its_checksum_where_the_words_say_what_it_is) {
  const std::string number = std::string(72, 'a') + "0001";
  const std::string wallet = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdp";
  EXPECT_TRUE(has(find_contacts(view("our Tox:\n" + number), 0, 10), "tox", number, "context"));
  EXPECT_TRUE(has(find_contacts(view(number + " (qTox)"), 0, 10), "tox", number, "context"));
  EXPECT_TRUE(find_contacts(view("sum " + number), 0, 10).empty());
  EXPECT_TRUE(has(find_contacts(view("BTC to " + wallet), 0, 10), "btc", wallet, "context"));
  EXPECT_TRUE(find_contacts(view("see " + wallet), 0, 10).empty());
  EXPECT_TRUE(
      has(find_contacts(view("Jabber: fox@talk.example.org"), 0, 10), "email", "fox@talk.example.org", "context"));
}

TEST(FindContacts, reads_utf16_at_even_and_odd_offsets) {
  for (const std::size_t odd : {0U, 1U}) {
    std::string wide(odd, 'x');
    for (const char c : "to mouse63209@mailbox.example.org now"s) wide += std::string{c, '\0'};
    EXPECT_TRUE(has(find_contacts(view(wide), 0, 10), "email", "mouse63209@mailbox.example.org", "shape")) << odd;
  }
}

TEST(FindContacts, finds_nothing_in_noise_and_keeps_its_limit) {
  std::string many;
  for (int i = 0; i < 100; ++i) many += " name" + std::to_string(i) + "@mailbox.example.org";
  EXPECT_EQ(find_contacts(view(many), 0, 7).size(), 7U);
  EXPECT_TRUE(find_contacts(view("a@b @ @@ x@y.1 .onion"s), 0, 7).empty());
}

TEST(FindContacts, takes_a_bare_id_for_the_victims_only_beside_an_address) {
  const auto found = find_contacts(view("contact: fox1204@mailbox.example.org id: 0A1B2C3D4E5F6071\n"s), 0, 10);
  EXPECT_TRUE(has(found, "victim_id", "0A1B2C3D4E5F6071", "context"));
  EXPECT_TRUE(find_contacts(view("session id: 0A1B2C3D4E5F6071 grid=12345678"s), 0, 10).empty());
}

TEST(FindContacts, takes_an_id_of_several_groups_whole) {
  EXPECT_TRUE(
      has(find_contacts(view("Your ID: 7F3A-92BC-11D0-44E9"s), 0, 10), "victim_id", "7F3A-92BC-11D0-44E9", "context"));
  const auto found = find_contacts(view("your personal id: 1b4e28ba-2fa1-11d2-883f-0016d3cca427"s), 0, 10);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].value, "1b4e28ba-2fa1-11d2-883f-0016d3cca427");
  EXPECT_TRUE(has(find_contacts(view("join t.me/+AbCdEf1234567"s), 0, 10), "telegram", "+AbCdEf1234567", "shape"));
}

TEST(FindNameContacts, finds_what_an_attack_appended_and_nothing_that_the_owner_wrote) {
  const auto found = find_name_contacts("scan.pdf.id[1A2B3C4D-2803].[Fox1204@mailbox.example.org].eight", 10);
  EXPECT_TRUE(has(found, "email", "fox1204@mailbox.example.org", "shape"));
  EXPECT_TRUE(has(found, "victim_id", "1A2B3C4D-2803", "context"));
  const auto other = find_name_contacts("scan.pdf.id-1A2B3C4D.[fox1204@mailbox.example.org].cmb", 10);
  EXPECT_TRUE(has(other, "email", "fox1204@mailbox.example.org", "shape"));
  EXPECT_TRUE(has(other, "victim_id", "1A2B3C4D", "context"));
  const auto braced = find_name_contacts("scan.pdf.{Fox1204@mailbox.example.org}.ext", 10);
  EXPECT_TRUE(has(braced, "email", "fox1204@mailbox.example.org", "shape"));
  EXPECT_TRUE(find_name_contacts("mail from nobody@mailbox.example.org.eml", 10).empty());
  EXPECT_TRUE(find_name_contacts("plan [draft 20221123].docx", 10).empty());
  EXPECT_TRUE(find_name_contacts("", 10).empty());
  EXPECT_TRUE(find_name_contacts("[", 10).empty());
}

const std::string k_note =
    "Hello. All your files have been encrypted. To recover your files write to nobody@onionmail.example or in Tor "
    "browser to " +
    k_onion +
    ".onion. Do not rename files. You can send us test files for free decryption as a guarantee. The price depends on "
    "how fast you write.";

TEST(RansomNote, is_found_as_text_html_and_utf16) {
  std::string wide = "\xFF\xFE";
  for (const char c : k_note) wide += std::string{c, '\0'};
  for (const std::string& note : {k_note, "<html><body><p>" + k_note + "</p></body></html>", wide}) {
    EXPECT_TRUE(may_be_note(view(note), "README.txt"));
    EXPECT_GE(find_note_signs(view(note), "README.txt").size(), 4U);
  }
}

TEST(RansomNote, is_not_what_a_manual_or_a_licence_says) {
  const std::string manual =
      "gpg --encrypt encrypts files with your public key. To decrypt your files use gpg --decrypt. Write to the author "
      "at author@example.org. Restore your backup to recover.";
  const std::string licence =
      "Export of software with encryption may be restricted; see your company's rules. No payment is due. Contact "
      "legal@example.org.";
  EXPECT_TRUE(find_note_signs(view(manual), "gpg.txt").empty());
  EXPECT_TRUE(find_note_signs(view(licence), "copyright").empty());
}

}  // namespace
}  // namespace lastgood::indicators
