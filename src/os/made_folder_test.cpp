// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves the safety of the drill: nothing is written but new files in a folder made by the same run, and nothing is
// read but what was written or taken in there. Each test sets a trap and shows that it is refused and unharmed.
#include "os/made_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace lastgood::os {
namespace {

namespace fs = std::filesystem;
using base::ByteView;
using base::ErrorCode;

class MadeFolderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "lastgood-made-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    scratch_ = pattern;
  }
  void TearDown() override {
    if (HasFailure()) {
      std::cout << "left for inspection: " << scratch_ << "\n";
    } else {
      fs::remove_all(scratch_);
    }
  }

  [[nodiscard]] std::string path(std::string_view name) const { return (scratch_ / name).string(); }
  void write_outside(std::string_view name, std::string_view text) const { std::ofstream(path(name)) << text; }
  [[nodiscard]] std::string text_of(std::string_view name) const {
    std::ostringstream out;
    out << std::ifstream(path(name)).rdbuf();
    return out.str();
  }
  MadeFolder make(std::string_view name = "drill") const {
    auto made = MadeFolder::make(path(name));
    EXPECT_TRUE(made.ok());
    return std::move(made).value();
  }

  fs::path scratch_;
};

template <typename T>
void expect_refusal(const base::Result<T>& result, std::string_view why) {
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::misuse) << result.error().what;
  EXPECT_NE(result.error().what.find(why), std::string::npos) << result.error().what;
}

const ByteView k_bytes{std::string_view("new bytes")};

}  // namespace

