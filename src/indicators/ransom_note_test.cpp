// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that notes are told from what honest people write about the same things, in whatever form they come.
#include "indicators/ransom_note.h"

#include <gtest/gtest.h>

namespace lastgood::indicators {
namespace {

// The onion service of the Tor Project's own page, published in its documentation.
const std::string k_note_onion = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion";
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
  EXPECT_TRUE(is_note("Tiedostosi on salattu ja varmuuskopiot poistettu. Ota yhteytt\u00E4: http://" + k_note_onion +
                      "/ tai fox12@post.example.org"));
}

TEST(RansomNote, is_no_letter_that_quotes_one) {
  EXPECT_FALSE(
      is_note("Hello Karl, here is the note:\n> All your files are encrypted.\n> Pay one bitcoin, contact us: http://" +
              k_note_onion + "/\n> Do not call the police.\nWe gave it to the police. Ines, ines@office.example.org"));
}

TEST(RansomNote, is_no_report_that_names_addresses) {
  EXPECT_FALSE(is_note("Incident report. The attackers encrypted all files and left a ransom note with http://" +
                       k_note_onion + "/ in it. Restored from backup. No payment."));
  EXPECT_FALSE(is_note(
      "Newsletter: a new ransomware says that your files are encrypted and asks victims for bitcoin at http://" +
      k_note_onion + "/. Do not pay. Indicators of compromise are in the annex."));
}

TEST(RansomNote, is_no_program_and_no_table_that_holds_its_words) {
  EXPECT_FALSE(is_note(
      "NOTES = (\n    \"Your files have been encrypted.\",\n    \"Write to fox12@post.example.org\",\n    \"Pay in "
      "bitcoin\",\n    \"Do not rename files\",\n)\n"));
  EXPECT_FALSE(
      is_note("family,mail,onion,text\na,fox1@post.example.org," + k_note_onion + ",your files are encrypted\n"));
}

TEST(RansomNote, is_no_service_that_encrypts_for_its_customers) {
  EXPECT_FALSE(
      is_note("Your backup of 12 May was encrypted with your own key. If you lose the key we cannot decrypt your data. "
              "Contact us at support@example.com. The price of the extra terabyte is 4 USD."));
  EXPECT_FALSE(
      is_note("Your data is encrypted when it is sent. You have the right to a copy of your files for free. Write to "
              "privacy@hospital.example.org."));
}

TEST(RansomNote, needs_few_words_beside_a_contact_that_hides) {
  const std::string mistyped = std::string(74, 'b') + "12";
  for (const std::string& text :
       {"Your archive has a new lock and we sell the key. Tox: " + mistyped,
        "Hello director. Everything you scanned since 2009 is with us now. Talk before Friday.\nAdd in qTox:\n" +
            mistyped,
        std::string("Your disks are locked now. Price 2 BTC. Account in Telegram: @lampfoot_3"),
        std::string("Your servers do not open? Write quickly: lampfoot@onionmail.org, number 51AC2290"),
        std::string("We took your mail. Jabber: lampfoot@talk.example.org, 48 hours, then it is sold")})
    EXPECT_TRUE(is_note(text)) << text;
}

TEST(RansomNote, is_found_in_capitals_and_behind_ornaments) {
  EXPECT_TRUE(is_note("YOUR SERVERS ARE LOCKED. MAIL FOX12@POST.EXAMPLE.ORG, PRICE 400 EURO, NUMBER 91B09485B930"));
  EXPECT_TRUE(is_note(
      ">>> Your servers are locked.\n>>> Send 1 bitcoin.\n>>> Then write to lampfoot@tutanota.com, number 91B09485"));
}

TEST(RansomNote, is_found_in_many_more_languages) {
  for (const char* text :
       {"Tiedostonne on salattu. Avain maksaa 2 BTC. Kirjoittakaa: lampfoot@onionmail.org",
        "Az \u00F6sszes f\u00E1jl titkos\u00EDtva van. A kulcs n\u00E1lunk van. \u00CDrjon: lampfoot@onionmail.org",
        "\u03A4\u03B1 \u03B1\u03C1\u03C7\u03B5\u03AF\u03B1 \u03C3\u03B1\u03C2 "
        "\u03BA\u03C1\u03C5\u03C0\u03C4\u03BF\u03B3\u03C1\u03B1\u03C6\u03AE\u03B8\u03B7\u03BA\u03B1\u03BD. "
        "lampfoot@proton.me, 51AC2290",
        "\u05D4\u05E7\u05D1\u05E6\u05D9\u05DD \u05E9\u05DC\u05DB\u05DD \u05D4\u05D5\u05E6\u05E4\u05E0\u05D5. "
        "\u05DB\u05EA\u05D1\u05D5: lampfoot@onionmail.org",
        "\u0E44\u0E1F\u0E25\u0E4C\u0E02\u0E2D\u0E07\u0E04\u0E38\u0E13\u0E16\u0E39\u0E01\u0E40\u0E02\u0E49\u0E32"
        "\u0E23\u0E2B\u0E31\u0E2A\u0E41\u0E25\u0E49\u0E27 lampfoot@onionmail.org",
        "Svi va\u0161i fajlovi su \u0161ifrovani. Pi\u0161ite: lampfoot@onionmail.org, 51AC2290",
        "Faili zako zote zimefungwa. Wasiliana nasi: lampfoot@onionmail.org, 51AC2290"})
    EXPECT_TRUE(is_note(text)) << text;
}

TEST(RansomNote, is_no_letter_of_an_office_that_says_who_it_is) {
  for (const char* text :
       {"Your account was locked after five tries. To unlock your data write to desk@larkfield.example.org within 24 "
        "hours, number 91B09485. Larkfield Service Desk",
        "Your files are ready. The archive is encrypted with the password you chose and will be deleted in 14 days: "
        "https://get.larkfield.example.org/91B09485. Questions: export-help@larkfield.example.org",
        "Your disk can be repaired, all files recovered. The price is 490 euro, otherwise we destroy it. Case "
        "91B09485. "
        "Larkfield Recovery, cases@larkfield.example.org",
        "Dear colleagues, in the night our servers were encrypted. Do not turn on computers, do not reply to the "
        "criminals. The police have been informed. Hotline 4400, crisis@larkfield.example.org"})
    EXPECT_FALSE(is_note(text)) << text;
}

TEST(RansomNote, is_no_leaflet_that_asks_or_supposes) {
  for (const char* text :
       {"Wurden Ihre Daten verschl\u00FCsselt und wird L\u00F6segeld gefordert? Zahlen Sie nicht, es gibt keine "
        "Garantie. "
        "rat7@hilfe.example.org",
        "\u00BFHan cifrado sus archivos? No pague el rescate, no hay garant\u00EDa. rat7@hilfe.example.org",
        "\u5982\u679C\u60A8\u7684\u6587\u4EF6\u88AB\u52A0\u5BC6\uFF0C\u8BF7\u4E0D\u8981\u4ED8\u6B3E\u3002"
        "rat7@hilfe.example.org",
        "If your files were encrypted and somebody wants money, there is no guarantee. rat7@hilfe.example.org"})
    EXPECT_FALSE(is_note(text)) << text;
}

TEST(RansomNote, is_no_text_that_puts_it_between_quotation_marks) {
  EXPECT_FALSE(is_note(
      "Evidence list. 1. Photograph of a screen: \"All your files are encrypted, write to lampfoot@onionmail.org now\" "
      "2. A stick. Questions: lampfoot@tutanota.com"));
}

TEST(RansomNote, is_no_letter_of_somebody_who_likes_to_be_private) {
  for (const std::string& text :
       {std::string("Hi Ana, I copied your files to the stick. It lies on your desk. ines@proton.me"),
        std::string("Selling 4 hard disks, wiped. Price 40 euro each. Write to ines@tutanota.com"),
        "Usage: seal FILE. All files get a new extension. If you lose the key your data is gone. Open an issue or "
        "write "
        "to ines@proton.me. Donations in bitcoin are welcome. Tox " +
            k_tox})
    EXPECT_FALSE(is_note(text)) << text;
}

}  // namespace
}  // namespace lastgood::indicators
