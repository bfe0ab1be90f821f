// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that of several folders of logs each file is taken where it is best, and that nothing of a server's own log is
// taken for saved that never was written.
#include "engines/joined_logs.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engines/postgresql/segment_reach.h"
#include "engines/testing/memory_view.h"

namespace lastgood::engines::testing {

namespace {

constexpr std::uint32_t k_segment_bytes = 1U << 20U;

/// The beginning of a segment that is at home `place` segments from the start.
std::string segment(std::uint64_t place, char filler = 'x') {
  std::string out(64, filler);
  const auto put = [&](std::size_t at, std::uint64_t value, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) out[at + i] = static_cast<char>(value >> (8 * i));
  };
  put(0, 0xD110, 2);
  put(8, place * k_segment_bytes, 8);
  put(24, 4711, 8);
  put(32, k_segment_bytes, 4);
  return out;
}

std::string name_of_segment_at(int place) {
  const std::string digits = std::to_string(place);
  return std::string(24 - digits.size(), '0').replace(7, 1, "1") + digits;
}

std::string read(const UnitView& view, const std::string& path) {
  const auto source = view.open(path);
  if (!source.ok()) return "not there";
  std::vector<std::uint8_t> bytes(source.value()->size_bytes());
  return source.value()->read(0, bytes).ok() ? std::string(bytes.begin(), bytes.end()) : "unreadable";
}

std::vector<std::string> names_in(const UnitView& view, const std::string& folder = {}) {
  std::vector<std::string> out;
  const auto entries = view.list(folder);
  if (!entries.ok()) return {"not there"};
  for (const UnitEntry& entry : entries.value()) out.push_back(entry.name);
  std::sort(out.begin(), out.end());
  return out;
}

using Names = std::vector<std::string>;

}  // namespace

TEST(JoinedLogs, an_archive_and_the_servers_own_log_are_one_without_what_was_kept_for_later_use) {
  MemoryView archive;
  archive.files = {{name_of_segment_at(1), segment(1)}, {name_of_segment_at(2), segment(2)}, {"readme", "x"}};
  MemoryView own;
  own.folders = {"archive_status"};
  own.files = {{name_of_segment_at(2), segment(2)},
               {name_of_segment_at(3), segment(3)},
               {name_of_segment_at(4), segment(1)},               // an old one under the name it will have
               {name_of_segment_at(5), std::string(64, '\0')},    // made beforehand
               {name_of_segment_at(6), std::string(64, '\x5a')},  // struck: whoever reads it says so
               {"00000002.history", "1\t0/5000000\n"}};
  const auto joined = join_log_folders({&archive, &own});
  ASSERT_TRUE(joined.ok());
  EXPECT_EQ(names_in(*joined.value()), (Names{name_of_segment_at(1), name_of_segment_at(2), name_of_segment_at(3),
                                              name_of_segment_at(6), "00000002.history", "readme"}));
  EXPECT_EQ(read(*joined.value(), name_of_segment_at(3)), segment(3));
  EXPECT_EQ(read(*joined.value(), name_of_segment_at(4)), "not there");
}

TEST(JoinedLogs, a_file_comes_from_where_it_begins_as_a_log_and_then_from_where_it_is_longest) {
  const std::string whole =
      "\xfe"
      "bin and all of its events";
  MemoryView backup;
  backup.files = {{"binlog.000001", whole},
                  {"binlog.000002", whole.substr(0, 9)},  // copied while it was written
                  {name_of_segment_at(1), std::string(99, 'z')}};
  MemoryView server;
  server.files = {{"binlog.000001", std::string(99, 'z')},  // struck, and longer
                  {"binlog.000002", whole},
                  {name_of_segment_at(1), segment(1)}};
  for (const auto& folders : {std::vector<const UnitView*>{&backup, &server}, {&server, &backup}}) {
    const auto joined = join_log_folders(folders);
    ASSERT_TRUE(joined.ok());
    EXPECT_EQ(read(*joined.value(), "binlog.000001"), whole);
    EXPECT_EQ(read(*joined.value(), "binlog.000002"), whole);
    EXPECT_EQ(read(*joined.value(), name_of_segment_at(1)), segment(1));
  }
}

TEST(JoinedLogs, of_files_that_are_equally_good_the_first_folders_is_taken) {
  MemoryView one;
  one.files = {{name_of_segment_at(1), segment(1, 'a')}, {name_of_segment_at(2), "struck here"}};
  MemoryView two;
  two.files = {{name_of_segment_at(1), segment(1, 'b')}, {name_of_segment_at(2), "and struck there, too"}};
  const auto joined = join_log_folders({&one, &two});
  ASSERT_TRUE(joined.ok());
  EXPECT_EQ(read(*joined.value(), name_of_segment_at(1)), segment(1, 'a'));
  EXPECT_EQ(read(*joined.value(), name_of_segment_at(2)), "struck here");
}

