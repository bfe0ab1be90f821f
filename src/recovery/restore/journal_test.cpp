// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the journal says again what was written into it, passes over torn and flipped frames, and never reads
// beyond its limits.
#include "recovery/restore/journal.h"

#include <gtest/gtest.h>

#include "base/checksum.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::recovery::restore {
namespace {

using os::testing::read_file;
using os::testing::write_file;

HeaderRecord header() {
  HeaderRecord out{.mode = 1, .root_inode = 77, .items = 10, .seed = 0x1234};
  out.plan_sha256.fill(0xab);
  return out;
}

DoneState state(std::uint64_t number) {
  DoneState out{
      .size_bytes = number, .segments = 2, .mode = 0644, .user_id = 5, .group_id = 6, .mtime_ns = -1, .inode = 9};
  out.hash.fill(static_cast<std::uint8_t>(number));
  out.attributes.fill(3);
  return out;
}

IntentEntry intent() {
  IntentEntry out{.item = 4, .state = state(4), .original = {11, 12, 13, {}}, .kept_path = "/kept/x"};
  out.original.sha256.fill(9);
  return out;
}

FilledEntry fill() {
  return {.item = 6, .range = {4096, 8192}, .proof = FillProof::whole, .compared_bytes = 3, .from = "vault 3fa1c2d0"};
}

std::string sample() {
  return format_record(header()) + format_record(DoneRecord{{{1, state(1)}, {2, state(2)}}}) +
         format_record(SegmentsRecord{{{3, 1, 16, 32, {}}}}) + format_record(IntentsRecord{{intent()}}) +
         format_record(IncompleteRecord{{{5, {{1, 2}, {3, 4}}}}}) + format_record(FoldersRecord{{"/a", "/b"}}) +
         format_record(UnitRecord{7}) + format_record(ReleasedRecord{{8, 9}}) + format_record(FilledRecord{{fill()}}) +
         format_record(KeptFilesRecord{3, {{"base/1", 0, 8192, {7}}}}) + format_record(KeptWholeRecord{3, 1, 8192}) +
         format_record(FinishedRecord{});
}

struct Read {
  std::vector<JournalRecord> records;
  std::uint64_t damages = 0;
};

Read read(const std::string& bytes) {
  Read out;
  base::MemorySource source{base::ByteView(std::string_view(bytes))};
  auto damages = read_journal(source, [&](JournalRecord&& record) { out.records.push_back(std::move(record)); });
  EXPECT_TRUE(damages.ok());
  out.damages = damages.ok() ? damages.value() : 0;
  return out;
}

TEST(Journal, says_again_what_was_written) {
  const Read found = read(sample());
  ASSERT_EQ(found.records.size(), 12U);
  EXPECT_EQ(found.damages, 0U);
  EXPECT_EQ(std::get<HeaderRecord>(found.records[0]), header());
  EXPECT_EQ(std::get<DoneRecord>(found.records[1]).entries[1], (DoneEntry{2, state(2)}));
  EXPECT_EQ(std::get<SegmentsRecord>(found.records[2]).entries[0], (SegmentEntry{3, 1, 16, 32, {}}));
  EXPECT_EQ(std::get<IntentsRecord>(found.records[3]).entries[0], intent());
  EXPECT_EQ(std::get<IncompleteRecord>(found.records[4]).entries[0], (IncompleteEntry{5, {{1, 2}, {3, 4}}}));
  EXPECT_EQ(std::get<FoldersRecord>(found.records[5]).paths, (std::vector<std::string>{"/a", "/b"}));
  EXPECT_EQ(std::get<UnitRecord>(found.records[6]).unit, 7U);
  EXPECT_EQ(std::get<ReleasedRecord>(found.records[7]).items, (std::vector<std::uint32_t>{8, 9}));
  EXPECT_EQ(std::get<FilledRecord>(found.records[8]).entries, (std::vector<FilledEntry>{fill()}));
  EXPECT_EQ(std::get<KeptFilesRecord>(found.records[9]).files, (std::vector<KeptFile>{{"base/1", 0, 8192, {7}}}));
  EXPECT_EQ(std::get<KeptWholeRecord>(found.records[10]).bytes, 8192U);
}

TEST(Journal, keeps_everything_before_a_cut_at_any_byte) {
  const std::string whole = sample();
  const std::size_t first = format_record(header()).size();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const Read found = read(whole.substr(0, length));
    EXPECT_EQ(found.records.empty(), length < first) << length;
    EXPECT_EQ(found.damages, 0U) << length;
  }
}

