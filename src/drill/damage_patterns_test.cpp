// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the patterns reach exactly the documented bytes, change nothing else, repeat for the same seed, and can
// be undone with the key that the truth names.
#include "drill/damage_patterns.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace lastgood::drill {
namespace {

using base::ByteView;
using model::ByteRange;
using model::Verdict;
using Bytes = std::vector<std::uint8_t>;

constexpr std::uint64_t k_mib = 1024 * 1024;

const DamagePattern& pattern(std::string_view id) {
  const DamagePattern* found = find_damage_pattern(id);
  EXPECT_NE(found, nullptr) << id;
  return found == nullptr ? damage_patterns().front() : *found;
}

/// Text-like bytes, so that a replaced run cannot look as before by chance.
Bytes plain_content(std::size_t size_bytes) {
  Bytes out(size_bytes);
  for (std::size_t i = 0; i < size_bytes; ++i) out[i] = static_cast<std::uint8_t>('a' + (i / 7 + i % 5) % 26);
  return out;
}

DamagedContent damaged(std::string_view id, const Bytes& content, std::string_view name = "scan.pdf") {
  std::optional<DamagedContent> out = damage(pattern(id), ByteView(content), name, 7);
  EXPECT_TRUE(out.has_value()) << id;
  return out.value_or(DamagedContent{});
}

std::vector<ByteRange> map_of(std::string_view id, std::uint64_t size_bytes) {
  return regions_of(pattern(id).rules, size_bytes);
}

bool is_tail(const Bytes& bytes, std::string_view expected) {
  return bytes.size() >= expected.size() && ByteView(bytes).part(bytes.size() - expected.size()).text() == expected;
}

using Ranges = std::vector<ByteRange>;

}  // namespace

TEST(RegionShape, reaches_sixty_four_of_each_hundred_and_ninety_two_bytes_in_whole_units) {
  EXPECT_EQ(map_of("basta-64-192", 4999), (Ranges{{0, 4992}}));
  const Ranges map = map_of("basta-64-192", 5000);
  ASSERT_EQ(map.size(), 26U);  // starts 0, 192, ... 4800; the run at 4992 has 8 bytes only and stays
  EXPECT_EQ(map[0], (ByteRange{0, 64}));
  EXPECT_EQ(map[1], (ByteRange{192, 256}));
  EXPECT_EQ(map[25], (ByteRange{4800, 4864}));
}

TEST(RegionShape, reaches_one_percent_after_the_first_five_thousand_bytes) {
  const Ranges map = map_of("basta-64-6400", 30'000);
  EXPECT_EQ(map, (Ranges{{0, 4992}, {11'336, 11'400}, {17'736, 17'800}, {24'136, 24'200}}));
  // The pattern proper changes over at one GiB.
  EXPECT_EQ(map_of("basta-64-192", 1024 * k_mib + 1)[1], (ByteRange{11'336, 11'400}));
}

TEST(RegionShape, spreads_shares_evenly_from_the_first_to_the_last_byte) {
  EXPECT_EQ(map_of("conti-10", 10'000), (Ranges{{0, 400}, {4800, 5200}, {9600, 10'000}}));
  EXPECT_EQ(map_of("conti-50", 10'000), (Ranges{{0, 1000}, {2250, 3250}, {4500, 5500}, {6750, 7750}, {9000, 10'000}}));
  EXPECT_EQ(map_of("akira-4-x-10", 10'000), (Ranges{{0, 1000}, {3000, 4000}, {6000, 7000}, {9000, 10'000}}));
}

