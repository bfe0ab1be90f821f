// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves which texts hold which indicators, where each of them stands, and what is left alone.
#include "indicators/find_indicators.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace lastgood::indicators {
namespace {

std::vector<FoundIndicator> find_all(std::string_view text) {
  std::vector<FoundIndicator> found;
  find_indicators(base::ByteView(text), 0, text.size(), 0,
                  [&](FoundIndicator one) { found.push_back(std::move(one)); });
  return found;
}

/// "kind value" of each, in order of their places.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<FoundIndicator> found = find_all(text);
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.offset_bytes < b.offset_bytes; });
  std::vector<std::string> words;
  for (const FoundIndicator& one : found) {
    words.push_back(std::string(one.kind) + " " + one.value + (one.port ? ":" + std::to_string(*one.port) : ""));
  }
  return words;
}

using WordList = std::vector<std::string>;

TEST(FindIndicators, FindsAddressesOfMailHostsAndNetworks) {
  EXPECT_EQ(words_of("write to Dog2398@ProtonMail.com or mouse63209@protonmail.com."),
            (WordList{"email dog2398@protonmail.com", "email mouse63209@protonmail.com"}));
  EXPECT_EQ(words_of("from 198.51.100.7:4444 and 10.0.0.0/8, fe80::1 and [2001:db8::7]:443 on 2001:db8::/32"),
            (WordList{"ipv4 198.51.100.7:4444", "ipv4 10.0.0.0/8", "ipv6 2001:db8::7:443", "ipv6 2001:db8::/32"}));
  EXPECT_EQ(words_of("see https://Evil.Example.com:8443/a/b.php?x=1)."),
            (WordList{"url https://evil.example.com:8443/a/b.php?x=1", "domain evil.example.com:8443"}));
  EXPECT_EQ(words_of("host mail.aiims.edu, and hims.example.gov.in"),
            (WordList{"domain mail.aiims.edu", "domain hims.example.gov.in"}));
  EXPECT_EQ(words_of("jabber: crypt@exploit.im"), (WordList{"jabber crypt@exploit.im"}));
  EXPECT_EQ(words_of("https://t.me/some_name"),
            (WordList{"url https://t.me/some_name", "domain t.me", "telegram some_name"}));
}

TEST(FindIndicators, ReadsWhatWasWrittenSoThatNobodyClicksOnIt) {
  EXPECT_EQ(words_of("hxxps://evil[.]example[.]com/x"),
            (WordList{"url https://evil.example.com/x", "domain evil.example.com"}));
  EXPECT_EQ(words_of("hxxp://evil.example.com"), (WordList{"url http://evil.example.com", "domain evil.example.com"}));
  EXPECT_EQ(words_of("198.51.100[.]7 and 198[.]51[.]100[.]8"), (WordList{"ipv4 198.51.100.7", "ipv4 198.51.100.8"}));
  EXPECT_EQ(words_of("mail dog [at] protonmail [dot] com now"), (WordList{"email dog@protonmail.com"}));
  EXPECT_EQ(words_of("dog(at)protonmail(dot)com"), (WordList{"email dog@protonmail.com"}));
  EXPECT_EQ(words_of("http[:]//evil[.]py"), (WordList{"url http://evil.py", "domain evil.py"}));
  const std::vector<FoundIndicator> found = find_all("seen: evil[.]example[.]com!");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].offset_bytes, 6U);
  EXPECT_EQ(found[0].length_bytes, 20U);
  EXPECT_EQ(found[0].form, FoundIndicator::Form::defanged);
}

