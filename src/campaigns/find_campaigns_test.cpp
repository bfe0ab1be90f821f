// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that what many files share makes a campaign only where proofs or marks stand behind it: names alone never do.
#include "campaigns/find_campaigns.h"

#include "campaigns/testing/campaign_fixture.h"

namespace lastgood::campaigns::testing {

namespace {

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

}  // namespace

}  // namespace lastgood::campaigns::testing