TEST(RegionShape, reaches_heads_and_steps_as_published) {
  EXPECT_EQ(map_of("lockbit2-4k", 100'000), (Ranges{{0, 4096}}));
  EXPECT_EQ(map_of("lockbit2-4k", 100), (Ranges{{0, 100}}));
  EXPECT_EQ(map_of("stop-150k", 1'000'000), (Ranges{{0, 153'600}}));
  EXPECT_EQ(map_of("babuk-esxi", 600 * k_mib), (Ranges{{0, 512 * k_mib}}));
  EXPECT_EQ(map_of("babuk-nas", 20 * k_mib), (Ranges{{0, 4 * k_mib}}));
  EXPECT_EQ(map_of("babuk-nas", 21 * k_mib), (Ranges{{0, k_mib}, {10 * k_mib, 11 * k_mib}, {20 * k_mib, 21 * k_mib}}));
  EXPECT_EQ(map_of("inc", 4'000'000), (Ranges{{0, 1'000'000}, {3'000'000, 4'000'000}}));
  EXPECT_EQ(map_of("hive6", 1000), (Ranges{{0x50, 1000}}));
  EXPECT_TRUE(map_of("hive6", 0x50).empty());
  EXPECT_EQ(map_of("lockfile-16-32", 70), (Ranges{{0, 16}, {32, 48}}));
  EXPECT_EQ(map_of("middle-5", 10'000), (Ranges{{4750, 5250}}));
  EXPECT_EQ(map_of("ends-plain", 300 * 1024), (Ranges{{64 * 1024, 236 * 1024}}));
}

TEST(RegionShape, reaches_first_and_last_block_of_large_contents) {
  const Ranges map = map_of("play", 20 * k_mib + 5);
  EXPECT_EQ(map.front(), (ByteRange{0, k_mib}));
  EXPECT_EQ(map.back().to, 20 * k_mib + 5);
  EXPECT_EQ(map[1], (ByteRange{3 * k_mib, 4 * k_mib}));
}

TEST(RegionShape, steps_by_one_percent_where_a_family_does) {
  const Ranges map = map_of("esxiargs-1", 1000 * k_mib);
  EXPECT_EQ(map.size(), 100U);
  EXPECT_EQ(map[1], (ByteRange{10 * k_mib, 11 * k_mib}));
}

TEST(RegionShape, keeps_every_map_ascending_and_inside_the_content) {
  for (const DamagePattern& row : damage_patterns()) {
    for (const std::uint64_t size :
         {0ULL, 1ULL, 63ULL, 64ULL, 4095ULL, 4096ULL, 65'537ULL, 3'000'001ULL, 60'000'000ULL}) {
      std::uint64_t end = 0;
      for (const ByteRange& run : regions_of(row.rules, size)) {
        EXPECT_TRUE(run.from >= end && run.from < run.to && run.to <= size) << row.id << " at " << size;
        end = run.to;
      }
    }
  }
}

TEST(DamagePatterns, have_unique_ids_and_say_what_they_are) {
  std::set<std::string_view> ids;
  for (const DamagePattern& row : damage_patterns()) {
    EXPECT_TRUE(ids.insert(row.id).second) << row.id;
    EXPECT_FALSE(row.summary.empty() || row.family.empty() || row.rules.empty()) << row.id;
  }
  EXPECT_GE(ids.size(), 30U);
}

TEST(DamagePatterns, give_the_same_bytes_for_the_same_seed_and_others_for_another) {
  const Bytes content = plain_content(200'000);
  for (const DamagePattern& row : damage_patterns()) {
    const auto once = damage(row, ByteView(content), "a.txt", 1);
    const auto again = damage(row, ByteView(content), "a.txt", 1);
    const auto other = damage(row, ByteView(content), "a.txt", 2);
    ASSERT_EQ(once.has_value(), again.has_value());
    if (!once) continue;
    EXPECT_EQ(once->bytes, again->bytes) << row.id;
    EXPECT_EQ(once->name, again->name) << row.id;
    if (is_encryption(row)) {
      EXPECT_NE(once->bytes, other->bytes) << row.id;
    }
  }
  EXPECT_EQ(content, plain_content(200'000));
}

TEST(DamagePatterns, change_nothing_outside_the_ranges_they_name) {
  const Bytes content = plain_content(300'000);
  for (const DamagePattern& row : damage_patterns()) {
    if (row.layout != Layout::in_place || row.header != nullptr) continue;
    const auto out = damage(row, ByteView(content), "a.txt", 3);
    if (!out) continue;
    Bytes expected = content;
    expected.resize(out->bytes.size());
    std::vector<std::uint8_t> named(out->bytes.size(), 0);
    const auto name_all = [&](const Ranges& ranges) {
      for (const ByteRange& r : ranges)
        std::fill(named.begin() + static_cast<std::ptrdiff_t>(r.from),
                  named.begin() + static_cast<std::ptrdiff_t>(r.to), std::uint8_t{1});
    };
    name_all(out->replaced);
    name_all(out->added);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      if (named[i] == 0) {
        ASSERT_EQ(out->bytes[i], expected[i]) << row.id << " at " << i;
      }
    }
  }
}

TEST(DamagePatterns, can_be_undone_with_the_key_in_the_truth) {
  const Bytes content = plain_content(50'000);
  for (const std::string_view id : {"full-ctr", "akira-part", "basta-64-192", "lockfile-16-32"}) {
    const DamagedContent out = damaged(id, content);
    const ByteView body = ByteView(out.bytes).part(0, content.size());
    ASSERT_FALSE(std::equal(body.begin(), body.end(), content.begin())) << id;
    EXPECT_EQ(with_runs_replaced(body, out.replaced, pattern(id).cipher, out.key), content) << id;
  }
}

TEST(DamagePatterns, append_footers_of_the_published_lengths) {
  const Bytes content = plain_content(40'000);
  const auto footer_bytes = [&](std::string_view id) { return damaged(id, content).added.back().length(); };
  EXPECT_EQ(footer_bytes("akira-part"), 534U);
  EXPECT_EQ(footer_bytes("akira-4-x-10"), 512U);
  EXPECT_EQ(footer_bytes("conti-10"), 534U);
  EXPECT_EQ(footer_bytes("play"), 1064U);
  EXPECT_EQ(footer_bytes("babuk-esxi"), 32U);
  EXPECT_EQ(footer_bytes("babuk-nas"), 38U);
  EXPECT_EQ(footer_bytes("inc"), 35U);
  EXPECT_EQ(footer_bytes("phobos-small"), 178U);
  EXPECT_EQ(footer_bytes("medusalocker3"), 1556U);
  EXPECT_EQ(footer_bytes("hive6"), 0x280U + 18U);
  EXPECT_GE(footer_bytes("lockbit3-128k"), 216U);
  EXPECT_LE(footer_bytes("lockbit3-128k"), 736U);
}

TEST(DamagePatterns, write_the_marks_that_stand_in_clear) {
  const Bytes content = plain_content(40'000);
  EXPECT_TRUE(is_tail(damaged("inc", content).bytes, "INC"));
  EXPECT_TRUE(is_tail(damaged("babuk-nas", content).bytes, "\xAB\xBC\xCD\xDE\xEF\xF0"));
  EXPECT_TRUE(is_tail(damaged("qilin-skip", content).bytes, "-----END CIPHERTEXT BLOCK-----"));
  EXPECT_TRUE(is_tail(damaged("crylock", content).bytes, "{ENCRYPTENDED}"));
  EXPECT_TRUE(ByteView(damaged("wannacry", content).bytes).matches(0, "WANACRY!"));
  const Bytes akira = damaged("akira-spot", content).bytes;
  EXPECT_EQ(ByteView(akira).le64(akira.size() - 8), 40'000U);
  EXPECT_EQ(ByteView(akira).u8(akira.size() - 10), 2U);
  const Bytes medusa = damaged("medusalocker3", content).bytes;
  EXPECT_EQ(ByteView(medusa).le64(medusa.size() - 20), 40'000U);
  EXPECT_EQ(ByteView(medusa).le32(medusa.size() - 8), 8192U);
}

TEST(DamagePatterns, put_two_contact_addresses_before_content_renamed_to_bak9) {
  const DamagedContent out = damaged("aiims-bak9", plain_content(9000), "register.csv");
  EXPECT_EQ(out.name, "register.csv.bak9");
  const std::string_view head = ByteView(out.bytes).part(0, 120).text();
  EXPECT_NE(head.find("fox1204@mailbox.example.org"), std::string_view::npos);
  EXPECT_NE(head.find("heron77310@mailbox.example.org"), std::string_view::npos);
  EXPECT_EQ(right_verdicts(pattern("aiims-bak9"), out), std::vector<Verdict>{Verdict::encrypted});
}

TEST(DamagePatterns, leave_the_first_sixty_two_bytes_and_one_mark_for_all_contents) {
  const Bytes first = plain_content(5000);
  const Bytes second(8000, 0x20);
  const Bytes a = damaged("hive6", first, "a.doc").bytes;
  const Bytes b = damaged("hive6", second, "b.doc").bytes;
  EXPECT_TRUE(std::equal(first.begin(), first.begin() + 0x3E, a.begin()));
  EXPECT_TRUE(std::equal(a.begin() + 0x3E, a.begin() + 0x3E + 14, b.begin() + 0x3E));
}

TEST(DamagePatterns, move_chunks_behind_the_content_and_leave_zeros) {
  const Bytes content = plain_content(100'000);
  const DamagedContent out = damaged("phobos-moved", content);
  ASSERT_EQ(out.replaced.size(), 3U);
  for (const ByteRange& run : out.replaced) {
    EXPECT_TRUE(std::all_of(out.bytes.begin() + static_cast<std::ptrdiff_t>(run.from),
                            out.bytes.begin() + static_cast<std::ptrdiff_t>(run.to),
                            [](std::uint8_t b) { return b == 0; }));
  }
  EXPECT_EQ(out.bytes.size(), 100'000U + 3U * 16'000U + 178U);
  EXPECT_NE(out.name.find("[fox1204@mailbox.example.org]"), std::string::npos);
}

TEST(DamagePatterns, keep_equal_blocks_equal_under_ecb) {
  const DamagedContent out = damaged("ecb-full", Bytes(64, 0));
  EXPECT_TRUE(std::equal(out.bytes.begin(), out.bytes.begin() + 16, out.bytes.begin() + 16));
  EXPECT_NE(out.bytes[0] | out.bytes[1] | out.bytes[2], 0);
}

TEST(DamagePatterns, repeat_one_keystream_of_sixty_four_bytes) {
  const DamagedContent out = damaged("basta-64-192", Bytes(6000, 0));
  EXPECT_TRUE(std::equal(out.bytes.begin(), out.bytes.begin() + 64, out.bytes.begin() + 192));
}

TEST(DamagePatterns, write_only_base64_lines_when_they_hide_as_text) {
  const Bytes bytes = damaged("base64", plain_content(5000)).bytes;
  EXPECT_EQ(bytes[76], '\n');
  EXPECT_TRUE(std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) {
    return b == '\n' || b == '+' || b == '/' || b == '=' || (b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z') ||
           (b >= 'a' && b <= 'z');
  }));
}

TEST(DamagePatterns, call_plain_damage_damaged_and_never_encrypted) {
  for (const std::string_view id : {"cut-short", "zeroed-head", "zeroed-middle"}) {
    const DamagedContent out = damaged(id, plain_content(20'000));
    EXPECT_EQ(right_verdicts(pattern(id), out), std::vector<Verdict>{Verdict::damaged});
  }
  EXPECT_EQ(damaged("cut-short", plain_content(20'000)).bytes.size(), 8000U);
}

TEST(DamagePatterns, accept_only_encrypted_when_everything_is_gone) {
  const Bytes content = plain_content(100'000);
  const auto right = [&](std::string_view id) { return right_verdicts(pattern(id), damaged(id, content)); };
  EXPECT_EQ(right("full-ctr"), std::vector<Verdict>{Verdict::encrypted});
  EXPECT_EQ(right("base64"), std::vector<Verdict>{Verdict::encrypted});
  EXPECT_EQ(right("conti-10").front(), Verdict::partly_encrypted);
}

TEST(DamagePatterns, leave_contents_alone_that_are_outside_their_sizes) {
  const Bytes small = plain_content(40);
  EXPECT_FALSE(damage(pattern("hive6"), ByteView(small), "a", 1).has_value());
  EXPECT_FALSE(damage(pattern("full-ctr"), ByteView(), "a", 1).has_value());
}

}  // namespace lastgood::drill
