// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that text in every usual encoding and with everyday blemishes is whole, and that ciphertext inside it is found
// and named cell by cell, in memory as well as in contents that are only sampled.
#include "formats/text/text_walker.h"

#include <tuple>

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"
#include "formats/text/text_cells.h"

namespace lastgood::formats {

namespace {

using testing::random_bytes;
using testing::walk_bytes;
using namespace std::string_view_literals;
using Bytes = std::vector<std::uint8_t>;

Bytes log_lines(std::size_t size_bytes) {
  std::string text;
  for (std::size_t line = 0; text.size() < size_bytes; ++line) {
    text += "2022-11-23T07:" + std::to_string(10 + line % 50) + ":03 opd-" + std::to_string(line % 17) +
            " registration of patient " + std::to_string(100'000 + line * 7919 % 900'000) + " took 0.21 s\n";
  }
  text.resize(size_bytes);
  return {text.begin(), text.end()};
}

void encrypt(Bytes& bytes, std::size_t from, std::size_t count) {
  const Bytes noise = random_bytes(count, from + 17);
  for (std::size_t i = 0; i < count && from + i < bytes.size(); ++i) bytes[from + i] = noise[i];
}

bool is_named(const WalkReport& report, std::uint64_t from, std::uint64_t to) {
  for (const model::Finding& finding : report.findings) {
    if (finding.weight == model::Weight::contradicts && finding.range.from <= from && finding.range.to >= to)
      return true;
  }
  return false;
}

bool has_rule(const WalkReport& report, std::string_view rule) {
  for (const model::Finding& finding : report.findings) {
    if (finding.rule == rule) return true;
  }
  return false;
}

}  // namespace

LASTGOOD_WALKER_SUITE(Text, k_text_format, "text", {});

TEST(TextWalker, finds_a_long_log_whole_at_every_depth) {
  for (const model::Depth depth : {model::Depth::quick, model::Depth::standard, model::Depth::full}) {
    const WalkReport report = walk_bytes(k_text_format, log_lines(700'000), depth, "a.log");
    EXPECT_EQ(report.shape, Shape::whole);
    EXPECT_EQ(report.reach, depth == model::Depth::full ? Reach::content : Reach::sampled);
  }
}

TEST(TextWalker, explains_the_payload_of_a_shell_archive) {
  constexpr std::string_view k_script =
      "#!/bin/sh\n# unpacks itself\nsed '1,/^exit/d' \"$0\" | gzip -d | tar xf -\nexit 0\n";
  Bytes bytes(k_script.begin(), k_script.end());
  const Bytes payload = random_bytes(3000, 6);
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  const WalkReport report = walk_bytes(k_text_format, bytes, model::Depth::standard, "install.sh");
  EXPECT_EQ(report.shape, Shape::whole);
  ASSERT_FALSE(report.regions.empty());
  EXPECT_EQ(report.regions.back().kind, model::RegionKind::compressed);
}

TEST(TextWalker, names_each_sixteen_bytes_of_thirty_two) {
  Bytes bytes = log_lines(1024);
  for (std::size_t at = 0; at < bytes.size(); at += 32) encrypt(bytes, at, 16);
  const WalkReport report = walk_bytes(k_text_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  for (std::size_t at = 0; at < bytes.size(); at += 32) EXPECT_TRUE(is_named(report, at, at + 16)) << at;
}

TEST(TextWalker, finds_one_per_cent_in_runs_of_64_bytes_in_a_sampled_content) {
  Bytes bytes = log_lines(2'000'000);
  for (std::size_t at = 6400; at < bytes.size(); at += 6400) encrypt(bytes, at, 64);
  const WalkReport report = walk_bytes(k_text_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_TRUE(is_named(report, 6400, 6464));
  EXPECT_TRUE(has_rule(report, "text.foreign-runs"));
}

TEST(TextWalker, finds_a_head_that_was_encrypted_and_keeps_the_rest_as_plain) {
  Bytes bytes = log_lines(100'000);
  encrypt(bytes, 0, 4096);
  const WalkReport report = walk_bytes(k_text_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_TRUE(is_named(report, 0, 4096));
  EXPECT_EQ(report.regions.back().range.to, bytes.size());
}

TEST(TextWalker, finds_a_footer_of_32_bytes) {
  Bytes bytes = log_lines(50'000);
  const Bytes footer = random_bytes(32, 5);
  bytes.insert(bytes.end(), footer.begin(), footer.end());
  EXPECT_EQ(walk_bytes(k_text_format, bytes, model::Depth::standard).shape, Shape::broken);
}

TEST(TextWalker, takes_a_few_binary_bytes_and_a_hole_for_everyday) {
  Bytes bytes = log_lines(100'000);
  for (std::size_t i = 0; i < 2000; ++i) bytes[40'000 + i] = 0;
  for (const std::size_t at : {1000U, 5000U, 70'001U}) bytes[at] = 0x03;
  encrypt(bytes, 60'000, 20);
  const WalkReport report = walk_bytes(k_text_format, bytes, model::Depth::full);
  EXPECT_EQ(report.shape, Shape::whole);
  EXPECT_TRUE(has_rule(report, "text.nul-hole"));
}

TEST(TextWalker, takes_the_ends_of_transactions_and_other_few_bytes_among_zeros_for_no_text) {
  // pg_xact/0000 as PostgreSQL 15 wrote it: nearly all committed; each third undone; some undone, one still running.
  const Bytes young = [] {
    Bytes bytes(8192, 0);
    std::fill(bytes.begin(), bytes.begin() + 181, std::uint8_t{'U'});
    bytes[0] = '@';
    return bytes;
  }();
  const Bytes random = random_bytes(3000, 3);
  Bytes undone = young, mixed = young;
  for (std::size_t i = 181; i < 5000; ++i) undone[i] = std::array<std::uint8_t, 3>{0x96, 0x65, 0x59}[i % 3];
  constexpr std::array<std::uint8_t, 16> k_ends = {0x55, 0x56, 0x59, 0x5A, 0x65, 0x66, 0x69, 0x6A,
                                                   0x95, 0x96, 0x99, 0x9A, 0xA5, 0xA6, 0xA9, 0xAA};
  for (std::size_t i = 181; i < 3000; ++i) mixed[i] = k_ends[random[i] % 16];
  mixed[3000] = 0x4A;
  mixed[3001] = 0x0A;
  for (const Bytes& bytes : {young, undone, mixed}) {
    for (const model::Depth depth : {model::Depth::quick, model::Depth::standard, model::Depth::full})
      EXPECT_EQ(walk_bytes(k_text_format, bytes, depth, "0000").shape, Shape::foreign);
  }
}

TEST(TextWalker, takes_rows_of_texts_behind_a_binary_header_for_no_text_with_holes) {
  // aria_log.00000001 of a new MariaDB: a header, then rows of its own help, padded.
  Bytes bytes = log_lines(60'000);
  const Bytes header = {0xFE, 0xFE, 0x0B, 0x01, 'M', 'A', 'R', 'I', 'A', 'L', 'O', 'G', '4', '8', 0x1E, 'D'};
  std::copy(header.begin(), header.end(), bytes.begin());
  std::fill(bytes.begin() + 20'000, bytes.begin() + 22'000, std::uint8_t{0});
  EXPECT_EQ(walk_bytes(k_text_format, bytes, model::Depth::full, "aria_log.00000001").shape, Shape::foreign);
}

TEST(TextWalker, still_names_zeros_in_short_texts_and_in_what_is_named_a_text) {
  constexpr std::string_view k_note = "bed 4: no penicillin\nbed 7: fasting\n";
  Bytes note(k_note.begin(), k_note.end());
  note.resize(4096, 0);
  EXPECT_TRUE(has_rule(walk_bytes(k_text_format, note, model::Depth::standard, "beds"), "text.nul-hole"));
  Bytes line(200, std::uint8_t{'-'});
  line.resize(4096, 0);
  EXPECT_TRUE(has_rule(walk_bytes(k_text_format, line, model::Depth::standard, "ruler.txt"), "text.nul-hole"));
}

TEST(TextWalker, does_not_take_random_bytes_for_any_text) {
  for (const std::size_t size : {16U, 100U, 1000U, 50'000U, 600'000U}) {
    EXPECT_EQ(walk_bytes(k_text_format, random_bytes(size, size), model::Depth::full, "notes.txt").shape,
              Shape::foreign)
        << size;
  }
}

TEST(TextWalker, remarks_a_file_that_is_base64_of_random_bytes_and_only_that) {
  constexpr std::string_view k_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  Bytes random, prose;
  const Bytes noise = random_bytes(20'000, 9);
  const Bytes plain = log_lines(20'000);
  for (std::size_t i = 0; i < noise.size(); ++i) {
    random.push_back(static_cast<std::uint8_t>(k_letters[noise[i] & 63]));
    prose.push_back(static_cast<std::uint8_t>(k_letters[plain[i] & 63]));
    if (i % 76 == 75) random.push_back('\n');
  }
  EXPECT_TRUE(has_rule(walk_bytes(k_text_format, random, model::Depth::standard), "text.base64-of-random"));
  EXPECT_FALSE(has_rule(walk_bytes(k_text_format, prose, model::Depth::standard), "text.base64-of-random"));
}

TEST(TextWalker, does_not_call_a_text_checked_when_an_eighth_of_it_is_of_another_kind) {
  const WalkReport clean = walk_bytes(k_text_format, log_lines(60), model::Depth::standard, "a.log");
  EXPECT_EQ(clean.reach, Reach::content);
  std::size_t checked = 0;
  for (std::size_t i = 0; i < 50; ++i) {
    // Sixteen bytes at the start of a few words, under a name that says nothing.
    Bytes bytes = log_lines(60);
    const Bytes noise = random_bytes(16, i + 1);
    std::copy(noise.begin(), noise.end(), bytes.begin());
    const WalkReport report = walk_bytes(k_text_format, bytes, model::Depth::standard, "a.lockfile");
    if (report.shape == Shape::whole && report.reach != Reach::opening) ++checked;
  }
  EXPECT_EQ(checked, 0U);
}

TEST(TextWalker, does_not_call_random_bytes_around_a_wide_name_checked_text) {
  for (std::size_t i = 0; i < 50; ++i) {
    Bytes bytes = random_bytes(64, i + 1);
    for (const char letter : std::string_view("libboost-locale1.74.0")) {
      bytes.push_back(0);
      bytes.push_back(static_cast<std::uint8_t>(letter));
    }
    const Bytes more = random_bytes(134, i + 100);
    bytes.insert(bytes.end(), more.begin(), more.end());
    const WalkReport report = walk_bytes(k_text_format, bytes, model::Depth::standard, "libboost");
    EXPECT_TRUE(report.shape != Shape::whole || report.reach == Reach::opening) << i;
  }
}

TEST(TextWalker, draws_other_places_for_another_seed) {
  // 4 KiB of ciphertext in 8 MiB: one draw of 64 places rarely meets it, many draws do.
  Bytes bytes = log_lines(8U << 20U);
  encrypt(bytes, 3'000'000, 300'000);
  std::size_t found = 0;
  for (std::uint64_t seed = 0; seed < 16; ++seed) {
    base::MemorySource source{base::ByteView(std::span<const std::uint8_t>(bytes))};
    WalkBuffers buffers;
    WalkInput input(source, buffers, "a.log", model::Depth::quick, {.seed = seed});
    found += k_text_format.walk(input).shape == Shape::broken ? 1U : 0U;
  }
  EXPECT_GT(found, 0U);
  EXPECT_LT(found, 16U);
}

TEST(TextCells, end_the_plain_prefix_at_the_first_cell_with_another_byte) {
  for (std::size_t at = 0; at < 200; ++at) {
    for (const int value : {0x00, 0x08, 0x0E, 0x1F, 0x7F, 0x80, 0xFF}) {
      Bytes bytes(200, 'a');
      bytes[at] = static_cast<std::uint8_t>(value);
      EXPECT_EQ(plain_ascii_prefix_bytes(bytes), std::min<std::size_t>(at / 16 * 16, 192)) << at << " " << value;
    }
  }
  for (const int value : {0x09, 0x0A, 0x0C, 0x0D, 0x20, 0x7E}) {
    EXPECT_EQ(plain_ascii_prefix_bytes(Bytes(64, static_cast<std::uint8_t>(value))), 64U);
  }
}

// testdata/whole_pg_dump*.in, whole_mariadb_*.in: by pg_dump and pg_dumpall 15.20 and mariadb-dump 10.11, the last with
// fewer rows than it wrote.
TEST(TextWalker, calls_a_dump_cut_at_any_place_behind_its_first_comment_broken) {
  for (const char* name :
       {"whole_pg_dump.in", "whole_pg_dumpall.in", "whole_mariadb_dump.in", "whole_mariadb_no_comments.in"}) {
    const Bytes whole = testing::read_sample(std::string(LASTGOOD_FORMATS_DIR "/text/testdata/") + name);
    EXPECT_EQ(walk_bytes(k_text_format, whole, model::Depth::full, "a.sql").shape, Shape::whole) << name;
    // What the dump's last line promises ends at most 140 bytes before the end.
    for (std::size_t size = 200; size + 180 < whole.size(); size += 13) {
      const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      const WalkReport report = walk_bytes(k_text_format, cut, model::Depth::quick, "a.sql");
      EXPECT_TRUE(has_rule(report, "text.dump.cut")) << name << " cut at " << size;
      EXPECT_EQ(report.shape, Shape::broken);
    }
  }
}

TEST(TextWalker, takes_the_last_of_two_dumps_in_one_file) {
  const Bytes one = testing::read_sample(LASTGOOD_FORMATS_DIR "/text/testdata/whole_pg_dump.in");
  Bytes two = one;
  two.insert(two.end(), one.begin(), one.end());
  EXPECT_EQ(walk_bytes(k_text_format, two, model::Depth::full, "a.sql").shape, Shape::whole);
  two.resize(two.size() - 200);
  EXPECT_TRUE(has_rule(walk_bytes(k_text_format, two, model::Depth::full, "a.sql"), "text.dump.cut"));
}

TEST(TextWalker, asks_no_end_of_a_script_that_only_speaks_of_a_dump) {
  constexpr std::string_view k_script =
      "-- Restores what pg_dump wrote\nSET search_path = his;\n-- PostgreSQL database dump\nSELECT 1;\n";
  const Bytes bytes(k_script.begin(), k_script.end());
  EXPECT_EQ(walk_bytes(k_text_format, bytes, model::Depth::full, "a.sql").shape, Shape::whole);
}

TEST(TextCells, are_read_at_once_as_they_are_byte_by_byte) {
  // Bytes near every border of the table of UTF-8, so that all its characters and all near misses occur.
  constexpr std::string_view k_borders =
      "\x00\x07\x08\x0D\x0E\x1A\x1B\x1F A\x7E\x7F\x80\x8F\x90\x9F\xA0\xBF\xC0\xC1\xC2\xDF"
      "\xE0\xE1\xEC\xED\xEE\xEF\xF0\xF1\xF3\xF4\xF5\xFF\x80\x9F\xA0\xBF"sv;
  Bytes bytes = random_bytes(1'600'000, 7);
  for (std::size_t i = 0; i < bytes.size() / 2; ++i)
    bytes[i] = static_cast<std::uint8_t>(k_borders[bytes[i] % k_borders.size()]);
  CellReader whole{base::ByteView(bytes)}, halves{base::ByteView(bytes)};
  std::uint64_t characters = 0;
  for (std::size_t at = 0; at < bytes.size(); at += k_cell_bytes) {
    const CellFacts one = whole.read(at, k_cell_bytes);
    CellFacts sum;
    for (const CellFacts& half : {halves.read(at, 8), halves.read(at + 8, 8)}) {
      sum.bad_high += half.bad_high;
      sum.multibyte += half.multibyte;
      sum.long_characters += half.long_characters;
      sum.hard_controls += half.hard_controls;
      sum.nuls += half.nuls;
    }
    ASSERT_EQ(std::tie(one.bad_high, one.multibyte, one.long_characters, one.hard_controls, one.nuls),
              std::tie(sum.bad_high, sum.multibyte, sum.long_characters, sum.hard_controls, sum.nuls))
        << "cell at " << at;
    characters += one.long_characters;
  }
  EXPECT_GT(characters, 1000U);
}

}  // namespace lastgood::formats
