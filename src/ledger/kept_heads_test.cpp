// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that heads are recorded before they are given out, that their files can be checked by others, and that every
// change to a head, a signature or a stamp is found and named.
#include "ledger/kept_heads.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "ledger/testing/run_shell.h"
#include "os/testing/scratch_folder.h"
#include "os/testing/stepping_clock.h"

namespace lastgood::ledger {

namespace {

using os::testing::read_file;
using os::testing::ScratchFolder;
using os::testing::write_file;

class KeptHeads : public ::testing::Test {
 protected:
  void SetUp() override {
    auto made = create_ledger(folder_.path());
    ASSERT_TRUE(made.ok());
    ledger_ = std::move(made).value();
    for (int i = 0; i < 4; ++i) ASSERT_TRUE(ledger_->append("scan-begun", {{"root", std::string("/srv")}}).ok());
  }

  std::vector<model::Finding> findings(const std::string& outside_key = {}) {
    const auto reading = read_with_heads(folder_ / "ledger");
    EXPECT_TRUE(reading.ok() && reading.value().read.is_whole());
    return check_heads(reading.value(), folder_.path(), outside_key);
  }

  ScratchFolder folder_;
  std::unique_ptr<Ledger> ledger_;
  const os::testing::SteppingClock clock_{1'669'187'220'000'000'000};
  const SigningKey key_ = make_signing_key();
};

}  // namespace

TEST_F(KeptHeads, are_recorded_signed_and_checked) {
  const auto head = note_head(*ledger_, folder_.path(), &key_, clock_);
  ASSERT_TRUE(head.ok()) << head.error().what;
  EXPECT_EQ(head.value().head.entries, 6U) << "five entries and the key's";
  EXPECT_EQ(head.value().entry, 7U);
  EXPECT_TRUE(findings().empty());
  EXPECT_TRUE(findings(key_.public_pem()).empty());
  const auto others = findings(make_signing_key().public_pem());
  ASSERT_EQ(others.size(), 1U);
  EXPECT_EQ(others[0].rule, "ledger.head.signature");
  ASSERT_TRUE(note_head(*ledger_, folder_.path(), &key_, clock_).ok());
  const auto reading = read_with_heads(folder_ / "ledger");
  EXPECT_EQ(reading.value().noted.keys.size(), 1U) << "a key is noted once";
  EXPECT_EQ(reading.value().noted.heads.size(), 2U);
  const auto verified = testing::run_shell(
      folder_ / "heads",
      "openssl pkeyutl -verify -pubin -inkey key-*.pub.pem -rawin -in head-6.txt -sigfile head-6.sig && "
      "test \"$(sed -n 's/^ledger-sha256 //p' head-6.txt)  -\" = \"$(head -c \"$(sed -n 's/^bytes //p' head-6.txt)\" "
      "../ledger | sha256sum)\"");
  EXPECT_TRUE(verified.ok) << verified.printed;
}

TEST_F(KeptHeads, name_the_byte_of_a_changed_file) {
  ASSERT_TRUE(note_head(*ledger_, folder_.path(), &key_, clock_).ok());
  for (const auto& file : std::filesystem::directory_iterator(folder_ / "heads")) {
    const std::string whole = read_file(file.path().string());
    for (std::size_t at = 0; at < whole.size(); at += 7) {
      std::string bad = whole;
      bad[at] = static_cast<char>(static_cast<unsigned char>(bad[at]) ^ 4U);
      write_file(file.path().string(), bad);
      const auto found = findings();
      ASSERT_EQ(found.size(), 1U) << file.path() << at;
      EXPECT_EQ(found[0].weight, model::Weight::contradicts);
      EXPECT_EQ(found[0].range.from, at) << found[0].sentence;
    }
    std::filesystem::remove(file.path());
    ASSERT_EQ(findings().size(), 1U);
    EXPECT_EQ(findings()[0].weight, model::Weight::remarks) << "it can be made again";
    write_file(file.path().string(), whole);
  }
}

TEST_F(KeptHeads, find_a_forged_head_and_a_forged_signature) {
  const auto head = note_head(*ledger_, folder_.path(), &key_, clock_);
  ASSERT_TRUE(head.ok());
  auto reading = read_with_heads(folder_ / "ledger");
  ASSERT_TRUE(reading.ok());
  LedgerReading forged = std::move(reading).value();
  NotedHead& noted = forged.noted.heads[0];
  const NotedHead whole = noted;
  noted.head.root[0] ^= 1;
  EXPECT_EQ(check_heads(forged, {}, {}).size(), 2U) << "root and signature";
  noted = whole;
  noted.signature[9] = static_cast<char>(noted.signature[9] ^ 1);
  EXPECT_EQ(check_heads(forged, {}, {})[0].rule, "ledger.head.signature");
  noted = whole;
  noted.head.entries = noted.entry;
  EXPECT_EQ(check_heads(forged, {}, {})[0].rule, "ledger.head.size");
  noted = whole;
  noted.head.bytes = UINT64_MAX;
  EXPECT_EQ(check_heads(forged, {}, {})[0].rule, "ledger.head.bytes");
  noted = whole;
  forged.noted.keys[0].public_pem = make_signing_key().public_pem();
  EXPECT_EQ(check_heads(forged, {}, {})[0].rule, "ledger.key");
}

TEST_F(KeptHeads, are_stamped_by_an_authority_that_is_reached_on_a_stick) {
  const ScratchFolder authority;
  testing::make_time_authority(authority.path());
  const auto head = note_head(*ledger_, folder_.path(), nullptr, clock_);
  ASSERT_TRUE(head.ok());
  const auto request = request_stamp(folder_.path(), head.value());
  ASSERT_TRUE(request.ok());
  EXPECT_EQ(request_stamp(folder_.path(), head.value()).value(), request.value());
  write_file(authority / "q.tsq", request.value());
  ASSERT_TRUE(testing::run_shell(authority.path(), "openssl ts -reply -config ts.cnf -queryfile q.tsq -out q.tsr").ok);
  const std::string reply = read_file(authority / "q.tsr");
  const std::string trusted = read_file(authority / "ca.pem");
  EXPECT_EQ(add_stamp(*ledger_, folder_.path(), request.value(), trusted).error().code,
            base::ErrorCode::damaged_container);
  ASSERT_TRUE(add_stamp(*ledger_, folder_.path(), reply, trusted).ok());
  EXPECT_TRUE(findings().empty());
  const std::string kept = folder_ / "heads/head-5.tsr";
  std::string bad = reply;
  bad[bad.size() - 3] = static_cast<char>(bad[bad.size() - 3] ^ 1);
  write_file(kept, bad);
  EXPECT_GE(findings().size(), 1U);
  std::filesystem::remove(kept);
  ASSERT_EQ(findings().size(), 1U);
  EXPECT_EQ(findings()[0].weight, model::Weight::contradicts) << "a stamp cannot be made again";
}

TEST_F(KeptHeads, keep_the_stamps_of_two_authorities_over_one_head) {
  const auto head = note_head(*ledger_, folder_.path(), nullptr, clock_);
  ASSERT_TRUE(head.ok());
  const auto request = request_stamp(folder_.path(), head.value());
  ASSERT_TRUE(request.ok());
  for (int i = 0; i < 2; ++i) {
    const ScratchFolder authority;
    testing::make_time_authority(authority.path());
    write_file(authority / "q.tsq", request.value());
    ASSERT_TRUE(
        testing::run_shell(authority.path(), "openssl ts -reply -config ts.cnf -queryfile q.tsq -out q.tsr").ok);
    const std::string reply = read_file(authority / "q.tsr");
    const std::string trusted = read_file(authority / "ca.pem");
    ASSERT_TRUE(add_stamp(*ledger_, folder_.path(), reply, trusted).ok());
    ASSERT_TRUE(add_stamp(*ledger_, folder_.path(), reply, trusted).ok()) << "again: nothing to do";
  }
  EXPECT_TRUE(findings().empty());
  const auto reading = read_with_heads(folder_ / "ledger");
  ASSERT_TRUE(reading.ok());
  ASSERT_EQ(reading.value().noted.stamps.size(), 2U);
  EXPECT_NE(read_file(folder_ / "heads/head-5.tsr"), read_file(folder_ / "heads/head-5.2.tsr"));
}

}  // namespace lastgood::ledger
