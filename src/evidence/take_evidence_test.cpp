// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that taking evidence records who, where and why before it reads, that its digests are those of coreutils, that
// it changes nothing, and that every change afterwards is found and located: in originals, kept copies and records.
#include "evidence/take_evidence.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "evidence/verify_evidence.h"
#include "ledger/testing/run_shell.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::evidence {

namespace {

using ledger::testing::run_shell;
using os::testing::read_file;
using os::testing::ScratchFolder;
using os::testing::write_file;

const CustodyStatement k_statement{.by = "SI R. Nair",
                                   .place = "server room 2",
                                   .reason = "FIR 349/22",
                                   .authority = "order 17 of 25 Nov 2022",
                                   .changes = "none known",
                                   .witness = "A. Kumar"};

class TakeEvidence : public ::testing::Test {
 protected:
  void SetUp() override {
    auto made = ledger::create_ledger(case_.path());
    ASSERT_TRUE(made.ok());
    ledger_ = std::move(made).value();
  }

  EvidenceItem take(const std::string& path, Keep keep) {
    auto item =
        take_evidence(case_.path(), *ledger_, {.path = path, .statement = k_statement, .device = {}, .keep = keep}, {});
    EXPECT_TRUE(item.ok()) << (item.ok() ? "" : item.error().what);
    return item.ok() ? std::move(item).value() : EvidenceItem{};
  }

  std::vector<CheckedFile> verify(const EvidenceItem& item, Where where) {
    std::vector<CheckedFile> out;
    const auto counts =
        verify_evidence(case_.path(), *ledger_, item, where, {}, [&](const CheckedFile& file) { out.push_back(file); });
    EXPECT_TRUE(counts.ok()) << (counts.ok() ? "" : counts.error().what);
    return out;
  }

  std::vector<ManifestFile> manifest(const EvidenceItem& item) {
    std::vector<ManifestFile> out;
    const base::Status visited = visit_manifest(case_.path(), item, [&](const ManifestFile& file) {
      out.push_back(file);
      return base::Status(base::Done{});
    });
    EXPECT_TRUE(visited.ok()) << (visited.ok() ? "" : visited.error().what);
    return out;
  }

  ScratchFolder case_;
  ScratchFolder scene_;
  std::unique_ptr<ledger::Ledger> ledger_;
};

std::string bytes_to_take(std::size_t count) {
  std::mt19937_64 random(count);
  std::string out(count, '\0');
  for (char& c : out) c = static_cast<char>(random());
  return out;
}

}  // namespace

TEST_F(TakeEvidence, has_the_digests_of_coreutils_for_every_file_of_a_folder) {
  std::filesystem::create_directories(scene_ / "lab/inner");
  write_file(scene_ / "lab/a.bak9", bytes_to_take(100));
  write_file(scene_ / "lab/empty", "");
  write_file(scene_ / "lab/inner/big", bytes_to_take(3'000'000));
  write_file(scene_ / "lab/inner/odd \xff\nname", bytes_to_take(20'000));
  std::filesystem::create_symlink("/etc/passwd", scene_ / "lab/link");
  const auto before = run_shell(scene_.path(), "stat -c '%n %X %Y %Z' lab lab/* lab/inner/*");
  const EvidenceItem item = take(scene_ / "lab", Keep::yes);
  EXPECT_EQ(run_shell(scene_.path(), "stat -c '%n %X %Y %Z' lab lab/* lab/inner/*").printed, before.printed);
  EXPECT_EQ(item.id, "E-0001");
  EXPECT_EQ(item.files, 4U);
  EXPECT_EQ(item.bytes, 3'020'100U);
  const auto files = manifest(item);
  ASSERT_EQ(files.size(), 5U);
  for (const ManifestFile& file : files) {
    if (file.path == "link") {
      EXPECT_EQ(file.state, FileState::not_a_file);
      continue;
    }
    const auto sums =
        run_shell(case_ / ("kept/E-0001"), "sha256sum <" + kept_name(file.number) + "; sha1sum <" +
                                               kept_name(file.number) + "; md5sum <" + kept_name(file.number));
    EXPECT_EQ(sums.printed, file.sha256 + "  -\n" + file.sha1 + "  -\n" + file.md5 + "  -\n") << file.path;
    EXPECT_EQ(read_file(scene_ / ("lab/" + file.path)), read_file(case_ / ("kept/E-0001/" + kept_name(file.number))));
  }
  EXPECT_TRUE(verify(item, Where::original).empty());
  EXPECT_TRUE(verify(item, Where::kept).empty());
}

TEST_F(TakeEvidence, tells_the_custody_from_the_ledger_alone) {
  write_file(scene_ / "note.txt", "pay");
  const EvidenceItem item = take(scene_ / "note.txt", Keep::no);
  ASSERT_TRUE(ledger_
                  ->append(k_kind_noted, {{"evidence", item.id},
                                          {"by", std::string("A")},
                                          {"and", std::string("B")},
                                          {"text", std::string("sealed")}})
                  .ok());
  const auto records = read_custody(case_.path());
  ASSERT_TRUE(records.ok());
  const EvidenceItem* found = records.value().find("e-0001");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->statement.by, "SI R. Nair");
  EXPECT_EQ(found->statement.authority, "order 17 of 25 Nov 2022");
  EXPECT_EQ(found->sha256, item.sha256);
  EXPECT_EQ(found->md5, run_shell(scene_.path(), "md5sum note.txt").printed.substr(0, 32));
  ASSERT_EQ(found->events.size(), 1U);
  EXPECT_EQ(found->events[0].other_person, "B");
  EXPECT_EQ(records.value().next_id(), "E-0002");
}

TEST_F(TakeEvidence, wants_to_know_who_where_why_and_on_whose_authority) {
  write_file(scene_ / "f", "x");
  auto refused = take_evidence(case_.path(), *ledger_, {.path = scene_ / "f", .statement = {.by = "A"}}, {});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().what, "the custody record lacks --where, --why, --authority");
  std::filesystem::create_symlink("f", scene_ / "l");
  refused = take_evidence(case_.path(), *ledger_, {.path = scene_ / "l", .statement = k_statement}, {});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::ErrorCode::misuse);
  refused = take_evidence(case_.path(), *ledger_, {.path = scene_ / "none", .statement = k_statement}, {});
  EXPECT_EQ(refused.error().code, base::ErrorCode::not_found);
  EXPECT_EQ(ledger_->state().entries, 1U) << "nothing was recorded";
}

