// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that header fields are read as tar tools write them and that numbers which cannot be are none.
#include "sources/tar/tar_header.h"

#include <gtest/gtest.h>

#include "sources/tar/testing/tar_maker.h"

namespace lastgood::sources::tar {
namespace {

using namespace std::string_view_literals;

std::optional<std::int64_t> number(std::string_view field) { return parse_tar_number(base::ByteView(field)); }
std::optional<TarHeader> parse_block(const std::string& block) {
  return parse_tar_header(base::ByteView(std::string_view(block)));
}

TEST(TarNumber, is_octal_between_spaces_and_nuls) {
  EXPECT_EQ(number("0000644\0"sv), 0644);
  EXPECT_EQ(number("   644 \0"sv), 0644);
  EXPECT_EQ(number("77777777777"sv), 077777777777);
  EXPECT_EQ(number("\0\0\0\0"sv), 0);
  EXPECT_EQ(number("    "sv), 0);
  EXPECT_EQ(number(""sv), 0);
  EXPECT_EQ(number("12\0 34"sv), 012) << "leftovers of an older number";
}

TEST(TarNumber, is_base256_when_its_first_bit_is_set) {
  EXPECT_EQ(number("\x80\0\0\0\0\0\0\0\0\0\1\0"sv), 256);
  EXPECT_EQ(number("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xfe"sv), -2);
  EXPECT_EQ(number("\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff"sv), INT64_MAX);
  EXPECT_EQ(number("\xff\xff\xff\xff\x80\0\0\0\0\0\0\0"sv), INT64_MIN);
  EXPECT_EQ(number("\x80\0\0\0\x80\0\0\0\0\0\0\0"sv), std::nullopt);
  EXPECT_EQ(number("\x80\0\0\1\0\0\0\0\0\0\0\0"sv), std::nullopt);
  EXPECT_EQ(number("\xff\xff\xff\xff\x7f\xff\xff\xff\xff\xff\xff\xff"sv), std::nullopt);
  EXPECT_EQ(number("\xbf\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"sv), std::nullopt);
}

TEST(TarNumber, is_nothing_when_other_bytes_stand_there) {
  for (const std::string_view field : {"x"sv, "-1"sv, "8"sv, "12x"sv, "0x1"sv, "1.5"sv, "777777777777777777777"sv}) {
    EXPECT_EQ(number(field), std::nullopt) << field;
  }
}

TEST(TarHeader, needs_its_checksum) {
  const std::string block = testing::header_block({.name = "file"}, 5);
  ASSERT_TRUE(parse_block(block));
  EXPECT_EQ(parse_block(block)->name, "file");
  EXPECT_EQ(parse_block(block)->size_bytes, 5U);
  for (const std::size_t at : {0U, 99U, 124U, 148U, 257U, 511U}) {
    std::string broken = block;
    broken[at] = static_cast<char>(broken[at] ^ 1);
    EXPECT_FALSE(parse_block(broken)) << at;
  }
  EXPECT_FALSE(parse_block(std::string(512, '\0')));
  EXPECT_FALSE(parse_block(""));
}

TEST(TarHeader, takes_a_checksum_of_signed_bytes) {
  std::string block = testing::header_block({.name = "caf\xe9\xff"}, 0);
  std::int64_t sum = 0;
  block.replace(148, 8, "        ");
  for (const char c : block) sum += static_cast<signed char>(c);
  block.replace(148, 8, testing::octal(static_cast<std::uint64_t>(sum), 6) + std::string("\0 ", 2));
  ASSERT_TRUE(parse_block(block));
  EXPECT_EQ(parse_block(block)->name, "caf\xe9\xff");
}

TEST(TarHeader, has_no_size_where_none_can_be) {
  EXPECT_EQ(
      parse_block(testing::header_block({.name = "a", .size = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"}, 0))
          ->size_bytes,
      std::nullopt);
  EXPECT_EQ(parse_block(testing::header_block({.name = "a", .size = "all of it!!!"}, 0))->size_bytes, std::nullopt);
}

TEST(SparseMap, must_lie_in_the_file_in_order) {
  using Parts = std::vector<SparsePart>;
  EXPECT_EQ(check_sparse_map(Parts{{0, 5}, {10, 5}, {20, 0}}, 10, 20), std::nullopt);
  EXPECT_EQ(check_sparse_map(Parts{}, 0, 1'000'000), std::nullopt);
  EXPECT_NE(check_sparse_map(Parts{{0, 5}, {4, 5}}, 10, 20), std::nullopt) << "overlap";
  EXPECT_NE(check_sparse_map(Parts{{10, 5}, {0, 5}}, 10, 20), std::nullopt) << "order";
  EXPECT_NE(check_sparse_map(Parts{{0, 5}}, 6, 20), std::nullopt) << "stored bytes left over";
  EXPECT_NE(check_sparse_map(Parts{{0, 5}, {10, 5}}, 6, 20), std::nullopt) << "stored bytes missing";
  EXPECT_NE(check_sparse_map(Parts{{18, 5}}, 5, 20), std::nullopt) << "behind the end";
  EXPECT_NE(check_sparse_map(Parts{{UINT64_MAX, UINT64_MAX}}, UINT64_MAX, 20), std::nullopt);
  EXPECT_NE(check_sparse_map(Parts{}, 0, UINT64_MAX), std::nullopt) << "no end of zeros";
}

TEST(SparseMap, is_read_as_a_list_and_as_lines) {
  EXPECT_EQ(parse_sparse_list("0,5,10,5"), (std::vector<SparsePart>{{0, 5}, {10, 5}}));
  EXPECT_EQ(parse_sparse_list(""), (std::vector<SparsePart>{}));
  for (const char* text : {"0", "0,5,10", "0,x", ",", "-1,5", "99999999999999999999999,1"}) {
    EXPECT_EQ(parse_sparse_list(text), std::nullopt) << text;
  }
  SparseMapReader reader;
  EXPECT_EQ(reader.add(base::ByteView("2\n0\n5\n1"sv)), SparseMapReader::State::more);
  EXPECT_EQ(reader.add(base::ByteView("0\n7\n\0\0"sv)), SparseMapReader::State::complete);
  EXPECT_EQ(reader.parts(), (std::vector<SparsePart>{{0, 5}, {10, 7}}));
  for (const std::string_view text : {"99999999999\n"sv, "\n"sv, "1\nx\n"sv, "1111111111111111111111"sv}) {
    SparseMapReader broken;
    EXPECT_EQ(broken.add(base::ByteView(text)), SparseMapReader::State::broken) << text;
  }
}

}  // namespace
}  // namespace lastgood::sources::tar
