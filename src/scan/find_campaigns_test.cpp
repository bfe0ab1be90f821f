// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that what many files share decides only where proofs or marks stand behind it: names alone never do, and a
// whole file stays whole whatever it is called.
#include "scan/find_campaigns.h"

#include <gtest/gtest.h>

#include <random>

#include "casefile/testing/memory_case_store.h"
#include "casefile/testing/sample_records.h"
#include "scan/apply_campaigns.h"
#include "scan/campaign_marks.h"

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
    std::vector<Campaign> campaigns;
    if (!found.ok()) return campaigns;
    for (const FoundCampaign& one : found.value()) campaigns.push_back(one.campaign);
    return campaigns;
  }
  /// What a scan does: finds campaigns, gives them ids, lets them decide.
  std::vector<Campaign> find_and_apply() {
    auto campaigns = decide_by_campaigns(store_, scan_id_);
    EXPECT_TRUE(campaigns.ok());
    return campaigns.ok() ? std::move(campaigns).value() : std::vector<Campaign>();
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

constexpr std::int64_t k_minute_ns = 60'000'000'000;

/// As inspection records them: the name promises a format and something was appended to it.
FileRecord renamed_file(const std::string& path, const std::string& original_name, Verdict verdict) {
  FileRecord record = file_of(path, verdict, verdict == Verdict::encrypted ? Certainty::proven : Certainty::weak);
  record.original_name = original_name;
  return record;
}

TEST_F(CampaignTest, an_ordinary_tree_with_bak9_copies_yields_no_campaign) {
  for (int i = 0; i < 300; ++i) {
    FileRecord copy = file_of("/etc/conf" + std::to_string(i) + ".txt.bak9", Verdict::intact, Certainty::strong);
    copy.original_name = "conf" + std::to_string(i) + ".txt";
    copy.format = "text";
    record(copy);
  }
  record_many(3, "/data/random", ".bak9", Verdict::undecided);
  record_many(2, "/data/old", ".doc.bak9", Verdict::damaged);
  EXPECT_TRUE(find_and_apply().empty());
  EXPECT_EQ(file_at("/data/random/f0.bak9").verdict, Verdict::undecided);
}

TEST_F(CampaignTest, files_of_one_format_with_its_own_magic_and_extension_are_no_campaign) {
  for (int i = 0; i < 200; ++i) {
    FileRecord scan = file_of("/pacs/scan" + std::to_string(i) + ".xyz", Verdict::undecided);
    put_mark(scan, "XYZCODEC", "XYZTRAILER");
    record(scan);
  }
  EXPECT_TRUE(find().empty());
}

TEST_F(CampaignTest, first_bytes_that_open_a_known_format_are_no_mark) {
  for (int i = 0; i < 20; ++i) {
    FileRecord file = renamed_file("/a/f" + std::to_string(i) + ".pdf.w2", "f.pdf", Verdict::encrypted);
    put_mark(file, "%PDF-1.4\n%", {});
    record(file);
  }
  const std::vector<Campaign> found = find();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].head.empty());
}

TEST_F(CampaignTest, a_count_that_is_one_everywhere_is_no_mark) {
  for (int i = 0; i < 20; ++i) {
    FileRecord file = renamed_file("/a/f" + std::to_string(i) + ".pdf.w2", "f.pdf", Verdict::encrypted);
    put_mark(file, std::string("\x01\0\0\0", 4), std::string("\x01\0\0\0\0", 5));
    record(file);
  }
  const std::vector<Campaign> found = find();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].head.empty());
  EXPECT_TRUE(found[0].tail.empty());
}

TEST_F(CampaignTest, what_the_texts_of_one_format_end_with_is_no_mark) {
  for (int i = 0; i < 20; ++i) {
    FileRecord file = file_of("/a/f" + std::to_string(i), Verdict::partly_encrypted, Certainty::strong);
    file.format = "xml";
    file.ctime_ns = i * 10 * k_minute_ns;
    put_mark(file, {}, "</project>\n");
    record(file);
  }
  EXPECT_TRUE(find().empty());
}

