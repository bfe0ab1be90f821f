// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a head has one spelling, and that `sha256sum` finds the same digest in the ledger.
#include "ledger/tree_head.h"

#include <gtest/gtest.h>

#include "ledger/ledger.h"
#include "ledger/testing/run_shell.h"
#include "ledger/testing/sample_ledger.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::ledger {

namespace {

const TreeHead k_head{.case_id = std::string(32, 'c'),
                      .entries = 12,
                      .bytes = 5321,
                      .root = base::sha256({}),
                      .ledger_sha256 = base::sha256({}),
                      .time = "2022-11-23T07:07:00.000000000Z"};

}  // namespace

TEST(TreeHead, is_read_back_as_written) { EXPECT_EQ(parse_head(write_head(k_head)), k_head); }

TEST(TreeHead, has_one_spelling) {
  const std::string text = write_head(k_head);
  for (std::size_t size = 0; size < text.size(); ++size) ASSERT_FALSE(parse_head(text.substr(0, size))) << size;
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string other = text;
      other[at] = static_cast<char>(static_cast<unsigned char>(other[at]) ^ (1U << bit));
      const auto head = parse_head(other);
      if (head) {
        ASSERT_EQ(write_head(*head), other) << at;
      }
    }
  }
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"entries 12", "entries 012"},
                                                        {"entries 12", "entries "},
                                                        {"entries 12", "entries 99999999999999999"},
                                                        {"head 1", "head 2"},
                                                        {"bytes", "Bytes"},
                                                        {"Z\n", "Z\n\n"}}) {
    std::string other = text;
    other.replace(other.find(from), from.size(), to);
    EXPECT_FALSE(parse_head(other)) << to;
  }
  EXPECT_FALSE(parse_head(std::string(100'000, 'x')));
}

TEST(TreeHead, holds_what_sha256sum_finds) {
  const os::testing::ScratchFolder folder;
  std::string text = testing::joined(testing::sample_lines(7));
  text.pop_back();
  os::testing::write_file(folder / "ledger", text);
  const auto read = read_ledger(folder / "ledger");
  ASSERT_TRUE(read.ok());
  const auto head = make_head(folder / "ledger", read.value(), "2022-11-23T07:07:00.000000000Z");
  ASSERT_TRUE(head.ok());
  EXPECT_EQ(head.value().entries, 7U);
  const auto sum =
      testing::run_shell(folder.path(), "head -c " + std::to_string(head.value().bytes) + " ledger | sha256sum");
  EXPECT_EQ(sum.printed.substr(0, 64), text_of(head.value().ledger_sha256));
  EXPECT_EQ(head.value().root, read.value().tree.root(7));
}

TEST(TreeHead, is_not_made_of_a_broken_or_empty_ledger) {
  const os::testing::ScratchFolder folder;
  std::string text = testing::joined(testing::sample_lines(3));
  text[200] = static_cast<char>(text[200] ^ 1);
  for (const std::string& bad : {std::string(), text}) {
    os::testing::write_file(folder / "ledger", bad);
    const auto read = read_ledger(folder / "ledger");
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(make_head(folder / "ledger", read.value(), "").error().code, base::ErrorCode::damaged_container);
  }
}

TEST(TreeHead, groups_digits_for_reading_aloud) {
  EXPECT_EQ(grouped_digits("0123456789ab"), "0123 4567 89ab");
  EXPECT_EQ(grouped_digits(std::string(64, 'a')),
            "aaaa aaaa aaaa aaaa aaaa aaaa aaaa aaaa\n"
            "aaaa aaaa aaaa aaaa aaaa aaaa aaaa aaaa");
}

}  // namespace lastgood::ledger
