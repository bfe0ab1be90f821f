// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that addresses mean what people write, and that a mistake is answered with what was meant.
#include "sources/open_source.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "os/testing/scratch_folder.h"

namespace lastgood::sources {
namespace {

std::string hint_of(std::string_view url) {
  const auto address = parse_source_address(url);
  if (address.ok()) return "accepted";
  EXPECT_EQ(address.error().code, base::ErrorCode::misuse);
  return address.error().hint;
}

TEST(SourceAddress, names_a_kind_and_a_place) {
  for (const SourceKind kind : {SourceKind::folder, SourceKind::restic, SourceKind::borg, SourceKind::tar}) {
    const std::string url = std::string(name_of(kind)) + ":/srv/backup: old";
    const auto address = parse_source_address(url);
    ASSERT_TRUE(address) << address.error().what;
    EXPECT_EQ(address.value(), (SourceAddress{kind, "/srv/backup: old"}));
    EXPECT_EQ(format_source_address(address.value()), url);
    EXPECT_EQ(local_folder_of(address.value()), "/srv/backup: old");
  }
}

TEST(SourceAddress, makes_relative_paths_absolute) {
  const os::testing::ScratchFolder scratch;
  std::filesystem::create_directory(scratch / "real");
  std::filesystem::create_directory_symlink(scratch / "real", scratch / "linked");
  std::filesystem::create_directory(scratch / "real/copy");
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(scratch.path());
  const auto there = parse_source_address("folder:linked/../real/./copy/");
  const auto through_link = parse_source_address("folder:linked/copy");
  const auto not_there = parse_source_address("tar:not/there.tar");
  std::filesystem::current_path(before);
  EXPECT_EQ(there.value().location, scratch / "real/copy");
  EXPECT_EQ(through_link.value().location, scratch / "real/copy");
  EXPECT_EQ(not_there.value().location, scratch / "not/there.tar");
}

TEST(SourceAddress, keeps_a_rest_server_as_it_is_and_has_no_local_folder_for_it) {
  const auto address = parse_source_address("restic:rest:http://backup:8000/hims/");
  ASSERT_TRUE(address);
  EXPECT_EQ(address.value(), (SourceAddress{SourceKind::restic, "rest:http://backup:8000/hims/"}));
  EXPECT_EQ(local_folder_of(address.value()), "");
}

TEST(SourceAddress, says_what_was_meant) {
  EXPECT_EQ(hint_of("restc:/backup"), "did you mean restic:/backup");
  EXPECT_EQ(hint_of("Restic:/backup"), "did you mean restic:/backup");
  EXPECT_EQ(hint_of("bork:/backup"), "did you mean borg:/backup");
  EXPECT_EQ(hint_of("foldr:/backup"), "did you mean folder:/backup");
  EXPECT_EQ(hint_of("/backup/daily.0"), "did you mean folder:/backup/daily.0");
  EXPECT_EQ(hint_of("./copy"), "did you mean folder:./copy");
  EXPECT_EQ(hint_of("copy"), "did you mean folder:copy");
  EXPECT_EQ(hint_of("/backup/hims.tar.zst"), "did you mean tar:/backup/hims.tar.zst");
  EXPECT_EQ(hint_of("rest:http://backup:8000/"), "did you mean restic:rest:http://backup:8000/");
  EXPECT_EQ(hint_of("http://backup:8000/"), "did you mean restic:rest:http://backup:8000/");
  EXPECT_NE(hint_of("duplicati:/backup").find("give one of folder:PATH"), std::string::npos);
}

TEST(SourceAddress, refuses_what_it_cannot_reach) {
  EXPECT_NE(hint_of("restic:s3:bucket/x").find("rclone serve restic"), std::string::npos);
  EXPECT_NE(hint_of("borg:ssh://host/./repo").find("mount it here"), std::string::npos);
  EXPECT_NE(hint_of("restic:rest:backup:8000").find("http://HOST"), std::string::npos);
  EXPECT_EQ(hint_of("folder:"), "give the path behind 'folder:'");
  EXPECT_EQ(hint_of(std::string_view("folder:/a\0b", 11)), "give the path behind 'folder:'");
  EXPECT_EQ(hint_of(""), "did you mean folder:PATH");
}

TEST(OpenSource, says_that_nothing_is_there) {
  const os::testing::ScratchFolder scratch;
  for (const SourceKind kind : {SourceKind::folder, SourceKind::tar}) {
    const auto source = open_source({kind, scratch / "nothing"}, {}, {});
    ASSERT_FALSE(source.ok()) << name_of(kind);
    EXPECT_EQ(source.error().code, base::ErrorCode::not_found);
    EXPECT_NE(source.error().what.find("nothing"), std::string::npos);
  }
}

TEST(OpenSource, names_what_a_link_leads_to) {
  const os::testing::ScratchFolder scratch;
  std::filesystem::create_directories(scratch / "real");
  std::filesystem::create_directory_symlink("real", scratch / "latest");
  for (const SourceKind kind : {SourceKind::folder, SourceKind::restic, SourceKind::borg, SourceKind::tar}) {
    const auto source = open_source({kind, scratch / "latest"}, {}, {});
    ASSERT_FALSE(source.ok()) << name_of(kind);
    EXPECT_EQ(source.error().hint,
              "give what it leads to: " + format_source_address({kind, std::filesystem::canonical(scratch / "real")}));
  }
}

}  // namespace
}  // namespace lastgood::sources