TEST(FindIndicators, FindsMessengersWalletsAndDigests) {
  const std::string onion = "duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad.onion";
  EXPECT_EQ(words_of("http://" + onion + "/chat"), (WordList{"url http://" + onion + "/chat", "onion " + onion}));
  EXPECT_EQ(find_all(onion).at(0).level, "checksum");
  EXPECT_EQ(words_of("old expyuzz4wqqyqhjn.onion here"), (WordList{"onion expyuzz4wqqyqhjn.onion"}));
  const std::string tox = "56A1ADE4B65B86BCD51CC73E2CD4E542179F47959FE3E0E21B4B0ACDADE51855D34D34D37CB5";
  EXPECT_EQ(find_all("Tox: " + tox).at(0).level, "checksum");
  EXPECT_EQ(words_of("Session messenger 05d871fc80ca007eed9b2f4df72853e2a2d5465a92fcb1889fb5c84aa2833b3b40"),
            (WordList{"session 05d871fc80ca007eed9b2f4df72853e2a2d5465a92fcb1889fb5c84aa2833b3b40"}));
  EXPECT_EQ(words_of("pay 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"), (WordList{"btc 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"}));
  EXPECT_EQ(words_of("d41d8cd98f00b204e9800998ecf8427e  empty"), (WordList{"hash d41d8cd98f00b204e9800998ecf8427e"}));
}

TEST(FindIndicators, TakesAVictimsIdWholeHoweverItIsGrouped) {
  EXPECT_EQ(words_of("Your ID: 91B09485B9301061"), (WordList{"victim_id 91B09485B9301061"}));
  EXPECT_EQ(words_of("Your ID: 7F3A-92BC-11D0-44E9, keep it"), (WordList{"victim_id 7F3A-92BC-11D0-44E9"}));
  EXPECT_EQ(words_of("personal ID:\nA1B2C3D4-2803"), (WordList{"victim_id A1B2C3D4-2803"}));
  EXPECT_EQ(words_of("your id b-3a-"), (WordList{}));
  const std::string guid = "1b4e28ba-2fa1-11d2-883f-0016d3cca427";
  EXPECT_EQ(words_of("Your personal DECRYPTION ID: " + guid), (WordList{"victim_id " + guid}));
  // As many digits as a digest has; the words say what it is.
  const std::string digits = "d41d8cd98f00b204e9800998ecf8427e";
  EXPECT_EQ(words_of("Your personal DECRYPTION ID: " + digits), (WordList{"victim_id " + digits}));
  EXPECT_EQ(words_of("a well-known text of 2022-11-23, see RFC-8617-8463"), (WordList{}));
}

TEST(FindIndicators, ReadsWhatAnAttackerGluedToCiphertext) {
  const std::string noise = "\x01\xF3\x02\x9B\x17";
  EXPECT_EQ(words_of(noise + "write to fox1204@onionmail.orgd4}N" + noise), (WordList{"email fox1204@onionmail.org"}));
  EXPECT_EQ(words_of("write to fox1204@onionmail.orgd4 today"), (WordList{}));
  EXPECT_EQ(words_of(noise + "fox1204@onionmail.org ID=91B09485B9301061" + noise),
            (WordList{"email fox1204@onionmail.org", "victim_id 91B09485B9301061"}));
  EXPECT_EQ(words_of("fox1204@onionmail.org ID=91B09485B9301061 of a table"),
            (WordList{"email fox1204@onionmail.org"}));
}

TEST(FindIndicators, KeepsTheLettersOfAnInvitationAsTheyAre) {
  EXPECT_EQ(words_of("t.me/+AbC-dEf1234567"), (WordList{"domain t.me", "telegram +AbC-dEf1234567"}));
  EXPECT_EQ(words_of("t.me/joinchat/AbCdEf1234567"), (WordList{"domain t.me", "telegram +AbCdEf1234567"}));
  EXPECT_EQ(words_of("t.me/Some_Name"), (WordList{"domain t.me", "telegram some_name"}));
}

