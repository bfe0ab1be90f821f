// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that pages are held to their place. No file of a real server is at hand: one is built from the page header.
#include "formats/sql_server/sql_server_walker.h"

#include <array>

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes data_file() {
  constexpr std::array<std::uint8_t, 12> k_types = {15, 11, 8, 9, 1, 1, 16, 17, 1, 13, 2, 10};
  Bytes bytes(k_types.size() * 8192, 0);
  for (std::size_t number = 0; number < k_types.size(); ++number) {
    std::uint8_t* const page = bytes.data() + number * 8192;
    page[0] = 1;
    page[1] = k_types[number];
    page[32] = static_cast<std::uint8_t>(number);
    page[36] = 1;
    std::fill(page + 96, page + 4000, static_cast<std::uint8_t>('a' + number));
  }
  return bytes;
}

std::vector<testing::Sample> files() { return {{.name = "hospital.mdf", .bytes = data_file()}}; }

}  // namespace

LASTGOOD_WALKER_SUITE(SqlServer, k_sql_server_format, "sql_server", {.made_whole = files});

TEST(SqlServerWalker, names_the_page_whose_header_was_replaced) {
  Bytes bytes = data_file();
  const Bytes noise = testing::random_bytes(4096, 5);
  std::copy(noise.begin(), noise.end(), bytes.begin() + 5 * 8192);
  const WalkReport report = testing::walk_bytes(k_sql_server_format, bytes, model::Depth::quick, "hospital.mdf");
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings[0].range, (model::ByteRange{.from = 5 * 8192, .to = 6 * 8192}));
}

}  // namespace lastgood::formats