TEST_F(CampaignTest, names_with_contact_and_id_are_one_campaign_whatever_stands_before_them) {
  const std::string appended = ".id[1A2B3C4D-2803].[fox1204@mailbox.example.org].eight";
  for (int i = 0; i < 2; ++i)
    record(renamed_file("/a/f" + std::to_string(i) + ".pdf" + appended, "f0.pdf", Verdict::undecided));
  record(file_of("/a/unknown.q7" + appended, Verdict::undecided));
  const std::vector<Campaign> found = find_and_apply();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].extension, ".id[1a2b3c4d-2803].[fox1204@mailbox.example.org].eight");
  EXPECT_EQ(found[0].certainty, Certainty::weak);
  for (const FileRecord& file : files_in(store_)) {
    EXPECT_EQ(file.verdict, Verdict::encrypted) << file.path;
    EXPECT_EQ(file.certainty, Certainty::weak) << file.path;
  }
}

TEST_F(CampaignTest, stubborn_files_follow_only_where_hardly_any_whole_file_has_the_extension) {
  for (int i = 0; i < 40; ++i)
    record(renamed_file("/a/f" + std::to_string(i) + ".pdf.k", "f" + std::to_string(i) + ".pdf", Verdict::encrypted));
  FileRecord tiny = file_of("/a/tiny.conf.k", Verdict::intact);
  tiny.size_bytes = 30;
  record(tiny);
  FileRecord first = tiny;  // the attack began with it
  first.path = "/a/aaa.conf.k";
  first.ctime_ns = 1;
  record(first);
  FileRecord later = tiny;
  later.path = "/a/later.conf.k";
  later.ctime_ns = 5 * k_minute_ns;
  record(later);
  FileRecord text = file_of("/a/renamed.k", Verdict::intact, Certainty::strong);
  text.format = "text";
  record(text);
  record(file_of("/a/broken.ods.k", Verdict::damaged, Certainty::strong));
  ASSERT_EQ(find_and_apply().size(), 1U);
  EXPECT_EQ(file_at("/a/tiny.conf.k").verdict, Verdict::encrypted);
  EXPECT_EQ(file_at("/a/tiny.conf.k").certainty, Certainty::weak);
  EXPECT_EQ(file_at("/a/aaa.conf.k").verdict, Verdict::encrypted);
  EXPECT_EQ(file_at("/a/later.conf.k").verdict, Verdict::intact);
  EXPECT_EQ(file_at("/a/broken.ods.k").certainty, Certainty::weak);
  EXPECT_NE(file_at("/a/broken.ods.k").verdict, Verdict::damaged);
  EXPECT_EQ(file_at("/a/renamed.k").verdict, Verdict::intact);
}

TEST_F(CampaignTest, an_attack_without_rename_is_told_by_the_minutes_it_took) {
  const auto record_at = [&](const std::string& path, Verdict verdict, std::int64_t minute, const std::string& format) {
    FileRecord file = file_of(path, verdict, verdict == Verdict::undecided ? Certainty::weak : Certainty::strong);
    file.ctime_ns = minute * k_minute_ns + 7;
    file.format = format;
    record(file);
  };
  for (int i = 0; i < 6; ++i) record_at("/srv/f" + std::to_string(i) + ".pdf", Verdict::encrypted, 1000, "pdf");
  for (int i = 0; i < 6; ++i) record_at("/srv/g" + std::to_string(i) + ".png", Verdict::encrypted, 1001, "png");
  for (int i = 0; i < 50; ++i) record_at("/srv/old" + std::to_string(i) + ".txt", Verdict::intact, 20, "text");
  record_at("/srv/then.dat", Verdict::undecided, 1001, {});
  record_at("/srv/before.dat", Verdict::undecided, 20, {});
  const std::vector<Campaign> found = find_and_apply();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].extension, "");
  EXPECT_EQ(file_at("/srv/then.dat").verdict, Verdict::encrypted);
  EXPECT_EQ(file_at("/srv/then.dat").certainty, Certainty::weak);
  EXPECT_EQ(file_at("/srv/before.dat").verdict, Verdict::undecided);
  EXPECT_EQ(file_at("/srv/f0.pdf").campaign_id, found[0].id);
}

