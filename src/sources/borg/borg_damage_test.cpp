// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a damaged repository gives all that is whole in it, names what is lost, and never gives wrong bytes.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "sources/borg/testing/borg_tool.h"

namespace lastgood::sources::borg {
namespace {

namespace fs = std::filesystem;
using os::testing::read_file;
using os::testing::ScratchFolder;
using os::testing::write_file;
using testing::BorgTool;
using testing::has_rule;
using testing::list_findings;
using testing::look_at;
using testing::open_or_fail;
using testing::Seen;
using testing::snapshots_of;

constexpr int k_files = 40;

std::string content_of(int file) {
  std::mt19937_64 numbers(static_cast<unsigned>(file) + 1);
  std::string bytes(20'000, '\0');
  for (char& c : bytes) c = static_cast<char>(numbers() & 0xFF);
  return bytes;
}

/// Forty files in a repository, made once; tests damage copies.
const ScratchFolder& original() {
  static const ScratchFolder scratch;
  static const bool made = [] {
    const BorgTool borg(scratch.path());
    fs::create_directory(scratch / "tree");
    for (int i = 0; i < k_files; ++i) write_file(scratch / ("tree/" + std::to_string(100 + i)), content_of(i));
    borg.run({"init -e repokey repo", "create repo::one tree", "create repo::two tree"});
    return true;
  }();
  EXPECT_TRUE(made);
  return scratch;
}

class BorgDamage : public ::testing::Test {
 protected:
  void SetUp() override { fs::copy(original() / "repo", repo(), fs::copy_options::recursive); }
  [[nodiscard]] std::string repo() const { return scratch_ / "repo"; }
  [[nodiscard]] std::string segment(int number) const { return repo() + "/data/0/" + std::to_string(number); }
  /// The segment that holds the files.
  [[nodiscard]] std::string largest_segment() const {
    std::string largest;
    for (const auto& entry : fs::directory_iterator(repo() + "/data/0")) {
      if (largest.empty() || entry.file_size() > fs::file_size(largest)) largest = entry.path();
    }
    return largest;
  }
  [[nodiscard]] std::string index_file() const {
    for (const auto& entry : fs::directory_iterator(repo())) {
      if (entry.path().filename().string().starts_with("index.")) return entry.path();
    }
    return {};
  }
  /// Whole files have their bytes; the others lost pieces and show nothing wrong.
  static void expect_all_but(const Seen& seen, std::size_t lost_max) {
    EXPECT_EQ(seen.bytes.size(), static_cast<std::size_t>(k_files));
    std::size_t lost = 0;
    for (int i = 0; i < k_files; ++i) {
      const auto found = seen.bytes.find("tree/" + std::to_string(100 + i));
      if (found == seen.bytes.end() || found->second == "?") {
        ++lost;
      } else {
        EXPECT_TRUE(found->second == content_of(i)) << i;
      }
    }
    EXPECT_LE(lost, lost_max);
  }

  ScratchFolder scratch_;
};

TEST_F(BorgDamage, one_flipped_bit_loses_one_file_and_no_other) {
  std::string bytes = read_file(largest_segment());
  bytes[bytes.size() / 2] ^= 0x10;
  write_file(largest_segment(), bytes);
  const auto source = open_or_fail(repo());
  const Seen seen = look_at(*source, snapshots_of(*source)[1]);
  expect_all_but(seen, 1);
  EXPECT_EQ(seen.pieces_lost, 1U);
}

TEST_F(BorgDamage, the_lost_piece_says_where_it_lay_and_what_is_wrong) {
  std::string bytes = read_file(largest_segment());
  bytes[bytes.size() / 2] ^= 0x10;
  write_file(largest_segment(), bytes);
  const auto source = open_or_fail(repo());
  for (const auto& [path, entry] : look_at(*source, snapshots_of(*source)[1]).entries) {
    if (entry.kind != model::EntryKind::regular) continue;
    std::vector<std::uint8_t> piece;
    const base::Status read = source->open_content(entry.content).value()->read_piece(0, piece);
    if (read.ok()) continue;
    EXPECT_EQ(read.error().code, base::ErrorCode::damaged_source);
    EXPECT_NE(read.error().what.find("checksum of its entry does not fit"), std::string::npos) << read.error().what;
    EXPECT_NE(read.error().what.find("segment 2, byte "), std::string::npos) << read.error().what;
  }
}

TEST_F(BorgDamage, a_missing_index_is_replayed) {
  fs::remove(index_file());
  const auto source = open_or_fail(repo());
  EXPECT_TRUE(has_rule(source->findings(), "borg.index.missing"));
  expect_all_but(look_at(*source, snapshots_of(*source)[1]), 0);
}

TEST_F(BorgDamage, a_broken_index_is_replayed) {
  for (const std::string& bytes :
       {std::string(), std::string("BORG_IDX"), read_file(index_file()).substr(0, 2000), std::string(5000, '\xff')}) {
    write_file(index_file(), bytes);
    const auto source = open_or_fail(repo());
    EXPECT_TRUE(has_rule(source->findings(), "borg.index.broken"));
    expect_all_but(look_at(*source, snapshots_of(*source)[1]), 0);
  }
}

TEST_F(BorgDamage, an_index_that_points_elsewhere_is_not_believed) {
  std::string bytes = read_file(index_file());
  for (std::size_t at = 18; at + 40 <= bytes.size(); at += 40) bytes[at + 36] ^= 0x01;  // every offset
  write_file(index_file(), bytes);
  const auto source = open_or_fail(repo());
  expect_all_but(look_at(*source, snapshots_of(*source)[1]), 0);
}

TEST_F(BorgDamage, an_index_of_an_older_transaction_is_brought_up_to_date) {
  const std::string index = index_file();
  const BorgTool borg(scratch_.path());
  const std::string old = read_file(index);
  write_file(scratch_ / "more", "more");
  borg.run({"create repo::three more", "delete repo::one"});
  fs::remove(index_file());
  write_file(index, old);
  const auto source = open_or_fail(repo());
  EXPECT_TRUE(has_rule(source->findings(), "borg.index.stale")) << list_findings(source->findings());
  const auto snapshots = snapshots_of(*source);
  EXPECT_EQ(testing::ids_of(snapshots), (std::vector<std::string>{"two", "three"}));
  EXPECT_EQ(look_at(*source, snapshots[1]).bytes.at("more"), "more");
}

TEST_F(BorgDamage, heads_that_make_no_sense_are_passed_over_when_segments_are_replayed) {
  fs::remove(index_file());
  std::string bytes = read_file(largest_segment());
  // The heads of entries stand 20,0xx bytes apart: some of them are hit.
  for (std::size_t at = bytes.size() / 4; at < bytes.size() / 4 + 30'000; ++at) bytes[at] = '\xee';
  write_file(largest_segment(), bytes);
  const auto source = open_or_fail(repo());
  EXPECT_TRUE(has_rule(source->findings(), "borg.segment.entry")) << list_findings(source->findings());
  expect_all_but(look_at(*source, snapshots_of(*source)[1]), 3);
}

TEST_F(BorgDamage, a_size_that_was_changed_does_not_lead_the_replay_astray) {
  fs::remove(index_file());
  std::string bytes = read_file(largest_segment());
  const base::ByteView view{std::string_view(bytes)};
  std::size_t at = 8;
  for (int entry = 0; entry < 5; ++entry) at += view.le32(at + 4);
  bytes[at + 5] = static_cast<char>(bytes[at + 5] + 1);  // 256 bytes more
  write_file(largest_segment(), bytes);
  const auto source = open_or_fail(repo());
  EXPECT_TRUE(has_rule(source->findings(), "borg.segment.entry")) << list_findings(source->findings());
  expect_all_but(look_at(*source, snapshots_of(*source)[1]), 1);
}

TEST_F(BorgDamage, a_segment_cut_short_gives_what_it_still_has) {
  fs::resize_file(largest_segment(), fs::file_size(largest_segment()) / 2);
  const auto source = open_or_fail(repo());
  const auto snapshots = snapshots_of(*source);
  ASSERT_EQ(snapshots.size(), 2U);
  // The list of items lies behind the files: the first archive's is cut off, the second shares most of it.
  for (const model::Snapshot& snapshot : snapshots) {
    const auto root = source->read_folder(snapshot.root);
    EXPECT_TRUE(root.ok() ? has_rule(root.value().findings, "borg.archive.items") || !root.value().entries.empty()
                          : root.error().code == base::ErrorCode::damaged_source);
  }
}

TEST_F(BorgDamage, a_missing_segment_takes_its_files_only) {
  fs::remove(largest_segment());
  const auto source = open_or_fail(repo());
  EXPECT_TRUE(has_rule(source->findings(), "borg.segment.missing")) << list_findings(source->findings());
  EXPECT_EQ(snapshots_of(*source).size(), 2U);
}

TEST_F(BorgDamage, segments_renamed_by_an_attacker_are_noticed) {
  fs::rename(largest_segment(), largest_segment() + ".bak9");
  const auto source = open_or_fail(repo());
  EXPECT_TRUE(has_rule(source->findings(), "borg.segment.name")) << list_findings(source->findings());
}

TEST_F(BorgDamage, entries_after_the_last_commit_do_not_count) {
  // What a backup leaves that was killed: a new segment with entries and no commit.
  const std::string first = read_file(segment(0));
  write_file(segment(900), first);
  const auto source = open_or_fail(repo());
  EXPECT_TRUE(has_rule(source->findings(), "borg.segment.commit"));
  EXPECT_EQ(snapshots_of(*source).size(), 2U);
}

TEST_F(BorgDamage, the_manifest_before_is_taken_when_the_newest_is_broken) {
  // The manifests are the only entries with a key of zeros; the last in the log is the newest.
  std::string newest;
  for (int number = 0; number < 100 && fs::exists(segment(number)); ++number) {
    if (read_file(segment(number)).substr(17, 32) == std::string(32, '\0')) newest = segment(number);
  }
  ASSERT_FALSE(newest.empty());
  std::string bytes = read_file(newest);
  bytes[bytes.size() - 5] ^= 0x01;
  write_file(newest, bytes);
  const auto source = open_or_fail(repo());
  ASSERT_NE(source, nullptr);
  EXPECT_TRUE(has_rule(source->findings(), "borg.manifest.broken")) << list_findings(source->findings());
  EXPECT_TRUE(has_rule(source->findings(), "borg.manifest.missing"));
  EXPECT_EQ(testing::ids_of(snapshots_of(*source)), std::vector<std::string>{"one"});
}

TEST_F(BorgDamage, a_copy_elsewhere_in_the_log_is_used) {
  // An attacker with the right to append puts noise under every name; the first values still lie in the log.
  std::string forged = "BORG_SEG";
  const std::string bytes = read_file(largest_segment());
  const base::ByteView view{std::string_view(bytes)};
  const auto append = [&](const std::string& rest) {
    const std::uint32_t crc = base::crc32(base::ByteView(std::string_view(rest)));
    for (unsigned i = 0; i < 4; ++i) forged += static_cast<char>((crc >> (8 * i)) & 0xFF);
    forged += rest;
  };
  for (std::size_t at = 8; at + 41 <= bytes.size(); at += view.le32(at + 4)) {
    if (view.u8(at + 8) != 0) continue;
    append(std::string("\x51\0\0\0\0", 5) + bytes.substr(at + 9, 32) + std::string(40, '\x03'));
  }
  append(std::string("\x09\0\0\0\x02", 5));
  write_file(segment(500), forged);
  const auto source = open_or_fail(repo());
  const Seen seen = look_at(*source, snapshots_of(*source)[1]);
  expect_all_but(seen, 0);
}

TEST_F(BorgDamage, what_a_repair_replaced_by_zeros_is_named) {
  const BorgTool borg(scratch_.path());
  std::string bytes = read_file(largest_segment());
  bytes[bytes.size() / 2] ^= 0x10;
  write_file(largest_segment(), bytes);
  borg.run({"check --repair repo"});
  const auto source = open_or_fail(repo());
  const Seen seen = look_at(*source, snapshots_of(*source)[1]);
  std::size_t repaired = 0;
  for (const auto& [path, entry] : seen.entries) {
    if (!has_rule(entry.findings, "borg.item.repaired")) continue;
    ++repaired;
    EXPECT_EQ(seen.bytes.at(path), std::string(20'000, '\0'));
  }
  EXPECT_EQ(repaired, 1U);
}

}  // namespace
}  // namespace lastgood::sources::borg