TEST(JoinedLogs, folders_of_segments_are_joined_and_other_folders_are_names_only) {
  MemoryView one;
  one.files = {{"0000000100000000/a", "1"}, {"notes/x", "1"}};
  MemoryView two;
  two.files = {{"0000000100000000/b", "2"}};
  const auto joined = join_log_folders({&one, &two});
  ASSERT_TRUE(joined.ok());
  EXPECT_EQ(names_in(*joined.value(), "0000000100000000"), (Names{"a", "b"}));
  EXPECT_EQ(names_in(*joined.value()), (Names{"0000000100000000", "notes"}));
  EXPECT_EQ(read(*joined.value(), "0000000100000000/b"), "2");
  EXPECT_EQ(names_in(*joined.value(), "notes"), (Names{"not there"}));
}

TEST(JoinedLogs, the_last_log_is_the_last_that_begins_as_one) {
  MemoryView own;
  own.files = {{name_of_segment_at(2), segment(2)}, {name_of_segment_at(3), segment(1)}, {"zzz", "x"}};
  EXPECT_EQ(find_last_log(own), name_of_segment_at(2));
  own.files[name_of_segment_at(4) + ".gz"] = "packed";
  EXPECT_EQ(find_last_log(own), name_of_segment_at(4));
  MemoryView binary;
  binary.files = {{"bin.000009",
                   "\xfe"
                   "bin"},
                  {"bin.000010",
                   "\xfe"
                   "bin"},
                  {"bin.000011", "struck"},
                  {"bin.index", "x"}};
  EXPECT_EQ(find_last_log(binary), "bin.000010");
  EXPECT_EQ(find_last_log(MemoryView()), "");
}

TEST(JoinedLogs, a_segment_whose_header_lies_about_its_sizes_is_followed_nowhere) {
  const std::string name = name_of_segment_at(1);
  for (const std::uint32_t page_bytes : {0U, 1U, 512U, 8191U, 8193U, 1U << 17U, UINT32_MAX}) {
    MemoryView view;
    view.files[name] = segment(1);
    for (std::size_t i = 0; i < 4; ++i) view.files[name][36 + i] = static_cast<char>(page_bytes >> (8 * i));
    EXPECT_EQ(postgresql::measure_segment_reach(view, name, name), 0U) << page_bytes;
  }
  for (const std::size_t length : {0U, 1U, 39U}) {
    MemoryView view;
    view.files[name] = segment(1).substr(0, length);
    EXPECT_EQ(postgresql::measure_segment_reach(view, name, name), 0U) << length;
  }
}

TEST(JoinedLogs, count_what_is_packed_as_the_most_that_a_server_writes) {
  MemoryView archive;
  archive.files = {{"binlog.000001", "1234"}, {"0000000100000000/" + name_of_segment_at(1), "12"}};
  EXPECT_EQ(count_log_bytes(archive), 6U);
  archive.files["binlog.000002.gz"] = "1";
  EXPECT_EQ(count_log_bytes(archive), 6U + (std::uint64_t{1} << 30U));
  EXPECT_EQ(count_log_bytes(MemoryView()), 0U);
}

TEST(JoinedLogs, a_folder_without_log_files_is_known_by_its_names) {
  MemoryView archive;
  archive.files = {{name_of_segment_at(1) + ".gz", "x"}};
  EXPECT_TRUE(has_log_names(archive));
  MemoryView segments;
  segments.files = {{"0000000100000000/a", "1"}};
  EXPECT_TRUE(has_log_names(segments));
  MemoryView binary;
  binary.files = {{"binlog.000001", "x"}};
  EXPECT_TRUE(has_log_names(binary));
  MemoryView data;
  data.files = {{"PG_VERSION", "15"}, {"pg_wal/" + name_of_segment_at(1), segment(1)}};
  EXPECT_FALSE(has_log_names(data));
  EXPECT_FALSE(has_log_names(MemoryView()));
}

TEST(JoinedLogs, files_that_cannot_be_read_are_taken_only_where_there_is_no_other) {
  MemoryView one;
  one.files = {{name_of_segment_at(1), segment(1)}};
  one.unreadable = {name_of_segment_at(1)};
  MemoryView two;
  two.files = {{name_of_segment_at(1), segment(1)}};
  EXPECT_EQ(read(*join_log_folders({&one, &two}).value(), name_of_segment_at(1)), segment(1));
  EXPECT_EQ(names_in(*join_log_folders({&one}).value()), (Names{name_of_segment_at(1)}));
  MemoryView empty;
  EXPECT_EQ(names_in(*join_log_folders({&empty}).value()), Names{});
}

}  // namespace lastgood::engines::testing
