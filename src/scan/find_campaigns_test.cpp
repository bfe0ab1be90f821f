// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that what many files share decides only where proofs or marks stand behind it: names alone never do, and a
// whole file stays whole whatever it is called.
#include "scan/find_campaigns.h"

#include <gtest/gtest.h>

#include <random>

#include "casefile/testing/memory_case_store.h"
#include "casefile/testing/sample_records.h"

namespace lastgood::scan {

namespace {

using casefile::testing::files_in;
using casefile::testing::MemoryCaseStore;
using model::Campaign;
using model::Certainty;
using model::FileRecord;
using model::Verdict;

using Bytes = std::vector<std::uint8_t>;

Bytes noise(std::size_t count) {
  static std::mt19937 engine(20221123);
  Bytes bytes(count);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(engine());
  return bytes;
}

FileRecord file_of(std::string path, Verdict verdict, Certainty certainty = Certainty::weak) {
  FileRecord record;
  record.path = std::move(path);
  record.size_bytes = 20'000;
  record.ctime_ns = 1000;
  record.verdict = verdict;
  record.certainty = certainty;
  if (verdict != Verdict::intact) {
    record.head = noise(model::k_mark_bytes);
    record.tail = noise(model::k_mark_bytes);
  }
  // What inspection says of a file that is random throughout.
  if (verdict == Verdict::undecided) record.ranges = {{.from = 0, .to = record.size_bytes}};
  return record;
}

void put_mark(FileRecord& record, const std::string& head, const std::string& tail) {
  std::copy(head.begin(), head.end(), record.head.begin());
  std::copy(tail.begin(), tail.end(), record.tail.end() - static_cast<std::ptrdiff_t>(tail.size()));
}

class CampaignTest : public ::testing::Test {
 protected:
  CampaignTest() : scan_id_(store_.begin_scan({}).value()) {}

  void record(const FileRecord& file) { ASSERT_TRUE(store_.record_files(scan_id_, {&file, 1}, {}).ok()); }
  void record_many(int count, const std::string& folder, const std::string& suffix, Verdict verdict,
                   Certainty certainty = Certainty::weak) {
    for (int i = 0; i < count; ++i) record(file_of(folder + "/f" + std::to_string(i) + suffix, verdict, certainty));
  }
  void sight(const std::string& path, const std::string& value) {
    const model::Sighting sighting{.kind = "email", .value = value, .level = "shape", .path = path, .offset_bytes = 5};
    const FileRecord file =
        files_in(store_, {.scan_id = scan_id_, .verdicts = {}, .path = path, .path_below = {}}).at(0);
    ASSERT_TRUE(store_.record_files(scan_id_, {&file, 1}, {&sighting, 1}).ok());
  }
  std::vector<Campaign> find() {
    auto found = find_campaigns(store_, scan_id_);
    EXPECT_TRUE(found.ok());
    return found.ok() ? std::move(found).value() : std::vector<Campaign>();
  }
  /// What a scan does: finds campaigns, gives them ids, lets them decide.
  std::vector<Campaign> find_and_apply() {
    std::vector<Campaign> campaigns = find();
    const std::vector<std::int64_t> ids = store_.record_campaigns(scan_id_, campaigns).value();
    for (std::size_t i = 0; i < campaigns.size(); ++i) campaigns[i].id = ids.at(i);
    EXPECT_TRUE(apply_campaigns(store_, scan_id_, campaigns).ok());
    return campaigns;
  }
  FileRecord file_at(const std::string& path) {
    const auto files = files_in(store_, {.scan_id = scan_id_, .verdicts = {}, .path = path, .path_below = {}});
    EXPECT_EQ(files.size(), 1U) << path;
    return files.empty() ? FileRecord{} : files[0];
  }

  MemoryCaseStore store_;
  std::int64_t scan_id_;
};

TEST_F(CampaignTest, three_files_encrypted_by_their_own_structure_make_a_campaign_and_two_do_not) {
  record_many(2, "/a", ".pdf.bak9", Verdict::encrypted, Certainty::proven);
  EXPECT_TRUE(find().empty());
  record_many(3, "/a", ".pdf.bak9", Verdict::encrypted, Certainty::proven);
  const std::vector<Campaign> found = find();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].extension, ".bak9");
  EXPECT_EQ(found[0].certainty, Certainty::strong);
  EXPECT_EQ(found[0].file_count, 3U);
  EXPECT_EQ(found[0].size_bytes, 60'000U);
  EXPECT_TRUE(found[0].head.empty());
  EXPECT_TRUE(found[0].tail.empty());
}

TEST_F(CampaignTest, an_extension_alone_never_decides) {
  record_many(500, "/a", ".bak9", Verdict::undecided);
  EXPECT_TRUE(find_and_apply().empty());
  for (const FileRecord& file : files_in(store_)) EXPECT_EQ(file.verdict, Verdict::undecided) << file.path;
}

TEST_F(CampaignTest, random_files_beside_notes_count_only_when_no_whole_file_has_their_extension) {
  record_many(8, "/a", ".bak9", Verdict::undecided);
  record(file_of("/a/readme.txt", Verdict::note, Certainty::strong));
  const std::vector<Campaign> found = find();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].certainty, Certainty::weak);
  EXPECT_EQ(found[0].note_count, 1U);
  EXPECT_EQ(found[0].notes, std::vector<std::string>{"/a/readme.txt"});
  record(file_of("/b/yesterday.BAK9", Verdict::intact, Certainty::strong));
  EXPECT_TRUE(find().empty());
}

