// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a campaign decides small and stubborn files and those it struck in its minutes, that a whole file stays
// whole whatever it is called, and that nothing is proven by context alone.
#include "campaigns/apply_campaigns.h"

#include "campaigns/testing/campaign_fixture.h"

namespace lastgood::campaigns::testing {

namespace {

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

TEST_F(CampaignTest, a_header_alone_under_the_extension_is_an_emptied_file_and_no_note) {
  const std::string header = "your files are encrypted, write to dog";
  for (int i = 0; i < 5; ++i) {
    FileRecord file = file_of("/a/f" + std::to_string(i) + ".pdf.bak9", Verdict::encrypted, Certainty::proven);
    put_mark(file, header, {});
    record(file);
  }
  FileRecord emptied = file_of("/a/PG_VERSION.bak9", Verdict::note, Certainty::strong);
  emptied.size_bytes = 512;
  emptied.format = "note";
  put_mark(emptied, header, {});
  record(emptied);
  FileRecord named_so = file_of("/a/HOW-TO.bak9", Verdict::note, Certainty::strong);  // begins otherwise
  record(named_so);
  FileRecord note = emptied;  // has another name
  note.path = "/a/HOW-TO.txt";
  note.tail[0] = 'x';
  record(note);
  const std::vector<Campaign> found = find_and_apply();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(file_at("/a/PG_VERSION.bak9").verdict, Verdict::encrypted);
  EXPECT_EQ(file_at("/a/PG_VERSION.bak9").certainty, Certainty::strong);
  EXPECT_EQ(file_at("/a/PG_VERSION.bak9").campaign_id, found[0].id);
  EXPECT_EQ(file_at("/a/PG_VERSION.bak9").reasons.back().rule, "campaign.emptied");
  EXPECT_EQ(file_at("/a/HOW-TO.bak9").verdict, Verdict::note);
  EXPECT_EQ(file_at("/a/HOW-TO.txt").verdict, Verdict::note);
  EXPECT_EQ(found[0].note_count, 2U);
}

TEST_F(CampaignTest, left_over_files_carry_the_marks_of_a_campaign_that_an_earlier_scan_of_the_case_found) {
  const std::string header = "your files are encrypted, write to dog";
  for (int i = 0; i < 5; ++i) {
    FileRecord file = file_of("/a/f" + std::to_string(i) + ".pdf.bak9", Verdict::encrypted, Certainty::proven);
    put_mark(file, header, {});
    record(file);
  }
  const std::vector<Campaign> before = find_and_apply();
  ASSERT_EQ(before.size(), 1U);
  ASSERT_TRUE(store_.finish_scan(scan_id_, 9000, {}).ok());

  scan_id_ = store_.begin_scan({}).value();
  FileRecord left = file_of("/a/wal/0E.bak9", Verdict::undecided);
  put_mark(left, header, {});
  left.ctime_ns = 90 * k_minute_ns;  // moved since
  record(left);
  FileRecord own = file_of("/a/own.bak9", Verdict::undecided);  // the owner's, of another time
  own.ctime_ns = 90 * k_minute_ns;
  record(own);
  record(file_of("/a/whole.pdf", Verdict::intact, Certainty::proven));
  const std::vector<Campaign> now = find_and_apply();
  ASSERT_EQ(now.size(), 1U);
  EXPECT_EQ(now[0].file_count, 1U);
  EXPECT_NE(now[0].id, before[0].id);
  EXPECT_EQ(now[0].reasons.at(0).rule, "campaign.known");
  const FileRecord judged = file_at("/a/wal/0E.bak9");
  EXPECT_EQ(judged.verdict, Verdict::encrypted);
  EXPECT_EQ(judged.certainty, Certainty::strong);
  EXPECT_EQ(judged.campaign_id, now[0].id);
  EXPECT_EQ(judged.reasons.back().sentence,
            "it shares with campaign " + std::to_string(before[0].id) +
                ", of an earlier scan of this case: the appended extension .bak9, the first bytes");
  EXPECT_EQ(file_at("/a/own.bak9").verdict, Verdict::undecided);

  scan_id_ = store_.begin_scan({}).value();
  record(file_of("/b/whole.pdf", Verdict::intact, Certainty::proven));
  EXPECT_TRUE(find_and_apply().empty()) << "nothing of it lies here";
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

TEST_F(CampaignTest, thousands_of_files_are_amended_batch_by_batch) {
  record_many(5000, "/a", ".pdf.bak9", Verdict::encrypted, Certainty::proven);
  const std::vector<Campaign> found = find_and_apply();
  ASSERT_EQ(found.size(), 1U);
  std::size_t of_campaign = 0;
  for (const FileRecord& file : files_in(store_)) of_campaign += file.campaign_id == found[0].id ? 1U : 0U;
  EXPECT_EQ(of_campaign, 5000U);
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

}  // namespace

}  // namespace lastgood::campaigns::testing
