// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that RPM packages are whole by the digests they carry of header and payload.
#include "formats/rpm/rpm_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Rpm, k_rpm_format, "rpm", {});

namespace {
std::string rule_after_change_at(std::uint64_t from_end) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/rpm/testdata/whole_package.in");
  bytes[bytes.size() - from_end] ^= 0xFF;
  const WalkReport report = testing::walk_bytes(k_rpm_format, bytes, model::Depth::full);
  return report.shape == Shape::broken ? report.findings.front().rule : "none";
}
}  // namespace

TEST(RpmWalker, says_whether_header_or_payload_was_changed) {
  EXPECT_EQ(rule_after_change_at(10), "rpm.payload-digest");
  EXPECT_EQ(rule_after_change_at(3900), "rpm.header-digest");
}

}  // namespace lastgood::formats
