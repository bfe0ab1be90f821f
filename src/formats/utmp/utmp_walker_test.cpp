// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that login records are recognised one by one. They name people, so the samples are made here.
#include "formats/utmp/utmp_walker.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

constexpr std::size_t k_record_bytes = 384;

void put_text(std::vector<std::uint8_t>& bytes, std::size_t at, const std::string& text) {
  std::copy(text.begin(), text.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
}

std::vector<std::uint8_t> logins(std::size_t count) {
  std::vector<std::uint8_t> bytes(count * k_record_bytes, 0);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = i * k_record_bytes;
    bytes[at] = static_cast<std::uint8_t>(7 + i % 2);
    bytes[at + 4] = static_cast<std::uint8_t>(i);
    put_text(bytes, at + 8, "pts/1");
    put_text(bytes, at + 44, "ward");
    put_text(bytes, at + 76, "10.0.0.7");
    bytes[at + 342] = 0x5A;
  }
  return bytes;
}

std::vector<testing::Sample> records() { return {{.name = "wtmp", .bytes = logins(5)}}; }

}  // namespace

LASTGOOD_WALKER_SUITE(Utmp, k_utmp_format, "utmp", {.made_whole = records});

TEST(UtmpWalker, names_the_first_record_that_is_none) {
  std::vector<std::uint8_t> bytes = logins(6);
  bytes[2 * k_record_bytes + 2] = 0x77;
  const WalkReport report = testing::walk_bytes(k_utmp_format, bytes, model::Depth::quick, "wtmp");
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.front().range.from, 2 * k_record_bytes);
}

}  // namespace lastgood::formats
