// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that an entry has one spelling: what is written is read back equal, and every other spelling is refused.
#include "ledger/entry.h"

#include <gtest/gtest.h>

namespace lastgood::ledger {

namespace {

using namespace std::string_literals;

Entry sample() {
  return {.sequence = 7,
          .time = "2022-11-23T07:07:00.000000001Z",
          .actor = {.host = "hims1", .login = "ravi", .program = "lastgood 0.1.0", .user = "root"},
          .kind = "scan-finished",
          .fields = {{"files", std::int64_t{40}},
                     {"least", -k_integer_max},
                     {"path", "/srv/\"lab\"\\\b\t\n\f\r\x01\x1f\x7f\0\u0915\U0001F600"s},
                     {"roots", std::vector<std::string>{"/srv", ""}},
                     {"skipped", std::vector<std::string>{}}},
          .previous = std::string(64, '0'),
          .sha256 = {}};
}

/// The sample's line with `from` replaced by `to`.
std::string altered(std::string_view from, std::string_view to) {
  std::string line = write_entry(sample());
  const std::size_t at = line.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return line.replace(at, from.size(), to);
}

}  // namespace

TEST(Entry, is_written_as_the_format_page_says) {
  Entry entry = sample();
  entry.fields = {{"files", std::int64_t{40}}, {"root", "/srv\n"s}};
  EXPECT_EQ(write_entry(entry),
            R"({"sequence":7,"time":"2022-11-23T07:07:00.000000001Z","actor":{"host":"hims1","login":"ravi",)"
            R"("program":"lastgood 0.1.0","user":"root"},"kind":"scan-finished","fields":{"files":40,"root":"/srv\n"},)"
            R"("previous":"0000000000000000000000000000000000000000000000000000000000000000",)"
            R"("sha256":"955f367b0fe1302b79d6cb4ed3ba9dc5d1aad17817b53dd999fb83b62730efc0"})");
}

TEST(Entry, is_read_back_as_it_was_written) {
  const std::string line = write_entry(sample());
  EXPECT_TRUE(is_complete(line));
  EXPECT_TRUE(has_right_digest(line));
  std::optional<Entry> entry = parse_entry(line);
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->sha256, digest_in(line));
  entry->sha256.clear();
  EXPECT_EQ(*entry, sample());
}

TEST(Entry, has_one_spelling_only) {
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"\"sequence\":7", "\"sequence\":07"},
                                                        {"\"sequence\":7", "\"sequence\":0"},
                                                        {"\"sequence\":7", "\"sequence\":-7"},
                                                        {"\"sequence\":7", "\"sequence\": 7"},
                                                        {"\"sequence\":7", "\"sequence\":7.0"},
                                                        {"\"sequence\":7", "\"sequence\":9007199254740992"},
                                                        {"2022-11-23T", "2022-11-31T"},
                                                        {"\"host\":\"hims1\",", ""},
                                                        {"\"login\":\"ravi\"", "\"login\":null"},
                                                        {"scan-finished", "Scan-finished"},
                                                        {"scan-finished", "scan_finished"},
                                                        {"\"files\":40,", "\"path\":40,"},
                                                        {"\"files\":40", "\"files\":-0"},
                                                        {"\"files\":40", "\"files\":4e1"},
                                                        {"\"files\":40", "\"files\":true"},
                                                        {"\"files\":40", "\"files\":{}"},
                                                        {"\"files\":40", "\"files\":"},
                                                        {"\"files\":40,", "\"files\":40,\"files\":40,"},
                                                        {"\"files\":40", "\"Files\":40"},
                                                        {"[\"/srv\",\"\"]", "[\"/srv\",\"\",]"},
                                                        {"[\"/srv\",\"\"]", "[\"/srv\",1]"},
                                                        {"[\"/srv\",\"\"]", "[\"/srv\" ,\"\"]"},
                                                        {"\\u0001", "\\u0041"},
                                                        {"\\u0001", "\x01"},
                                                        {"\\u0001", "\\u000a"},
                                                        {"\\u001f", "\\u001F"},
                                                        {"\\u0001", "\\/"},
                                                        {"\\u0001", "\\u00"},
                                                        {"\\n", "\n"},
                                                        {"/srv/", "/srv/\xff"},
                                                        {"\"previous\":\"0", "\"previous\":\"g"},
                                                        {"\"previous\":\"0", "\"previous\":\""},
                                                        {"\"kind\":", "\"other\":1,\"kind\":"},
                                                        {"\"sha256\":\"", "\"sha256\":\"0"}}) {
    EXPECT_FALSE(parse_entry(altered(from, to)).has_value()) << from << " -> " << to;
  }
  EXPECT_FALSE(parse_entry(write_entry(sample()) + " ").has_value());
  EXPECT_FALSE(parse_entry("").has_value());
}

TEST(Entry, cut_anywhere_is_not_complete_and_no_entry) {
  const std::string line = write_entry(sample());
  for (std::size_t size = 0; size < line.size(); ++size) {
    EXPECT_FALSE(is_complete(line.substr(0, size))) << size;
    EXPECT_FALSE(parse_entry(line.substr(0, size)).has_value()) << size;
  }
}

TEST(Entry, shows_by_its_hash_that_a_bit_was_turned) {
  const std::string line = write_entry(sample());
  for (std::size_t at = 0; at < line.size(); ++at) {
    std::string turned = line;
    turned[at] = static_cast<char>(turned[at] ^ 1);
    EXPECT_FALSE(has_right_digest(turned)) << at;
  }
}

TEST(Entry, knows_kinds_from_field_names) {
  EXPECT_TRUE(is_kind("scan-begun") && is_field_name("path_b64"));
  EXPECT_FALSE(is_kind("scan_begun") || is_field_name("path-b64"));
  EXPECT_FALSE(is_kind("") || is_kind("-x") || is_kind("1x") || is_kind(std::string(65, 'k')));
  EXPECT_TRUE(is_kind(std::string(64, 'k')));
}

}  // namespace lastgood::ledger