TEST_F(CampaignTest, what_changed_in_the_minutes_of_an_attack_is_called_intact_only_when_all_of_it_is_proven) {
  const auto record_at = [&](const std::string& path, Verdict verdict, Certainty certainty, std::string_view rule) {
    FileRecord file = file_of(path, verdict, certainty);
    file.ctime_ns = 1000 * k_minute_ns;
    file.format = "docx";
    if (!rule.empty()) file.reasons = {{.rule = std::string(rule), .sentence = "one part does not fit"}};
    record(file);
  };
  for (int i = 0; i < 30; ++i)
    record_at("/srv/f" + std::to_string(i) + ".docx", Verdict::partly_encrypted, Certainty::strong, {});
  record_at("/srv/proven.docx", Verdict::intact, Certainty::proven, {});
  record_at("/srv/framed.docx", Verdict::intact, Certainty::strong, {});
  record_at("/srv/broken.docx", Verdict::damaged, Certainty::strong, "zip.member");
  record_at("/srv/cut.docx", Verdict::damaged, Certainty::strong, "zip.cut");
  record_at("/srv/zeroed.docx", Verdict::damaged, Certainty::strong, "zeros");
  FileRecord before = file_of("/srv/before.docx", Verdict::damaged, Certainty::strong);
  before.ctime_ns = 20 * k_minute_ns;
  record(before);
  ASSERT_EQ(find_and_apply().size(), 1U);
  EXPECT_EQ(file_at("/srv/proven.docx").verdict, Verdict::intact);
  EXPECT_EQ(file_at("/srv/framed.docx").verdict, Verdict::undecided);
  EXPECT_EQ(file_at("/srv/framed.docx").campaign_id, 0);
  EXPECT_TRUE(file_at("/srv/broken.docx").verdict == Verdict::encrypted ||
              file_at("/srv/broken.docx").verdict == Verdict::partly_encrypted);
  EXPECT_EQ(file_at("/srv/broken.docx").certainty, Certainty::weak);
  EXPECT_EQ(file_at("/srv/cut.docx").verdict, Verdict::damaged);
  EXPECT_EQ(file_at("/srv/zeroed.docx").verdict, Verdict::damaged);
  EXPECT_EQ(file_at("/srv/before.docx").verdict, Verdict::damaged);
}

TEST_F(CampaignTest, minutes_in_which_proven_files_changed_too_put_nothing_in_doubt) {
  const auto record_at = [&](const std::string& path, Verdict verdict, Certainty certainty) {
    FileRecord file = file_of(path, verdict, certainty);
    file.ctime_ns = 1000 * k_minute_ns;
    file.format = "docx";
    file.reasons = {{.rule = "zip.member", .sentence = "one part does not fit"}};
    record(file);
  };
  for (int i = 0; i < 30; ++i)
    record_at("/srv/f" + std::to_string(i) + ".docx", Verdict::partly_encrypted, Certainty::strong);
  for (int i = 0; i < 5; ++i) record_at("/srv/p" + std::to_string(i) + ".docx", Verdict::intact, Certainty::proven);
  record_at("/srv/framed.docx", Verdict::intact, Certainty::strong);
  record_at("/srv/broken.docx", Verdict::damaged, Certainty::strong);
  ASSERT_EQ(find_and_apply().size(), 1U);
  EXPECT_EQ(file_at("/srv/framed.docx").verdict, Verdict::intact);
  EXPECT_EQ(file_at("/srv/broken.docx").verdict, Verdict::damaged);
}

TEST_F(CampaignTest, minutes_in_which_a_tree_was_copied_say_nothing) {
  for (int i = 0; i < 20; ++i) {
    FileRecord file = file_of("/copy/f" + std::to_string(i) + ".pdf", Verdict::encrypted, Certainty::strong);
    file.format = "pdf";
    record(file);
  }
  for (int i = 0; i < 100; ++i) {
    FileRecord whole = file_of("/copy/w" + std::to_string(i) + ".txt", Verdict::intact, Certainty::strong);
    whole.format = "text";
    record(whole);
  }
  record(file_of("/copy/vault.dat", Verdict::undecided));
  EXPECT_TRUE(find_and_apply().empty());
  EXPECT_EQ(file_at("/copy/vault.dat").verdict, Verdict::undecided);
}