TEST_F(TakeEvidence, locates_what_was_changed_afterwards) {
  std::filesystem::create_directories(scene_ / "d");
  const std::string big = bytes_to_take(700'000);
  write_file(scene_ / "d/big", big);
  write_file(scene_ / "d/gone", "x");
  write_file(scene_ / "d/small", "some text");
  const EvidenceItem item = take(scene_ / "d", Keep::yes);
  std::string bad = big;
  bad[400'001] = static_cast<char>(bad[400'001] ^ 8);
  write_file(scene_ / "d/big", bad);
  std::filesystem::remove(scene_ / "d/gone");
  write_file(scene_ / "d/small", "some text, and more");
  const auto checked = verify(item, Where::original);
  ASSERT_EQ(checked.size(), 3U);
  EXPECT_EQ(checked[0].outcome, Reread::differs);
  ASSERT_EQ(checked[0].change.bits.size(), 1U);
  EXPECT_EQ(checked[0].change.bits[0].offset_bytes, 400'001U);
  EXPECT_EQ(checked[1].outcome, Reread::missing);
  EXPECT_EQ(checked[2].change.ranges, (std::vector<model::ByteRange>{{9, 19}}));
  EXPECT_TRUE(verify(item, Where::kept).empty());
}

TEST_F(TakeEvidence, finds_one_changed_bit_in_kept_copies_and_in_its_own_records) {
  std::filesystem::create_directories(scene_ / "d");
  for (int i = 0; i < 5; ++i)
    write_file(scene_ / ("d/f" + std::to_string(i)), bytes_to_take(static_cast<std::size_t>(i) * 1500));
  write_file(scene_ / "d/has_states", bytes_to_take(40'000));
  const EvidenceItem item = take(scene_ / "d", Keep::yes);
  std::mt19937 random(20221123);
  for (int i = 0; i < 20; ++i) {
    const std::uint64_t number = random() % 4 + 2;
    const std::string path = case_ / ("kept/E-0001/" + kept_name(number));
    const std::string whole = read_file(path);
    std::string bad = whole;
    const std::size_t at = random() % bad.size();
    bad[at] = static_cast<char>(static_cast<unsigned char>(bad[at]) ^ (1U << (random() % 8)));
    write_file(path, bad);
    const auto checked = verify(item, Where::kept);
    ASSERT_EQ(checked.size(), 1U);
    EXPECT_EQ(checked[0].file.number, number);
    EXPECT_LE(checked[0].change.ranges.at(0).from, at);
    EXPECT_GT(checked[0].change.ranges.at(0).to, at);
    write_file(path, whole);
  }
  for (const char* name : {"manifest", "states"}) {
    const std::string path = case_ / ("evidence/E-0001/" + std::string(name));
    const std::string whole = read_file(path);
    std::string bad = whole;
    bad[bad.size() / 2] = static_cast<char>(bad[bad.size() / 2] ^ 1);
    write_file(path, bad);
    const auto refused = verify_evidence(case_.path(), *ledger_, item, Where::kept, {}, [](const CheckedFile&) {});
    ASSERT_FALSE(refused.ok()) << name;
    EXPECT_EQ(refused.error().code, base::ErrorCode::damaged_container);
    write_file(path, whole);
  }
}

TEST_F(TakeEvidence, names_what_it_could_not_read) {
  std::filesystem::create_directories(scene_ / "d/sub");
  write_file(scene_ / "d/fine", "x");
  ASSERT_TRUE(run_shell(scene_.path(), "mkfifo d/pipe").ok);
  const EvidenceItem item = take(scene_ / "d", Keep::no);
  const auto files = manifest(item);
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[1].path, "pipe");
  EXPECT_EQ(files[1].state, FileState::not_a_file);
  EXPECT_EQ(item.files, 1U);
  EXPECT_EQ(item.not_files, 1U);
}

TEST_F(TakeEvidence, leaves_out_the_case_that_lies_in_the_folder) {
  write_file(scene_ / "fine", "x");
  const std::string inside = scene_ / "a.case";
  std::filesystem::create_directories(inside);
  write_file(inside + "/ledger", read_file(case_ / "ledger"));
  const auto item = take_evidence(
      inside, *ledger_, {.path = scene_.path(), .statement = k_statement, .device = {}, .keep = Keep::yes}, {});
  ASSERT_TRUE(item.ok()) << item.error().what;
  EXPECT_EQ(item.value().files, 1U);
  EXPECT_EQ(item.value().not_files, 1U);
  EXPECT_EQ(take_evidence(inside, *ledger_, {.path = inside + "/ledger", .statement = k_statement, .device = {}}, {})
                .error()
                .code,
            base::ErrorCode::misuse);
}

TEST(Custody, says_who_had_it_where_and_what_reading_it_again_came_to) {
  CustodyRecords records;
  ledger::Entry entry;
  entry.actor = {.host = "lab1", .user = "root"};
  const auto see = [&](std::string_view kind, ledger::Fields fields) {
    entry.kind = kind;
    entry.fields = std::move(fields);
    entry.fields["evidence"] = std::string("E-0001");
    records.see(entry);
  };
  see(k_kind_begun, {});
  see(k_kind_noted,
      {{"by", std::string("R. Nair")}, {"and", std::string("A. Kumar")}, {"text", std::string("sealed")}});
  see(k_kind_handed_over, {{"by", std::string("R. Nair")},
                           {"and", std::string("FSL")},
                           {"place", std::string("Delhi")},
                           {"text", std::string("analysis; on the authority of letter 9")}});
  see(k_kind_verified, {{"text", std::string("original")}, {"same", std::int64_t{2}}, {"differ", std::int64_t{1}}});
  const auto& events = records.items().at(0).events;
  EXPECT_EQ(sentence_of(events.at(0)), "noted by R. Nair and A. Kumar: sealed");
  EXPECT_EQ(sentence_of(events.at(1)),
            "handed over by R. Nair to FSL at Delhi: analysis; on the authority of letter 9");
  EXPECT_EQ(sentence_of(events.at(2)),
            "read again by account root@lab1, original: 2 same, 1 differ, 0 missing, 0 unreadable");
}

TEST(Manifest, reads_back_its_own_lines_and_refuses_others) {
  ManifestFile file{.number = 7,
                    .path = "a/\xff b\n",
                    .state = FileState::changed,
                    .why = "somebody wrote to it while it was read",
                    .size_bytes = UINT64_MAX,
                    .mtime_ns = -1,
                    .sha256 = std::string(64, 'a'),
                    .sha1 = std::string(40, 'b'),
                    .md5 = std::string(32, 'c'),
                    .block_bytes = 16384,
                    .first_state = 3};
  const std::string line = write_manifest_line(file);
  const auto read = parse_manifest_line(line);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(write_manifest_line(*read), line);
  EXPECT_EQ(read->path, file.path);
  for (std::size_t size = 0; size + 1 < line.size(); ++size) ASSERT_FALSE(parse_manifest_line(line.substr(0, size)));
  EXPECT_FALSE(parse_manifest_line(std::string(100'000, '[')));
  EXPECT_FALSE(parse_manifest_line("{\"file\":-1,\"path\":\"a\",\"state\":\"read\"}"));
  EXPECT_FALSE(parse_manifest_line("{\"file\":1,\"path\":\"a\",\"state\":\"fine\"}"));
}

}  // namespace lastgood::evidence