TEST(FindIndicators, LeavesAloneWhatOnlyLooksLikeOne) {
  for (const char* const text : {"setup.py and README.md, event.target, this.name",
                                 "std::vector<int> a::b",
                                 "version 1.2.3.4",
                                 "v10.0.19041.1",
                                 "at 12:34:56.789 on 2022-11-23",
                                 "00:1a:2b:3c:4d:5e",
                                 "org.apache.commons.lang3",
                                 "1.2.840.10008.5.1.4.1.1.2",
                                 "done.It works.Then",
                                 "/usr/lib/python3.11/site.com",
                                 "foo.com(1)",
                                 "user@localhost",
                                 "x@y",
                                 "a@b.c",
                                 "icon@2x.png",
                                 "0.0.0.0",
                                 "999.1.1.1",
                                 "http://",
                                 "http:///x",
                                 "00000000000000000000000000000000",
                                 "Twitter @someone_else",
                                 "12345678-1234-1234-1234-123456789012",
                                 "$HOME.com",
                                 "[.]",
                                 "([{",
                                 "hxxp://[.]"}) {
    EXPECT_EQ(words_of(text), WordList{}) << text;
  }
}

std::string wide(std::string_view text, std::size_t low) {
  std::string out;
  for (const char c : text) {
    if (low == 1) out += '\0';
    out += c;
    if (low == 0) out += '\0';
  }
  return out;
}

TEST(FindIndicators, TakesAShortNameOnlyWithinSomeText) {
  const std::string noise = "\x01\xfe\x80\x02";
  EXPECT_TRUE(find_all(noise + "y.mg" + noise).empty()) << "chance writes this into every 300 kB of ciphertext";
  EXPECT_TRUE(find_all(noise + "w@p.ng" + noise).empty());
  EXPECT_EQ(find_all(noise + "see y.mg now" + noise).size(), 1U);
  EXPECT_EQ(find_all(noise + "evil.com" + noise).size(), 1U) << "eight bytes are enough";
  EXPECT_EQ(find_all("y.mg").size(), 1U) << "a file of its own";
}

TEST(FindIndicators, ReadsTextOfTwoBytesALetterWhereverItBegins) {
  for (const std::size_t before : {0U, 1U, 2U, 7U}) {
    for (const std::size_t low : {0U, 1U}) {
      const std::string text =
          std::string(before, '\xEE') + wide("to: dog@protonmail.com", low) + std::string(3, '\xEE');
      const std::vector<FoundIndicator> found = find_all(text);
      ASSERT_EQ(found.size(), 1U) << before << " " << low;
      EXPECT_EQ(found[0].value, "dog@protonmail.com");
      EXPECT_EQ(found[0].encoding, low == 0 ? TextEncoding::utf16le : TextEncoding::utf16be);
      EXPECT_EQ(found[0].offset_bytes, before + 8);
      EXPECT_EQ(found[0].length_bytes, 36U);
    }
  }
}

TEST(FindIndicators, FindsEachOnceWhereAFileIsReadInWindows) {
  std::string text;
  for (int i = 0; i < 3000; ++i)
    text += "host" + std::to_string(i) + ".example.com, 198.51.100." + std::to_string(i % 250) + " ";
  std::vector<std::string> whole;
  for (const FoundIndicator& one : find_all(text)) whole.push_back(one.value + "@" + std::to_string(one.offset_bytes));
  std::vector<std::string> windows;
  constexpr std::size_t k_core = 10'000;
  for (std::size_t core = 0; core < text.size(); core += k_core) {
    const std::size_t from = core > k_indicator_bytes_max ? core - k_indicator_bytes_max : 0;
    const std::size_t core_to = std::min(core + k_core, text.size());
    const std::size_t to = std::min(core_to + k_indicator_bytes_max, text.size());
    find_indicators(
        base::ByteView(std::string_view(text).substr(from, to - from)), core - from, core_to - from, from,
        [&](const FoundIndicator& one) { windows.push_back(one.value + "@" + std::to_string(one.offset_bytes)); });
  }
  std::sort(whole.begin(), whole.end());
  std::sort(windows.begin(), windows.end());
  EXPECT_EQ(whole, windows);
  EXPECT_EQ(whole.size(), 6000U);
}

}  // namespace
}  // namespace lastgood::indicators
