// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The parsers alone, on what Go and restic write, on what they never write, and on cut and endless inputs; and the
// ciphers on the vectors of their papers.
#include <gtest/gtest.h>

#include <limits>

#include "base/base64.h"
#include "base/rfc3339.h"
#include "sources/restic/go_text.h"
#include "sources/restic/index_file.h"
#include "sources/restic/json.h"
#include "sources/restic/key_file.h"
#include "sources/restic/pack_header.h"
#include "sources/restic/snapshot_file.h"
#include "sources/restic/testing/sealing.h"
#include "sources/restic/tree_file.h"
#include "sources/restic/unpack.h"

namespace lastgood::sources::restic::testing {
namespace {

std::vector<std::uint8_t> padded(std::string_view text) {
  std::vector<std::uint8_t> bytes(text.begin(), text.end());
  bytes.resize(bytes.size() + k_json_padding_bytes);
  return bytes;
}

std::string bytes_from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

base::ByteView view(const std::string& text) { return base::ByteView(std::string_view(text)); }

TEST(GoText, unquotes_what_go_quotes) {
  EXPECT_EQ(unquote_go("plain name"), "plain name");
  EXPECT_EQ(unquote_go(R"(a\n\t\\\"\a\b\f\r\v)"), "a\n\t\\\"\a\b\f\r\v");
  EXPECT_EQ(unquote_go(R"(\xff\x00)"), std::string("\xFF\0", 2));
  EXPECT_EQ(unquote_go(R"(\u2028\U0001f600)"), "\xE2\x80\xA8\xF0\x9F\x98\x80");
  EXPECT_EQ(unquote_go(R"(\101)"), "A");
}

TEST(GoText, refuses_what_go_never_writes) {
  for (const char* text : {"\\", "a\\", "\\x4", "\\xg0", "\\u123", "\\ud800", "\\U00110000", "\\q", "\\'", "\\400",
                           "\\18", "a\"b", "a\nb", "\\n\"", "\\U0001f60"}) {
    EXPECT_FALSE(unquote_go(text).has_value()) << text;
  }
}

TEST(GoTimes, times_have_zones_and_fractions) {
  EXPECT_EQ(base::parse_rfc3339("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(base::parse_rfc3339("2022-11-23T07:07:00.123456789+05:30"), 1669167420123456789);
  EXPECT_EQ(base::parse_rfc3339("2022-11-23T07:07:00.5-01:00"), 1669190820500000000);
  EXPECT_EQ(base::parse_rfc3339("1969-12-31T23:59:59.000000005Z"), -999999995);
  EXPECT_EQ(base::parse_rfc3339("2024-02-29T00:00:00Z"), 1709164800000000000);
  EXPECT_EQ(base::parse_rfc3339("9999-12-31T23:59:59Z"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(base::parse_rfc3339("0000-01-01T00:00:00Z"), std::numeric_limits<std::int64_t>::min());
  for (const char* text :
       {"", "2022-11-23", "2022-11-23T07:07:00", "2022-13-23T07:07:00Z", "2023-02-29T07:07:00Z", "2022-11-23T24:07:00Z",
        "2022-11-23T07:07:00.Z", "2022-11-23T07:07:00+0530", "2022-11-23 07:07:00Z", "2022-11-23T07:07:00Zx"}) {
    EXPECT_FALSE(base::parse_rfc3339(text).has_value()) << text;
  }
}

TEST(GoBytes, base64_is_padded_and_strict) {
  EXPECT_EQ(base::parse_base64(""), "");
  EXPECT_EQ(base::parse_base64("AAH/"), std::string("\0\1\xFF", 3));
  EXPECT_EQ(base::parse_base64("YQ=="), "a");
  EXPECT_EQ(base::parse_base64("YWI="), "ab");
  for (const char* text : {"Y", "YQ", "YQ=", "Y===", "Y*==", "=YQ=", "YQ==YQ=="})
    EXPECT_FALSE(base::parse_base64(text)) << text;
}

TEST(Crypto, poly1305_aes_agrees_with_its_paper) {
  struct Vector {
    const char *message, *r, *k, *nonce, *mac;
  };
  // D. J. Bernstein, "The Poly1305-AES message-authentication code", appendix B.
  for (const Vector& v :
       {Vector{"f3f6", "851fc40c3467ac0be05cc20404f3f700", "ec074c835580741701425b623235add6",
               "fb447350c4e868c52ac3275cf9d4327e", "f4c633c3044fc145f84f335cb81953de"},
        Vector{"", "a0f3080000f46400d0c7e9076c834403", "75deaa25c09f208e1dc4ce6b5cad3fbf",
               "61ee09218d29b0aaed7e154a2c5509cc", "dd3fab2251f11ac759f0887129cc2ee7"},
        Vector{"663cea190ffb83d89593f3f476b6bc24d7e679107ea26adb8caf6652d0656136", "48443d0bb0d21109c89a100b5ce2c208",
               "6acb5f61a7176dd320c5c1eb2edcdc74", "ae212a55399729595dea458bc621ff0e",
               "0ee1c16bb73f0f4fd19881753c01cdbe"},
        Vector{
            "ab0812724a7f1e342742cbed374d94d136c6b8795d45b3819830f2c04491faf0990c62e48b8018b2c3e4a0fa3134cb67fa83e158c9"
            "94d961c4cb21095c1bf9",
            "12976a08c4426d0ce8a82407c4f48207", "e1a5668a4d5b66a5f68cc5424ed5982d", "9ae831e743978d3a23527c7128149e3a",
            "5154ad0d2cb26e01274fc51148491f1b"}}) {
    MasterKey key;
    const std::string k = bytes_from_hex(v.k);
    const std::string r = bytes_from_hex(v.r);
    std::copy(k.begin(), k.end(), key.mac_k.begin());
    std::copy(r.begin(), r.end(), key.mac_r.begin());
    const auto mac = SealOpener(key).mac_of(view(bytes_from_hex(v.nonce)), view(bytes_from_hex(v.message)));
    EXPECT_EQ(base::hex(base::ByteView(std::span<const std::uint8_t>(mac))), v.mac);
  }
}

TEST(Crypto, a_seal_opens_and_any_flipped_bit_or_cut_closes_it) {
  MasterKey key;
  key.encryption[0] = 7;
  key.mac_k[3] = 9;
  key.mac_r[0] = 1;
  const std::string sealed = seal(key, "a patient's record");
  ASSERT_EQ(text_of(open_sealed(key, view(sealed)).value()), "a patient's record");
  for (std::size_t bit = 0; bit < 8 * sealed.size(); ++bit) {
    std::string other = sealed;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(open_sealed(key, view(other)).has_value()) << bit;
  }
  for (std::size_t length = 0; length < sealed.size(); ++length) {
    EXPECT_FALSE(open_sealed(key, view(sealed.substr(0, length))).has_value()) << length;
  }
  EXPECT_EQ(open_sealed(key, view(seal(key, "")))->size(), 0U);
}

TEST(Crypto, scrypt_agrees_with_rfc_7914_and_its_costs_are_limited) {
  // RFC 7914 section 12, second vector: 64 bytes from "password", "NaCl", N=1024, r=8, p=16.
  const std::string salt = "NaCl";
  const auto key = derive_key("password", view(salt), {.n = 1024, .r = 8, .p = 16});
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(base::hex(base::ByteView(std::span<const std::uint8_t>(key.value().encryption))),
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162");
  EXPECT_EQ(base::hex(base::ByteView(std::span<const std::uint8_t>(key.value().mac_k))),
            "2eaf30d92e22a3886ff109279d9830da");
  EXPECT_EQ(base::hex(base::ByteView(std::span<const std::uint8_t>(key.value().mac_r))),
            "c727afb94a83ee6d8360cbdfa2cc0640");
  EXPECT_TRUE(derive_key("", view(salt), {.n = 16, .r = 1, .p = 1}).ok());
  EXPECT_TRUE(within_limits({.n = 1U << 20, .r = 8, .p = 1}));
  EXPECT_FALSE(within_limits({.n = 1U << 21, .r = 8, .p = 1}));
  EXPECT_FALSE(within_limits({.n = 1U << 20, .r = 8, .p = 2}));
  EXPECT_FALSE(within_limits({.n = 1000, .r = 8, .p = 1}));
  EXPECT_FALSE(within_limits({.n = 1024, .r = 0, .p = 1}));
  EXPECT_FALSE(within_limits({.n = 1024, .r = UINT64_MAX, .p = UINT64_MAX}));
  EXPECT_FALSE(within_limits({.n = std::uint64_t{1} << 63, .r = 2, .p = 1}));
}

TEST(Unpack, knows_both_ways_of_packing_and_stops_bombs) {
  std::string bomb(64 << 20, 'x');
  std::string frame(ZSTD_compressBound(bomb.size()), '\0');
  frame.resize(ZSTD_compress(frame.data(), frame.size(), bomb.data(), bomb.size(), 1));
  const std::string packed = "\x02" + frame;
  EXPECT_TRUE(unpack_file(view(packed), std::size_t{64} << 20).ok());
  EXPECT_EQ(unpack_file(view(packed), std::size_t{1} << 20).error().code, base::ErrorCode::damaged_source);
  EXPECT_FALSE(unpack_file(view(packed.substr(0, packed.size() - 1)), std::size_t{64} << 20).ok());
  EXPECT_FALSE(unpack_file(view("\x02garbage"), 1000).ok());
  EXPECT_EQ(text_of(unpack_file(view("{}"), 1000).value()), "{}");
  EXPECT_EQ(unpack_file(view("7"), 1000).error().code, base::ErrorCode::unsupported);
  EXPECT_FALSE(unpack_file(view(""), 1000).ok());
}

struct IndexSeen {
  std::size_t packs = 0;
  std::size_t blobs = 0;
  std::size_t refused = 0;
  bool whole = false;
};

IndexSeen see_index(std::string_view text) {
  IndexSeen seen;
  const IndexEnd end = parse_index(padded(text), [&](IndexedPack& pack) {
    ++seen.packs;
    seen.blobs += pack.blobs.size();
    seen.refused += pack.refused;
  });
  seen.whole = end.whole;
  seen.refused += end.refused;
  return seen;
}

const std::string k_id = std::string(62, 'a') + "01";

std::string index_with(const std::string& blob) {
  return R"({"packs":[{"id":")" + k_id + R"(","blobs":[)" + blob + "]}]}";
}

TEST(IndexFile, reads_blobs_and_refuses_those_that_make_no_sense) {
  const std::string good =
      R"({"id":")" + k_id + R"(","type":"tree","offset":5,"length":400,"uncompressed_length":900,"new":[1]})";
  EXPECT_EQ(see_index(index_with(good + "," + good)).blobs, 2U);
  EXPECT_TRUE(see_index(index_with(good)).whole);
  for (const auto& [from, to] : {std::pair{"400", "31"},
                                 {"400", "4294967295"},
                                 {"400", "-1"},
                                 {"5,", "99999999999,"},
                                 {"tree", "lock"},
                                 {"01\"", "0\""},
                                 {"01\"", "0G\""},
                                 {"\"offset\"", "\"off\""},
                                 {"900", "\"x\""}}) {
    std::string bad = good;
    bad.replace(bad.find(from), std::string_view(from).size(), to);
    const IndexSeen seen = see_index(index_with(bad + "," + good));
    EXPECT_EQ(seen.refused, 1U) << bad;
    EXPECT_EQ(seen.blobs, 1U) << bad;
  }
  EXPECT_EQ(see_index(R"([{"id":")" + k_id + R"(","blobs":[)" + good + "]}]").blobs, 1U);
  EXPECT_TRUE(see_index(R"({"packs":null})").whole);
  EXPECT_EQ(see_index(R"({"packs":[{"blobs":[)" + good + R"(],"id":")" + k_id + R"("}]})").blobs, 1U);
}

TEST(IndexFile, shows_what_stands_before_a_break) {
  const std::string good = R"({"id":")" + k_id + R"(","type":"data","offset":0,"length":40})";
  const std::string text = index_with(good + "," + good);
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(see_index(text.substr(0, length)).whole) << length;
  }
  for (const char* odd : {"7", "null", "\"\"", "{\"packs\":7}", "{\"packs\":nope}", "[[]]", "[{}]"})
    (void)see_index(odd);
  const std::string deep(100'000, '[');
  EXPECT_FALSE(see_index(deep).whole);
  EXPECT_FALSE(see_index("{\"packs\":" + deep).whole);
}

std::string entry_of(std::uint8_t type, std::uint32_t length, std::uint32_t plain = 0) {
  std::string entry(1, static_cast<char>(type));
  for (unsigned i = 0; i < 4; ++i) entry.push_back(static_cast<char>(length >> (8 * i) & 0xFF));
  if (type >= 2) {
    for (unsigned i = 0; i < 4; ++i) entry.push_back(static_cast<char>(plain >> (8 * i) & 0xFF));
  }
  return entry + std::string(32, 'i');
}

TEST(PackHeader, places_blobs_one_after_another) {
  const std::string header = entry_of(0, 40) + entry_of(3, 50, 700) + entry_of(1, 60);
  const auto blobs = parse_pack_header(view(header), 150);
  ASSERT_TRUE(blobs.ok());
  ASSERT_EQ(blobs.value().size(), 3U);
  EXPECT_EQ(blobs.value()[1].offset_bytes, 40U);
  EXPECT_EQ(blobs.value()[1].plain_length_bytes, 700U);
  EXPECT_EQ(blobs.value()[1].kind, BlobKind::tree);
  EXPECT_EQ(blobs.value()[2].offset_bytes, 90U);
  EXPECT_FALSE(parse_pack_header(view(header), 149).ok());
  EXPECT_FALSE(parse_pack_header(view(header), 151).ok());
  for (std::size_t length = 1; length < header.size(); ++length) {
    EXPECT_FALSE(parse_pack_header(view(header.substr(0, length)), 150).ok()) << length;
  }
  EXPECT_FALSE(parse_pack_header(view(entry_of(4, 40)), 40).ok());
  EXPECT_FALSE(parse_pack_header(view(entry_of(0, 31)), 31).ok());
  EXPECT_FALSE(parse_pack_header(view(entry_of(0, UINT32_MAX) + entry_of(0, 33)), 32).ok());
  EXPECT_FALSE(parse_header_length(view(std::string("\xFF\xFF\xFF\x7F", 4)), 1000).has_value());
  EXPECT_FALSE(parse_header_length(view("abc"), 1000).has_value());
  EXPECT_EQ(parse_header_length(view(std::string("\x45\0\0\0", 4)), 1000), 0x45U);
  EXPECT_FALSE(parse_header_length(view(std::string("\x45\0\0\0", 4)), 0x48).has_value());
}

TEST(SnapshotFile, reads_summary_and_needs_tree_and_time) {
  const std::string text =
      R"({"time":"2022-11-23T07:07:00Z","tree":")" + k_id +
      R"(","paths":["/srv"],"hostname":"ward","tags":["a","b"],"program_version":"restic 0.17.3",)" +
      R"("summary":{"files_new":1,"files_changed":2,"files_unmodified":3,"data_added":4},"label":{}})";
  const auto snapshot = parse_snapshot(padded(text));
  ASSERT_TRUE(snapshot.ok());
  EXPECT_EQ(snapshot.value().program, "restic 0.17.3");
  EXPECT_EQ(snapshot.value().tags.size(), 2U);
  ASSERT_TRUE(snapshot.value().claims.has_value());
  EXPECT_EQ(snapshot.value().claims->files_changed, 2U);
  EXPECT_EQ(snapshot.value().claims->bytes_added, 4U);
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(parse_snapshot(padded(text.substr(0, length))).ok()) << length;
  }
  EXPECT_FALSE(parse_snapshot(padded(R"({"time":"2022-11-23T07:07:00Z"})")).ok());
  EXPECT_FALSE(parse_snapshot(padded(R"({"tree":")" + k_id + R"("})")).ok());
  EXPECT_EQ(parse_config_version(padded(R"({"id":"x","version":2,"is_hot":true})")).value(), 2U);
  EXPECT_FALSE(parse_config_version(padded("{}")).ok());
}

TEST(KeyFile, says_what_is_wrong_with_it) {
  const std::string text = cheap_key_file({}, "x");
  EXPECT_TRUE(parse_key_file(view(text)).ok());
  EXPECT_EQ(parse_key_file(view(text)).value().user, "root@ward");
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(parse_key_file(view(text.substr(0, length))).ok()) << length;
  }
  std::string other = text;
  other.replace(other.find("scrypt"), 6, "argon2");
  EXPECT_EQ(parse_key_file(view(other)).error().code, base::ErrorCode::unsupported);
  EXPECT_FALSE(parse_key_file(view(std::string(k_key_file_bytes_max + 1, ' '))).ok());
  EXPECT_FALSE(parse_master_key(view(R"({"mac":{"k":"AA=="},"encrypt":""})")).ok());
  EXPECT_TRUE(parse_master_key(view(master_key_json({}))).ok());
}

}  // namespace
}  // namespace lastgood::sources::restic::testing
