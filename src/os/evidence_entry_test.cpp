// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that everything about a name can be read without touching it; the shapes are proved by sources/testing.
#include "os/evidence_entry.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/testing/scratch_folder.h"

namespace lastgood::os {
namespace {

using testing::ScratchFolder;

std::int64_t access_time_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::lstat(path.c_str(), &status), 0);
  return status.st_atim.tv_sec;
}

TEST(EvidenceEntry, describes_a_link_and_not_what_it_points_to) {
  const ScratchFolder scratch;
  ASSERT_EQ(::symlink("nowhere", (scratch / "link").c_str()), 0);
  const Descriptor folder = open_evidence_root(scratch.path()).value();
  const EntryStatus status = entry_status_at(folder, "link", "link").value();
  EXPECT_EQ(status.type, EntryType::link);
  EXPECT_EQ(status.size_bytes, 7U);
  EXPECT_EQ(entry_status_at(folder, "", "folder").value().type, EntryType::directory);
  EXPECT_EQ(entry_status_at(folder, "nothing", "nothing").error().code, base::ErrorCode::not_found);
  EXPECT_TRUE(read_attributes_at(folder, "link", "link").ok());
}

TEST(EvidenceEntry, reads_a_link_and_leaves_its_access_time_or_refuses) {
  const ScratchFolder scratch;
  const std::string target(5000, 'x');
  ASSERT_EQ(::symlink(target.substr(0, 4000).c_str(), (scratch / "link").c_str()), 0);
  const timespec times[2] = {{.tv_sec = 1000, .tv_nsec = 0}, {.tv_sec = 2000, .tv_nsec = 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, (scratch / "link").c_str(), times, AT_SYMLINK_NOFOLLOW), 0);
  const Descriptor plain = open_evidence_root(scratch.path()).value();
  const Descriptor held = hold_access_times(open_evidence_root(scratch.path()).value());
  for (const Descriptor* folder : {&plain, &held}) {
    const auto read = read_link_at(*folder, "link", "link");
    if (read.ok()) {
      EXPECT_EQ(read.value(), target.substr(0, 4000));
    } else {
      EXPECT_EQ(read.error().code, base::ErrorCode::denied);
      EXPECT_FALSE(read.error().hint.empty());
    }
    EXPECT_EQ(access_time_of(scratch / "link"), 1000);
  }
  if (::geteuid() == 0) {
    EXPECT_TRUE(read_link_at(held, "link", "link").ok());
  }
}

TEST(EvidenceEntry, holds_a_view_that_nothing_can_be_written_through) {
  const ScratchFolder scratch;
  const Descriptor held = hold_access_times(open_evidence_root(scratch.path()).value());
  if (::geteuid() != 0) return;
  EXPECT_LT(::openat(held.get(), "new", O_WRONLY | O_CREAT, 0600), 0);
  EXPECT_EQ(errno, EROFS);
}

}  // namespace
}  // namespace lastgood::os