TEST(Journal, loses_one_record_to_a_flipped_bit_and_finds_the_next) {
  const std::string whole = sample();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
    const Read found = read(flipped);
    // A flip in a length can make a frame seem to be cut; what follows it is then looked for all the same.
    EXPECT_EQ(found.records.size(), 11U) << at;
  }
}

TEST(Journal, goes_on_behind_a_torn_frame) {
  const std::string torn = format_record(DoneRecord{{{1, state(1)}}});
  const Read found = read(format_record(header()) + torn.substr(0, torn.size() - 5) + format_record(UnitRecord{1}));
  ASSERT_EQ(found.records.size(), 2U);
  EXPECT_EQ(std::get<UnitRecord>(found.records[1]).unit, 1U);
}

TEST(Journal, is_read_in_windows) {
  DoneRecord record;
  for (std::uint32_t i = 0; i < k_entries_per_record; ++i) record.entries.push_back({i % 10, state(i)});
  // Longer than what is read at once, with frames and with bytes that are none across the border.
  std::string frames;
  for (int i = 0; i < 8; ++i) frames += format_record(record);
  std::string noise(17'000'000, 'x');
  EXPECT_EQ(read(format_record(header()) + noise + frames).records.size(), 9U);
  noise.resize(2 * k_frame_bytes_max - 100'000);
  const Read found = read(noise + frames);
  EXPECT_EQ(found.records.size(), 8U);
  EXPECT_EQ(found.damages, 1U);
  noise.resize(2 * k_frame_bytes_max - 2);
  EXPECT_EQ(read(noise + frames).records.size(), 8U);
}

TEST(Journal, refuses_counts_that_the_frame_cannot_hold) {
  std::string frame = format_record(DoneRecord{{{1, state(1)}}});
  std::string payload = frame.substr(k_frame_head_bytes);
  payload[1] = '\xff';
  payload[4] = '\x7f';
  std::string forged = frame.substr(0, 8);
  const std::uint32_t crc = base::crc32c(base::ByteView(std::string_view(payload)));
  for (int i = 0; i < 4; ++i) forged += static_cast<char>(crc >> (8 * i));
  EXPECT_EQ(read(forged + payload).records.size(), 0U);
}

TEST(Journal, is_for_one_plan_and_one_process) {
  const os::testing::ScratchFolder scratch;
  const std::string path = scratch / "j";
  {
    const auto first = Journal::open(path, header());
    ASSERT_TRUE(first.ok()) << first.error().what;
    EXPECT_FALSE(first.value()->state().resumed);
    ASSERT_TRUE(first.value()->append(DoneRecord{{{3, state(3)}}}).ok());
    const auto second = Journal::open(path, header());
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, base::ErrorCode::busy_retry);
  }
  write_file(path, read_file(path) + "LGRJ torn");
  HeaderRecord again = header();
  again.seed = 999;
  {
    const auto resumed = Journal::open(path, again);
    ASSERT_TRUE(resumed.ok()) << resumed.error().what;
    EXPECT_TRUE(resumed.value()->state().resumed);
    EXPECT_TRUE(resumed.value()->state().is_done(3));
    EXPECT_EQ(resumed.value()->state().header.seed, 0x1234U);
    EXPECT_EQ(resumed.value()->state().linkable.size(), 1U);
  }
  again.items = 11;
  const auto other = Journal::open(path, again);
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, base::ErrorCode::misuse);
}

}  // namespace
}  // namespace lastgood::recovery::restore
