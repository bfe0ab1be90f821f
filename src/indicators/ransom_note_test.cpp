// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that notes are told from what honest people write about the same things, in whatever form they come.
#include "indicators/ransom_note.h"

#include <gtest/gtest.h>

namespace lastgood::indicators {
namespace {

// The onion service of the Tor Project's own page, published in its documentation.
const std::string k_onion = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion";
const std::string k_tox = std::string(72, 'a') + "0000";

bool is_note(const std::string& text, std::string_view name = "info.txt") {
  const base::ByteView view{std::string_view(text)};
  return may_be_note(view, name) && !find_note_signs(view, name).empty();
}

TEST(RansomNote, may_be_two_lines_with_an_ordinary_address) {
  EXPECT_TRUE(is_note("Your files are encrypted.\nwrite to fox12@post.example.org\nID: 91B09485B9301061"));
  EXPECT_TRUE(is_note("SERVERS LOCKED, backups deleted. Price: 1 bitcoin. fox12@post.example.org 91B09485B9301061"));
}

TEST(RansomNote, needs_no_word_beside_an_id_that_proves_itself) {
  EXPECT_TRUE(is_note("We stopped your servers and your data has been copied to our machines. Ask here: " + k_tox));
}

TEST(RansomNote, speaks_of_this_computer_in_other_languages) {
  EXPECT_TRUE(
      is_note("Los ficheros de este equipo han sido cifrados. Puede recuperarlos pagando 300 euros en bitcoin: "
              "fox12@post.example.org"));
  EXPECT_TRUE(
      is_note("De bestanden op deze computer zijn versleuteld. Mail het nummer 91B09485B930 naar "
              "fox12@post.example.org voor de sleutel."));
}

TEST(RansomNote, is_found_by_an_account_of_a_messenger) {
  EXPECT_TRUE(is_note(
      "Your important documents are locked.\nWrite in Telegram @stonefox77 and pay, then you get the program."));
}

TEST(RansomNote, is_found_in_old_code_pages) {
  // "Vashi fajly zashifrovany. Kljuch: ... " in Windows and in Unix Cyrillic, "verschluesselt" with u umlaut in
  // Latin-1.
  EXPECT_TRUE(
      is_note("\xC2\xE0\xF8\xE8 \xF4\xE0\xE9\xEB\xFB \xE7\xE0\xF8\xE8\xF4\xF0\xEE\xE2\xE0\xED\xFB. "
              "\xCD\xE0\xEF\xE8\xF8\xE8\xF2\xE5: "
              "fox12@post.example.org 91B09485B9301061"));
  EXPECT_TRUE(
      is_note("\xF7\xC1\xDB\xC9 \xC6\xC1\xCA\xCC\xD9 \xDA\xC1\xDB\xC9\xC6\xD2\xCF\xD7\xC1\xCE\xD9. "
              "\xEE\xC1\xD0\xC9\xDB\xC9\xD4\xC5: "
              "fox12@post.example.org 91B09485B9301061"));
  EXPECT_TRUE(is_note(
      "Alle Dateien sind verschl\xFCsselt. Schl\xFCssel gegen Zahlung: fox12@post.example.org 91B09485B9301061"));
}

TEST(RansomNote, is_found_in_a_language_nobody_compared_by_its_contacts) {
  EXPECT_TRUE(is_note("Tiedostosi on salattu ja varmuuskopiot poistettu. Ota yhteytt\u00E4: http://" + k_onion +
                      "/ tai fox12@post.example.org"));
}

TEST(RansomNote, is_no_letter_that_quotes_one) {
  EXPECT_FALSE(
      is_note("Hello Karl, here is the note:\n> All your files are encrypted.\n> Pay one bitcoin, contact us: http://" +
              k_onion + "/\n> Do not call the police.\nWe gave it to the police. Ines, ines@office.example.org"));
}

TEST(RansomNote, is_no_report_that_names_addresses) {
  EXPECT_FALSE(is_note("Incident report. The attackers encrypted all files and left a ransom note with http://" +
                       k_onion + "/ in it. Restored from backup. No payment."));
  EXPECT_FALSE(is_note(
      "Newsletter: a new ransomware says that your files are encrypted and asks victims for bitcoin at http://" +
      k_onion + "/. Do not pay. Indicators of compromise are in the annex."));
}

TEST(RansomNote, is_no_program_and_no_table_that_holds_its_words) {
  EXPECT_FALSE(is_note(
      "NOTES = (\n    \"Your files have been encrypted.\",\n    \"Write to fox12@post.example.org\",\n    \"Pay in "
      "bitcoin\",\n    \"Do not rename files\",\n)\n"));
  EXPECT_FALSE(is_note("family,mail,onion,text\na,fox1@post.example.org," + k_onion + ",your files are encrypted\n"));
}

TEST(RansomNote, is_no_service_that_encrypts_for_its_customers) {
  EXPECT_FALSE(
      is_note("Your backup of 12 May was encrypted with your own key. If you lose the key we cannot decrypt your data. "
              "Contact us at support@example.com. The price of the extra terabyte is 4 USD."));
  EXPECT_FALSE(
      is_note("Your data is encrypted when it is sent. You have the right to a copy of your files for free. Write to "
              "privacy@hospital.example.org."));
}

}  // namespace
}  // namespace lastgood::indicators