TEST_F(CampaignTest, what_was_appended_to_files_of_pages_is_told_by_their_sizes) {
  for (int i = 0; i < 5; ++i) {
    FileRecord database = renamed_file("/db/t" + std::to_string(i) + ".ibd.k", "t.ibd", Verdict::encrypted);
    database.format = "innodb";
    database.size_bytes = static_cast<std::uint64_t>(i + 6) * 16384 + 534;
    record(database);
  }
  const std::vector<Campaign> found = find();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].footer_bytes, 534U);
}

TEST_F(CampaignTest, equal_lengths_behind_whole_structures_count_only_for_renamed_files) {
  const auto record_trailing = [&](const std::string& path, const std::string& original_name) {
    FileRecord file = file_of(path, Verdict::undecided);
    file.original_name = original_name;
    file.ranges = {{.from = file.size_bytes - 512, .to = file.size_bytes}};
    file.reasons = {{.rule = "trailing", .sentence = "512 bytes follow that are not part of it"}};
    record(file);
  };
  for (int i = 0; i < 10; ++i) record_trailing("/firmware/image" + std::to_string(i) + ".bin", {});
  EXPECT_TRUE(find().empty());
  for (int i = 0; i < 10; ++i) record_trailing("/ward/f" + std::to_string(i) + ".png.lk", "f.png");
  const std::vector<Campaign> found = find_and_apply();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].footer_bytes, 512U);
  EXPECT_EQ(file_at("/ward/f0.png.lk").verdict, Verdict::partly_encrypted);
  EXPECT_EQ(file_at("/ward/f0.png.lk").certainty, Certainty::weak);
  EXPECT_EQ(file_at("/firmware/image0.bin").verdict, Verdict::undecided);
}

TEST_F(CampaignTest, a_family_is_named_when_most_files_carry_its_mark) {
  for (int i = 0; i < 10; ++i) {
    FileRecord file = renamed_file("/a/f" + std::to_string(i) + ".pdf.akira", "f.pdf", Verdict::encrypted);
    if (i < 8) file.reasons = {{.rule = "marker", .sentence = "Conti or Akira: footer of 534 bytes"}};
    record(file);
  }
  for (int i = 0; i < 10; ++i) {
    FileRecord file = renamed_file("/b/f" + std::to_string(i) + ".pdf.other", "f.pdf", Verdict::encrypted);
    if (i < 2) file.reasons = {{.rule = "marker", .sentence = "INC or Lynx: constant 3 bytes before the end"}};
    record(file);
  }
  const std::vector<Campaign> found = find();
  ASSERT_EQ(found.size(), 2U);
  for (const Campaign& campaign : found)
    EXPECT_EQ(campaign.family, campaign.extension == ".akira" ? "Conti or Akira" : "") << campaign.extension;
}

TEST_F(CampaignTest, contacts_in_files_of_no_campaign_are_of_none) {
  record_many(4, "/a", ".pdf.aaa", Verdict::encrypted, Certainty::proven);
  record(file_of("/elsewhere/broken.msg", Verdict::damaged, Certainty::strong));
  sight("/elsewhere/broken.msg", "colleague@example.org");
  sight("/a/f0.pdf.aaa", "a@example.org");
  const std::vector<Campaign> found = find();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].contacts, std::vector<std::string>{"email:a@example.org"});
}

TEST_F(CampaignTest, the_sender_of_a_letter_that_was_struck_is_no_contact_of_the_attacker) {
  for (int i = 0; i < 30; ++i) {
    record(renamed_file("/a/f" + std::to_string(i) + ".eml.k", "f.eml", Verdict::encrypted));
    sight("/a/f" + std::to_string(i) + ".eml.k", "fox1204@mailbox.example.org");
  }
  sight("/a/f7.eml.k", "ward7@hospital.example.org");
  const std::vector<Campaign> found = find();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].contacts, std::vector<std::string>{"email:fox1204@mailbox.example.org"});
}