TEST_F(MadeFolderTest, makes_a_private_folder_with_a_marker_that_says_what_it_is) {
  const MadeFolder folder = make();
  struct stat status {};
  ASSERT_EQ(::stat(path("drill").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0700U);
  EXPECT_EQ(folder.id().size(), 32U);
  EXPECT_NE(text_of("drill/.lastgood-made").find(folder.id()), std::string::npos);
}

TEST_F(MadeFolderTest, refuses_a_folder_that_exists_even_when_it_is_empty) {
  fs::create_directory(path("drill"));
  expect_refusal(MadeFolder::make(path("drill")), "exists already");
  EXPECT_TRUE(fs::is_empty(path("drill")));
}

TEST_F(MadeFolderTest, refuses_its_own_folder_of_an_earlier_run) {
  { const MadeFolder first = make(); }
  expect_refusal(MadeFolder::make(path("drill")), "exists already");
}

TEST_F(MadeFolderTest, refuses_a_link_in_place_of_the_folder_also_a_dangling_one) {
  fs::create_directory(path("victim"));
  fs::create_directory_symlink(path("victim"), path("drill"));
  expect_refusal(MadeFolder::make(path("drill")), "exists already");
  fs::create_directory_symlink(path("nowhere"), path("dangling"));
  expect_refusal(MadeFolder::make(path("dangling")), "exists already");
  EXPECT_TRUE(fs::is_empty(path("victim")));
  EXPECT_FALSE(fs::exists(path("nowhere")));
}

TEST_F(MadeFolderTest, refuses_names_that_are_no_folder_of_their_own) {
  for (const char* name : {"", "/", ".", "..", "a/.."}) EXPECT_FALSE(MadeFolder::make(name).ok()) << name;
}

TEST_F(MadeFolderTest, writes_and_reads_back_with_the_time_asked_for) {
  MadeFolder folder = make();
  ASSERT_TRUE(folder.write_new("a/b/c.txt", k_bytes, 1'600'000'000'000'000'001).ok());
  const auto read = folder.read("a/b/c.txt");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(ByteView(read.value().bytes).text(), "new bytes");
  EXPECT_EQ(read.value().mtime_ns, 1'600'000'000'000'000'001);
}

TEST_F(MadeFolderTest, refuses_paths_that_lead_outside) {
  MadeFolder folder = make();
  write_outside("victim.txt", "precious");
  const std::string absolute = path("victim.txt");
  for (const std::string& bad :
       {std::string("../victim.txt"), std::string("a/../../victim.txt"), absolute, std::string(""), std::string("."),
        std::string("a//b"), std::string("a/./b"), std::string("a\0b", 3)}) {
    expect_refusal(folder.write_new(bad, k_bytes), "not a plain path");
  }
  EXPECT_EQ(text_of("victim.txt"), "precious");
}

TEST_F(MadeFolderTest, refuses_to_write_over_a_file_of_its_own_or_of_others) {
  MadeFolder folder = make();
  ASSERT_TRUE(folder.write_new("a.txt", k_bytes).ok());
  expect_refusal(folder.write_new("a.txt", ByteView(std::string_view("other"))), "exists already");
  write_outside("drill/planted.txt", "precious");
  expect_refusal(folder.write_new("planted.txt", k_bytes), "exists already");
  EXPECT_EQ(text_of("drill/a.txt"), "new bytes");
  EXPECT_EQ(text_of("drill/planted.txt"), "precious");
}

TEST_F(MadeFolderTest, refuses_to_write_through_a_link_planted_in_the_folder) {
  MadeFolder folder = make();
  fs::create_directory(path("victim"));
  write_outside("victim.txt", "precious");
  fs::create_directory_symlink(path("victim"), path("drill/sub"));
  fs::create_symlink(path("victim.txt"), path("drill/file"));
  fs::create_symlink(path("nowhere"), path("drill/dangling"));
  expect_refusal(folder.write_new("sub/a.txt", k_bytes), "stands in the way");
  expect_refusal(folder.write_new("file", k_bytes), "exists already");
  expect_refusal(folder.write_new("dangling", k_bytes), "exists already");
  EXPECT_TRUE(fs::is_empty(path("victim")));
  EXPECT_EQ(text_of("victim.txt"), "precious");
  EXPECT_FALSE(fs::exists(path("nowhere")));
}

TEST_F(MadeFolderTest, reads_nothing_that_is_not_on_its_list) {
  MadeFolder folder = make();
  write_outside("drill/planted.txt", "precious");
  expect_refusal(folder.read("planted.txt"), "not on the list");
  expect_refusal(folder.read("../victim.txt"), "not on the list");
}

TEST_F(MadeFolderTest, notices_a_file_that_took_the_place_of_its_own) {
  MadeFolder folder = make();
  ASSERT_TRUE(folder.write_new("a.txt", k_bytes).ok());
  write_outside("other.txt", "other");
  fs::rename(path("other.txt"), path("drill/a.txt"));
  expect_refusal(folder.read("a.txt"), "replaced by another file");
}

TEST_F(MadeFolderTest, takes_in_only_what_has_the_digest_its_maker_reported) {
  MadeFolder folder = make();
  write_outside("drill/made.txt", "made");
  expect_refusal(folder.take_in("made.txt", base::sha256(k_bytes)), "SHA-256");
  expect_refusal(folder.read("made.txt"), "not on the list");
  ASSERT_TRUE(folder.take_in("made.txt", base::sha256(ByteView(std::string_view("made")))).ok());
  EXPECT_TRUE(folder.read("made.txt").ok());
}

TEST_F(MadeFolderTest, takes_in_neither_links_nor_files_with_a_second_name_outside) {
  MadeFolder folder = make();
  write_outside("victim.txt", "precious");
  const base::Sha256Digest digest = base::sha256(ByteView(std::string_view("precious")));
  fs::create_symlink(path("victim.txt"), path("drill/link"));
  fs::create_hard_link(path("victim.txt"), path("drill/second-name"));
  ASSERT_EQ(::mkfifo(path("drill/pipe").c_str(), 0600), 0);
  expect_refusal(folder.take_in("link", digest), "a link");
  expect_refusal(folder.take_in("second-name", digest), "more than one name");
  expect_refusal(folder.take_in("pipe", digest), "not a regular file");
  expect_refusal(folder.take_in("../victim.txt", digest), "not a plain path");
}

TEST_F(MadeFolderTest, notices_that_its_path_leads_to_another_folder_now) {
  MadeFolder folder = make();
  ASSERT_TRUE(folder.check_still_there().ok());
  fs::rename(path("drill"), path("moved"));
  EXPECT_FALSE(folder.check_still_there().ok());
  fs::create_directory(path("drill"));
  expect_refusal(folder.check_still_there(), "took its place");
  // What it writes still goes to its own folder.
  ASSERT_TRUE(folder.write_new("a.txt", k_bytes).ok());
  EXPECT_TRUE(fs::is_empty(path("drill")));
}

TEST_F(MadeFolderTest, notices_a_changed_marker) {
  MadeFolder folder = make();
  write_outside("drill/.lastgood-made", "somebody else's");
  expect_refusal(folder.check_still_there(), "marker");
}

}  // namespace lastgood::os
