// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves against a real authority (`openssl ts`, made by the test) that requests are granted, true stamps are accepted
// and all others refused.
#include "ledger/timestamp.h"

#include <gtest/gtest.h>

#include <random>

#include "ledger/testing/run_shell.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::ledger {

namespace {

using os::testing::read_file;
using os::testing::ScratchFolder;
using os::testing::write_file;
using testing::run_shell;

const std::string k_text = "lastgood-tree-head 1\n";

class TimestampTest : public ::testing::Test {
 protected:
  void SetUp() override {
    testing::make_time_authority(folder_.path());
    write_file(folder_ / "head.txt", k_text);
    request_ = make_timestamp_request(imprint_);
    write_file(folder_ / "head.tsq", request_);
    const auto answered =
        run_shell(folder_.path(), "openssl ts -reply -config ts.cnf -queryfile head.tsq -out head.tsr");
    ASSERT_TRUE(answered.ok) << answered.printed;
    reply_ = read_file(folder_ / "head.tsr");
    trusted_ = read_file(folder_ / "ca.pem");
  }

  ScratchFolder folder_;
  const base::Sha256Digest imprint_ = base::sha256(base::ByteView(std::string_view(k_text)));
  std::string request_;
  std::string reply_;
  std::string trusted_;
};

}  // namespace

TEST_F(TimestampTest, accepts_what_the_authority_granted_as_openssl_does) {
  const auto stamp = check_timestamp_reply(reply_, imprint_, request_, trusted_);
  ASSERT_TRUE(stamp.ok()) << stamp.error().what;
  EXPECT_EQ(stamp.value().imprint, imprint_);
  EXPECT_EQ(stamp.value().policy, "1.2.3.4.1");
  EXPECT_EQ(stamp.value().serial, "02");
  EXPECT_TRUE(stamp.value().time.starts_with("20"));
  EXPECT_TRUE(check_timestamp_reply(reply_, imprint_, "", trusted_).ok());
  const auto verified = run_shell(folder_.path(),
                                  "openssl ts -verify -data head.txt -in head.tsr -CAfile ca.pem && "
                                  "openssl ts -verify -queryfile head.tsq -in head.tsr -CAfile ca.pem");
  EXPECT_TRUE(verified.ok) << verified.printed;
}

TEST_F(TimestampTest, says_why_it_refuses) {
  const auto other = check_timestamp_reply(reply_, base::sha256({}), request_, trusted_);
  ASSERT_FALSE(other.ok());
  EXPECT_TRUE(other.error().what.starts_with("the time stamp is for something else")) << other.error().what;
  const auto nonce = check_timestamp_reply(reply_, imprint_, make_timestamp_request(imprint_), trusted_);
  ASSERT_FALSE(nonce.ok());
  EXPECT_EQ(nonce.error().what, "the time stamp does not hold: nonce mismatch");
  ASSERT_TRUE(run_shell(folder_.path(),
                        "openssl req -x509 -newkey ed25519 -nodes -keyout o.key -out o.pem -days 9 -subj "
                        "'/CN=Practice Root'")
                  .ok);
  const auto untrusted = check_timestamp_reply(reply_, imprint_, request_, read_file(folder_ / "o.pem"));
  ASSERT_FALSE(untrusted.ok());
  EXPECT_EQ(untrusted.error().what, "the time stamp does not hold: certificate verify error");
  const auto nobody = check_timestamp_reply(reply_, imprint_, request_, "");
  ASSERT_FALSE(nobody.ok());
  EXPECT_EQ(nobody.error().what, "no certificate was found to trust");
  const auto none = check_timestamp_reply(request_, imprint_, request_, trusted_);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().what, "the file is no reply of a time-stamping authority (RFC 3161), or it was cut");
}

TEST_F(TimestampTest, takes_no_stamp_by_a_certificate_that_is_not_for_stamping) {
  // The authority's own key, in a certificate that its root gave for another use.
  const auto stamped = run_shell(folder_.path(),
                                 "openssl x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 9 -out "
                                 "plain.pem && openssl cms -sign -binary -nodetach -econtent_type id-smime-ct-TSTInfo "
                                 "-in head.tsq -signer plain.pem -inkey tsa.key -outform DER -out token.der");
  ASSERT_TRUE(stamped.ok) << stamped.printed;
  EXPECT_FALSE(check_timestamp_reply(read_file(folder_ / "token.der"), imprint_, request_, trusted_).ok());
}

TEST_F(TimestampTest, refuses_cut_and_changed_replies) {
  for (std::size_t size = 0; size < reply_.size(); size += 61) {
    ASSERT_FALSE(check_timestamp_reply(reply_.substr(0, size), imprint_, request_, trusted_).ok()) << size;
  }
  EXPECT_FALSE(check_timestamp_reply(std::string(k_timestamp_bytes_max + 1, '0'), imprint_, request_, trusted_).ok());
  // A change outside of what is signed (an unsigned text, a certificate nobody needs) may leave the stamp true; then it
  // says the same.
  std::mt19937 random(20221123);
  const auto whole = check_timestamp_reply(reply_, imprint_, request_, trusted_);
  int refused = 0;
  for (int i = 0; i < 300; ++i) {
    std::string bad = reply_;
    const std::size_t at = random() % bad.size();
    bad[at] = static_cast<char>(static_cast<unsigned char>(bad[at]) ^ (1U << (random() % 8)));
    const auto stamp = check_timestamp_reply(bad, imprint_, request_, trusted_);
    if (!stamp.ok()) {
      ++refused;
      continue;
    }
    EXPECT_EQ(stamp.value().time, whole.value().time);
    EXPECT_EQ(stamp.value().serial, whole.value().serial);
  }
  EXPECT_GT(refused, 200);
}

}  // namespace lastgood::ledger