TEST_F(CampaignTest, a_note_belongs_to_the_campaign_beside_whose_files_it_lies) {
  record_many(4, "/a", ".pdf.aaa", Verdict::encrypted, Certainty::proven);
  record_many(3, "/b", ".pdf.bbb", Verdict::encrypted, Certainty::proven);
  FileRecord note = file_of("/a/readme.txt", Verdict::note, Certainty::strong);
  record(note);
  note.path = "/a/sub/README.TXT";  // the same text where nothing else lies
  record(note);
  record(file_of("/b/how.hta", Verdict::note, Certainty::strong));
  sight("/a/sub/README.TXT", "a@example.org");
  sight("/b/how.hta", "b@example.org");
  const std::vector<Campaign> found = find();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].note_count, 2U);
  EXPECT_EQ(found[0].contacts, std::vector<std::string>{"email:a@example.org"});
  EXPECT_EQ(found[1].note_count, 1U);
  EXPECT_EQ(found[1].notes, std::vector<std::string>{"/b/how.hta"});
  EXPECT_EQ(found[1].contacts, std::vector<std::string>{"email:b@example.org"});
}

TEST_F(CampaignTest, a_note_above_the_folders_of_a_campaign_is_its_note) {
  for (int i = 0; i < 5; ++i) {
    record_many(1, "/srv/a/" + std::to_string(i), ".pdf.aaa", Verdict::encrypted, Certainty::proven);
    record_many(1, "/srv/b/" + std::to_string(i), ".pdf.bbb", Verdict::encrypted, Certainty::proven);
  }
  record(file_of("/srv/a/zz.txt", Verdict::note, Certainty::strong));
  record(file_of("/srv/b/zz.txt", Verdict::note, Certainty::strong));
  const std::vector<Campaign> found = find();
  ASSERT_EQ(found.size(), 2U);
  for (const Campaign& campaign : found) {
    const std::string path = campaign.extension == ".aaa" ? "/srv/a/zz.txt" : "/srv/b/zz.txt";
    EXPECT_EQ(campaign.notes, std::vector<std::string>{path}) << campaign.extension;
  }
}

TEST_F(CampaignTest, nothing_is_proven_by_context_alone) {
  for (int i = 0; i < 50; ++i) {
    FileRecord file = renamed_file("/a/f" + std::to_string(i) + ".pdf.k", "f.pdf", Verdict::encrypted);
    put_mark(file, "HEADMARK", "TAILMARK");
    record(file);
    FileRecord open = file_of("/a/o" + std::to_string(i) + ".k", Verdict::undecided);
    if (i % 10 != 0) put_mark(open, "HEADMARK", "TAILMARK");
    record(open);
  }
  ASSERT_EQ(find_and_apply().size(), 1U);
  for (int i = 0; i < 50; ++i) {
    const FileRecord judged = file_at("/a/o" + std::to_string(i) + ".k");
    EXPECT_EQ(judged.verdict, Verdict::encrypted);
    EXPECT_EQ(judged.certainty, i % 10 != 0 ? Certainty::strong : Certainty::weak);
  }
}

TEST(CommonEnding, begins_with_a_dot_or_a_bracket_and_never_inside_one) {
  EXPECT_EQ(common_ending(".id[1-2].[a@b.example].k", ".id[1-3].[a@b.example].k"), ".[a@b.example].k");
  EXPECT_EQ(common_ending(".bak9", ".bak9"), ".bak9");
  EXPECT_EQ(common_ending(".abak9", ".bak9"), "");
  EXPECT_EQ(common_ending(".[x.example].k", ".[y.example].k"), ".k");
  EXPECT_EQ(common_ending("", ".k"), "");
  EXPECT_EQ(last_piece(".id[1].[a@b.example]"), ".[a@b.example]");
  EXPECT_EQ(last_piece("[a@b.example]"), "[a@b.example]");
  EXPECT_EQ(last_piece(".id[1].[a@b.example].k"), ".k");
}

TEST(CommonResidue, is_that_of_the_largest_page_that_fits) {
  EXPECT_EQ(common_residue({16384 + 32, 3 * 16384 + 32, 9 * 16384 + 32})->divisor, 16384U);
  EXPECT_EQ(common_residue({4096 + 38, 3 * 4096 + 38, 6 * 4096 + 38})->rest, 38U);
  EXPECT_EQ(common_residue({16 + 2, 48 + 2, 1600 + 2})->divisor, 16U);
  EXPECT_FALSE(common_residue({1, 2, 3, 4}).has_value());
  EXPECT_FALSE(common_residue({}).has_value());
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