TEST_F(CampaignTest, an_intact_file_with_the_extension_stays_intact) {
  record_many(20, "/a", ".pdf.bak9", Verdict::encrypted, Certainty::proven);
  record(file_of("/a/rotated.csv.bak9", Verdict::intact, Certainty::strong));
  record(file_of("/a/odd.bak9", Verdict::intact, Certainty::weak));
  record(file_of("/a/vault.bak9", Verdict::protected_, Certainty::strong));
  record(file_of("/a/cut.bak9", Verdict::damaged, Certainty::strong));
  ASSERT_EQ(find_and_apply().size(), 1U);
  EXPECT_EQ(file_at("/a/rotated.csv.bak9").verdict, Verdict::intact);
  EXPECT_EQ(file_at("/a/rotated.csv.bak9").campaign_id, 0);
  EXPECT_EQ(file_at("/a/odd.bak9").verdict, Verdict::intact);
  EXPECT_EQ(file_at("/a/vault.bak9").verdict, Verdict::protected_);
  EXPECT_EQ(file_at("/a/cut.bak9").verdict, Verdict::damaged);
  EXPECT_NE(file_at("/a/f0.pdf.bak9").campaign_id, 0);
}

TEST_F(CampaignTest, a_random_file_with_the_extension_is_of_the_campaign_when_it_changed_at_that_time) {
  record_many(3, "/a", ".pdf.bak9", Verdict::encrypted, Certainty::proven);
  FileRecord later = file_of("/a/later.bak9", Verdict::undecided);
  later.ctime_ns = 5000;  // undecided itself, it stretches the time of its own group: it belongs to it
  record(later);
  FileRecord old = file_of("/a/old.bak9", Verdict::protected_, Certainty::weak);
  old.ctime_ns = 10;
  record(old);
  ASSERT_EQ(find_and_apply().size(), 1U);
  const FileRecord judged = file_at("/a/later.bak9");
  EXPECT_EQ(judged.verdict, Verdict::encrypted);
  EXPECT_EQ(judged.certainty, Certainty::weak);
  ASSERT_FALSE(judged.reasons.empty());
  EXPECT_EQ(judged.reasons.back().rule, "campaign");
  EXPECT_EQ(judged.ranges, (std::vector<model::ByteRange>{{.from = 0, .to = 20'000}}));
  EXPECT_EQ(file_at("/a/old.bak9").verdict, Verdict::protected_);
}

TEST_F(CampaignTest, a_shared_head_explains_tiny_random_files) {
  for (int i = 0; i < 5; ++i) {
    FileRecord file = file_of("/a/f" + std::to_string(i) + ".pdf.bak9", Verdict::encrypted, Certainty::proven);
    put_mark(file, "write to dog", {});
    record(file);
  }
  FileRecord tiny = file_of("/b/tiny.bak9", Verdict::undecided);
  tiny.size_bytes = 20;
  tiny.head.assign({'w', 'r', 'i', 't', 'e', ' ', 't', 'o', ' ', 'd', 'o', 'g', 1, 2, 3, 4, 5, 6, 7, 8});
  tiny.tail = tiny.head;
  record(tiny);
  FileRecord other = tiny;  // too short to hold the mark, and of another time
  other.path = "/b/other.dat";
  other.head.resize(5);
  other.tail.resize(5);
  record(other);
  const std::vector<Campaign> found = find_and_apply();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(std::string(found[0].head.begin(), found[0].head.end()), "write to dog");
  EXPECT_EQ(file_at("/b/tiny.bak9").verdict, Verdict::encrypted);
  EXPECT_EQ(file_at("/b/tiny.bak9").certainty, Certainty::strong);
  EXPECT_EQ(file_at("/b/other.dat").verdict, Verdict::undecided);
}

TEST_F(CampaignTest, a_shared_tail_explains_tiny_random_files) {
  for (int i = 0; i < 5; ++i) {
    FileRecord file = file_of("/a/f" + std::to_string(i) + ".pdf.bak9", Verdict::encrypted, Certainty::proven);
    put_mark(file, {}, "FOOTER01");
    record(file);
  }
  FileRecord tiny = file_of("/b/tiny.txt", Verdict::undecided);
  tiny.head.assign({1, 2, 3, 4, 'F', 'O', 'O', 'T', 'E', 'R', '0', '1'});
  tiny.tail = tiny.head;
  record(tiny);
  ASSERT_EQ(find_and_apply().size(), 1U);
  EXPECT_EQ(file_at("/b/tiny.txt").verdict, Verdict::encrypted);
  EXPECT_EQ(file_at("/b/tiny.txt").certainty, Certainty::weak);  // its name does not speak for it
}

TEST_F(CampaignTest, marks_are_found_where_names_tell_nothing) {
  const auto record_marked = [&](int count) {
    for (int i = 0; i < count; ++i) {
      FileRecord file = file_of("/a/doc" + std::to_string(i), Verdict::undecided);
      put_mark(file, {}, "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A");
      record(file);
    }
  };
  record_marked(7);
  EXPECT_TRUE(find().empty());
  record_marked(8);
  const std::vector<Campaign> found = find_and_apply();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].extension, "");
  EXPECT_EQ(found[0].tail, (Bytes{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
  EXPECT_EQ(found[0].certainty, Certainty::weak);
  EXPECT_EQ(file_at("/a/doc3").verdict, Verdict::encrypted);
  EXPECT_EQ(file_at("/a/doc3").campaign_id, found[0].id);
}

TEST_F(CampaignTest, zeros_are_no_mark) {
  for (int i = 0; i < 30; ++i) {
    FileRecord file = file_of("/a/disk" + std::to_string(i), Verdict::undecided);
    put_mark(file, std::string(32, '\0'), std::string(32, '\0'));
    record(file);
  }
  EXPECT_TRUE(find().empty());
}

TEST_F(CampaignTest, a_mark_that_one_file_in_ten_lacks_is_still_one_and_one_that_half_lack_is_none) {
  for (int i = 0; i < 40; ++i) {
    FileRecord file = file_of("/a/f" + std::to_string(i) + ".bak9", Verdict::encrypted, Certainty::strong);
    if (i % 20 != 0) put_mark(file, "MARK", {});
    if (i % 2 != 0) put_mark(file, {}, "HALF");
    record(file);
  }
  const std::vector<Campaign> found = find();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].head, (Bytes{'M', 'A', 'R', 'K'}));
  EXPECT_TRUE(found[0].tail.empty());
}

TEST_F(CampaignTest, each_campaign_has_the_contacts_of_its_own_files_and_of_the_notes) {
  record_many(4, "/a", ".pdf.aaa", Verdict::encrypted, Certainty::proven);
  record_many(3, "/b", ".pdf.bbb", Verdict::encrypted, Certainty::proven);
  record(file_of("/readme.txt", Verdict::note, Certainty::strong));
  sight("/a/f0.pdf.aaa", "a@example.org");
  sight("/a/f1.pdf.aaa", "a@example.org");
  sight("/b/f0.pdf.bbb", "b@example.org");
  sight("/readme.txt", "note@example.org");
  const std::vector<Campaign> found = find();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].extension, ".aaa");  // the larger one first
  EXPECT_EQ(found[0].contacts, (std::vector<std::string>{"email:note@example.org", "email:a@example.org"}));
  EXPECT_EQ(found[1].contacts, (std::vector<std::string>{"email:note@example.org", "email:b@example.org"}));
}

TEST_F(CampaignTest, thousands_of_files_are_amended_batch_by_batch) {
  record_many(5000, "/a", ".pdf.bak9", Verdict::encrypted, Certainty::proven);
  const std::vector<Campaign> found = find_and_apply();
  ASSERT_EQ(found.size(), 1U);
  std::size_t of_campaign = 0;
  for (const FileRecord& file : files_in(store_)) of_campaign += file.campaign_id == found[0].id ? 1U : 0U;
  EXPECT_EQ(of_campaign, 5000U);
}

TEST(AppendedExtension, is_what_follows_the_original_name_in_lower_case) {
  FileRecord record = file_of("/a/x.pdf.ID[12].BAK9", Verdict::encrypted);
  record.original_name = "x.pdf";
  EXPECT_EQ(appended_extension(record), ".id[12].bak9");
}

TEST(AppendedExtension, is_nothing_where_the_name_itself_promises_the_format) {
  FileRecord record = file_of("/a.b/x.pdf", Verdict::encrypted);
  record.format = "pdf";
  EXPECT_EQ(appended_extension(record), "");
  EXPECT_EQ(appended_extension(file_of("/a.b/x", Verdict::undecided)), "");
  EXPECT_EQ(appended_extension(file_of("/a/.profile", Verdict::undecided)), "");
  EXPECT_EQ(appended_extension(file_of("/a/x.Bak9", Verdict::undecided)), ".bak9");
  EXPECT_EQ(appended_extension(file_of("/a/x." + std::string(70, 'y'), Verdict::undecided)), "");
}

}  // namespace

}  // namespace lastgood::scan
