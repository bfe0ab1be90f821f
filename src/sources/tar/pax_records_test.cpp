// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that pax records are read by their lengths and that a lie about a length ends the reading.
#include "sources/tar/pax_records.h"

#include <gtest/gtest.h>

#include "sources/tar/testing/tar_maker.h"

namespace lastgood::sources::tar {
namespace {

using namespace std::string_literals;
using testing::pax_record;

struct Parsed {
  PaxFields fields;
  std::optional<std::string> broken;
};
Parsed parse(const std::string& text) {
  Parsed parsed;
  parsed.broken = parse_pax_records(base::ByteView(std::string_view(text)), parsed.fields);
  return parsed;
}

TEST(PaxRecords, say_names_sizes_times_and_owners) {
  const Parsed parsed = parse(pax_record("path", "a\nb=c") + pax_record("size", "8589934592") +
                              pax_record("mtime", "1669086245.123456789") + pax_record("uid", "3000000000") +
                              pax_record("uname", "anita") + pax_record("VENDOR.odd", "passed over"));
  EXPECT_EQ(parsed.broken, std::nullopt);
  EXPECT_EQ(parsed.fields.path, "a\nb=c");
  EXPECT_EQ(parsed.fields.size_bytes, 8'589'934'592U);
  EXPECT_EQ(parsed.fields.mtime_ns, 1'669'086'245'123'456'789);
  EXPECT_EQ(parsed.fields.user_id, 3'000'000'000U);
  EXPECT_EQ(parsed.fields.user, "anita");
}

TEST(PaxRecords, hold_attributes_of_any_bytes) {
  const Parsed parsed =
      parse(pax_record("SCHILY.xattr.user.a%3Db%25", std::string("\0=\n\xff", 4)) +
            pax_record("LIBARCHIVE.xattr.user.c", "AAEC/w==") + pax_record("SCHILY.xattr.user.c", "exact"));
  ASSERT_EQ(parsed.fields.attributes.size(), 2U);
  EXPECT_EQ(parsed.fields.attributes[0], (model::Attribute{"user.a=b%", std::string("\0=\n\xff", 4)}));
  EXPECT_EQ(parsed.fields.attributes[1], (model::Attribute{"user.c", "exact"}));
}

TEST(PaxRecords, end_where_a_length_is_a_lie) {
  for (const std::string& broken :
       {"9999 path=a\n"s, "5 path=a\n"s, "0 path=a\n"s, "x path=a\n"s, "-9 path=a\n"s, "99999999999999999999 path=a\n"s,
        "10 path=ab"s, "8 patha\n"s, "10 =value\n"s, "6"s, "1"s, " "s, "10 path=a"s, "18446744073709551615 a=b\n"s}) {
    const Parsed parsed = parse(pax_record("uname", "kept") + broken);
    EXPECT_NE(parsed.broken, std::nullopt) << broken;
    EXPECT_EQ(parsed.fields.user, "kept") << broken;
    EXPECT_EQ(parsed.fields.path, std::nullopt) << broken;
  }
}

TEST(PaxRecords, refuse_values_that_cannot_be) {
  for (const auto& [key, value] :
       std::initializer_list<std::pair<const char*, const char*>>{{"size", "-1"},
                                                                  {"size", "1e9"},
                                                                  {"size", "99999999999999999999"},
                                                                  {"uid", "root"},
                                                                  {"mtime", "now"},
                                                                  {"mtime", "99999999999999"},
                                                                  {"GNU.sparse.numbytes", "5"},
                                                                  {"GNU.sparse.map", "1"}}) {
    EXPECT_NE(parse(pax_record(key, value)).broken, std::nullopt) << key << "=" << value;
  }
}

TEST(PaxTime, has_fractions_and_a_sign) {
  EXPECT_EQ(parse_pax_time("1"), 1'000'000'000);
  EXPECT_EQ(parse_pax_time("1.5"), 1'500'000'000);
  EXPECT_EQ(parse_pax_time("-1.5"), -1'500'000'000);
  EXPECT_EQ(parse_pax_time("0.0000000019"), 1);
  for (const char* text : {"", ".5", "1.x", "--1", "1e3", "9223372037"}) EXPECT_EQ(parse_pax_time(text), std::nullopt);
}

}  // namespace
}  // namespace lastgood::sources::tar
