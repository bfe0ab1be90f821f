// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the data sheet holds device, digests and times, and asserts nothing on anybody's behalf.
#include "evidence/certificate.h"

#include <gtest/gtest.h>

namespace lastgood::evidence {

namespace {

CertifiedItem sample() {
  CertifiedItem out;
  out.item.id = "E-0003";
  out.item.kind = SourceKind::device;
  out.item.path = "/dev/sdb";
  out.item.device = {
      .kind = "Server", .make_model = "ATA <ST1000>", .colour = "", .serial = "Z1D", .identifiers = {}, .other = {}};
  out.item.begun = "2022-11-23T07:07:00.000000000Z";
  out.item.added = "2022-11-23T20:07:00.000000000Z";
  out.item.added_entry = 9;
  out.item.sha256 = std::string(64, 'a');
  out.item.sha1 = std::string(40, 'b');
  out.item.md5 = std::string(32, 'c');
  out.files.push_back({.number = 1,
                       .path = "sdb",
                       .size_bytes = 5,
                       .sha256 = out.item.sha256,
                       .sha1 = out.item.sha1,
                       .md5 = out.item.md5});
  return out;
}

}  // namespace

TEST(Certificate, is_filled_with_device_digests_and_times) {
  const std::string text = write_certificate_text(sample(), std::string(32, 'd'));
  for (const char* expected : {"[x] Server", "[ ] Mobile", "ATA <ST1000>", "Z1D", "SHA256", "Part A", "Part B",
                               "from 23/11/2022 12:37:00 IST to 24/11/2022 01:37:00 IST", "HASH REPORT"}) {
    EXPECT_NE(text.find(expected), std::string::npos) << expected;
  }
  EXPECT_NE(text.find(std::string(40, 'b')), std::string::npos);
  EXPECT_EQ(write_certificate_html(sample(), "d").find("<ST1000>"), std::string::npos);
}

TEST(Certificate, leaves_beliefs_ownership_and_signatures_to_people) {
  const std::string text = write_certificate_text(sample(), std::string(32, 'd'));
  for (const char* blank : {"colour                         ____", "signature                      ____",
                            "[ ] owned   [ ] maintained   [ ] managed   [ ] operated"}) {
    EXPECT_NE(text.find(blank), std::string::npos) << blank;
  }
  EXPECT_NE(text.find("(statement of the party) ____"), std::string::npos);
  EXPECT_EQ(text.find("solemnly"), std::string::npos);
}

TEST(Certificate, tells_indian_time) {
  EXPECT_EQ(indian_time("2024-02-28T18:30:00.000000000Z"), "29/02/2024 00:00:00 IST");
  EXPECT_EQ(indian_time("yesterday"), "");
}

}  // namespace lastgood::evidence
