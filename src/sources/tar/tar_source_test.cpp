// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that archives of GNU tar and Python, in every format and packing, give back the tree they were made of.
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <vector>

#include "base/human.h"
#include "os/run_program.h"
#include "os/testing/scratch_folder.h"
#include "sources/content_bytes.h"
#include "sources/name_time.h"
#include "sources/tar/open_tar.h"
#include "sources/tar/testing/tar_maker.h"
#include "sources/testing/reference_tree.h"
#include "sources/testing/source_suite.h"

namespace lastgood::sources::tar {
namespace {

using os::testing::ScratchFolder;
using os::testing::write_file;
using sources::testing::Kept;
using sources::testing::SuiteSubject;
using Words = std::vector<std::string>;

std::unique_ptr<Source> open(const std::string& path, const OpenOptions& options = {}) {
  auto source = open_tar(path, {}, options);
  EXPECT_TRUE(source) << (source ? "" : source.error().what);
  return source ? std::move(source).value() : nullptr;
}

void run(const Words& words) {
  const auto end = os::run_program(words, "/tmp");
  ASSERT_TRUE(end) << end.error().what;
  ASSERT_EQ(end.value().exit_code, 0) << words[0] << ": " << end.value().printed;
}

/// One tree and its archives for all tests of this program.
class Archives {
 public:
  static Archives& shared() {
    static auto* archives = new Archives;  // removed when the program ends
    return *archives;
  }
  [[nodiscard]] std::string tree() const { return scratch_ / "tree"; }
  /// `tar` with these words, made once.
  std::string made_with(const Words& words) {
    std::string& path = made_[words];
    if (!path.empty()) return path;
    path = scratch_ / ("archive" + std::to_string(made_.size()));
    Words all{"/usr/bin/tar", "-c", "-C", tree(), "-f", path};
    all.insert(all.end(), words.begin(), words.end());
    all.emplace_back(".");
    run(all);
    return path;
  }

 private:
  Archives() {
    std::filesystem::create_directory(tree());
    const base::Status status = sources::testing::make_reference_tree(tree());
    EXPECT_TRUE(status) << (status ? "" : status.error().what);
    std::atexit([] { std::filesystem::remove_all(shared().scratch_.path()); });
  }
  ScratchFolder scratch_;
  std::map<Words, std::string> made_;
};

SuiteSubject subject_of(const Words& words) {
  const std::string path = Archives::shared().made_with(words);
  return {.open = [path] { return open(path); }, .tree = Archives::shared().tree(), .inside = "", .store = path};
}

SuiteSubject posix_subject(const Words& more = {}) {
  Words words{"--format=posix", "--xattrs", "--xattrs-include=*", "--acls", "--sparse"};
  words.insert(words.end(), more.begin(), more.end());
  return subject_of(words);
}

/// Of what the tree has, a part that packs and unpacks quickly.
SuiteSubject packed_subject(const std::string& program) {
  const Words left_out{"sizes/9m-random", "sizes/9m-letters", "sparse/holes-between"};
  Words words{"-I", program};
  for (const std::string& path : left_out) words.push_back("--exclude=./" + path);
  SuiteSubject subject = posix_subject(words);
  subject.left_out = left_out;
  return subject;
}

/// What GNU's own format keeps: whole seconds and no attributes.
SuiteSubject gnu_subject(const Words& words) {
  SuiteSubject subject = subject_of(words);
  subject.time_step_ns = 1'000'000'000;
  subject.attributes = Kept::no;
  return subject;
}

LASTGOOD_SOURCE_SUITE(TarSource, posix_subject())
LASTGOOD_SOURCE_SUITE(GnuTarSource, gnu_subject({"--format=gnu", "--sparse"}))
LASTGOOD_SOURCE_SUITE(GzipTarSource, packed_subject("gzip -1"))

TEST(TarFormats, give_every_entry_and_byte_back) {
  for (const char* version : {"0.0", "0.1", "1.0"}) {
    SCOPED_TRACE(version);
    const SuiteSubject subject = subject_of({"--format=posix", "--sparse", std::string("--sparse-version=") + version});
    sources::testing::expect_same_entries(subject);
    sources::testing::expect_same_bytes_in_pieces(subject);
  }
  for (const SuiteSubject& subject : {gnu_subject({"--format=oldgnu", "--sparse"}), gnu_subject({"--format=gnu"})}) {
    sources::testing::expect_same_entries(subject);
    sources::testing::expect_same_hard_links(subject);
    sources::testing::expect_same_bytes_in_pieces(subject);
  }
}

TEST(TarPackings, give_every_entry_and_byte_back) {
  for (const char* program : {"zstd -1", "xz -0 -T2 --block-size=1MiB", "bzip2 -1"}) {
    SCOPED_TRACE(program);
    const SuiteSubject subject = packed_subject(program);
    sources::testing::expect_same_entries(subject);
    sources::testing::expect_same_bytes_in_pieces(subject);
    sources::testing::expect_same_bytes_as_byte_source(subject);
    EXPECT_TRUE(subject.open()->findings().empty());
    EXPECT_EQ(subject.open()->traits().readers_max, 1U);
  }
}

TEST(TarFormats, of_old_are_read) {
  const ScratchFolder scratch;
  std::filesystem::create_directories(scratch / "tree/folder");
  write_file(scratch / "tree/folder/file", "v7 and ustar");
  const std::string long_folder = "tree/" + std::string(90, 'p');
  std::filesystem::create_directories(scratch / long_folder);
  write_file(scratch / (long_folder + "/" + std::string(90, 'n')), "prefix and name");
  for (const char* format : {"v7", "ustar"}) {
    const bool is_v7 = std::string(format) == "v7";
    run({"/usr/bin/tar", "-c", std::string("--format=") + format, "-C", scratch.path(), "-f", scratch / "old.tar",
         is_v7 ? "tree/folder" : "tree"});
    const auto source = open(scratch / "old.tar");
    const Folder folder = source->read_folder("0/tree/folder").value();
    ASSERT_EQ(folder.entries.size(), 1U);
    EXPECT_EQ(folder.entries[0].name, "file");
    EXPECT_EQ(folder.entries[0].content.size_bytes, 12U);
    if (is_v7) continue;
    const Folder longer = source->read_folder("0/" + long_folder).value();
    ASSERT_EQ(longer.entries.size(), 1U);
    EXPECT_EQ(longer.entries[0].name, std::string(90, 'n'));
  }
}

TEST(TarFormats, of_python_are_read) {
  const ScratchFolder scratch;
  write_file(scratch / "make.py",
             "import io, sys, tarfile\n"
             "t = tarfile.open(sys.argv[1], 'w', format=tarfile.PAX_FORMAT, pax_headers={'comment': 'global'})\n"
             "m = tarfile.TarInfo('d\\u00e9/' + 'x' * 300); m.size = 3; m.mtime = 1669086245.5\n"
             "m.uid = 3000000000; m.uname = 'Anit\\u00e4'\n"
             "m.pax_headers = {'LIBARCHIVE.xattr.user.a%3Db': 'AAEC/w', 'SCHILY.fflags': 'nodump,append'}\n"
             "t.addfile(m, io.BytesIO(b'abc'))\n"
             "n = tarfile.TarInfo('negative'); n.mtime = -1.5; t.addfile(n)\n"
             "t.close()\n");
  run({"/usr/bin/env", "python3", scratch / "make.py", scratch / "made.tar"});
  const auto source = open(scratch / "made.tar");
  const Folder folder = source->read_folder("0/d\xc3\xa9").value();
  ASSERT_EQ(folder.entries.size(), 1U);
  const model::TreeEntry& entry = folder.entries[0];
  EXPECT_EQ(entry.name, std::string(300, 'x'));
  EXPECT_EQ(entry.mtime_ns, 1'669'086'245'500'000'000);
  EXPECT_EQ(entry.user_id, 3'000'000'000U);
  EXPECT_EQ(entry.user, "Anit\xc3\xa4");
  ASSERT_EQ(entry.attributes.size(), 1U);
  EXPECT_EQ(entry.attributes[0].name, "user.a=b");
  EXPECT_EQ(entry.attributes[0].value, std::string("\0\1\2\xff", 4));
  EXPECT_EQ(entry.flags, 0x60U);
  const Folder top = source->read_folder("0").value();
  ASSERT_EQ(top.entries.size(), 2U);
  EXPECT_EQ(top.entries[1].mtime_ns, -1'500'000'000);
  EXPECT_FALSE(top.entries[0].findings.empty()) << "the folder itself is not in the archive";
}

TEST(TarFolder, has_a_snapshot_for_each_archive_by_the_time_in_its_name) {
  const ScratchFolder scratch;
  write_file(scratch / "hims-2022-11-21.tar", testing::file("a", "old") + testing::end_mark());
  write_file(scratch / "hims-2022-11-22.tar", testing::file("a", "newer") + testing::end_mark());
  write_file(scratch / "notes.txt", "no archive");
  const auto source = open(scratch.path());
  const auto snapshots = source->snapshots().value();
  ASSERT_EQ(snapshots.size(), 2U);
  EXPECT_EQ(snapshots[0].id, "hims-2022-11-21.tar");
  EXPECT_EQ(base::utc_time(snapshots[1].time_ns), "2022-11-22T00:00:00Z");
  EXPECT_EQ(source->read_folder(snapshots[0].root).value().entries.at(0).content.size_bytes, 3U);
  EXPECT_EQ(source->read_folder(snapshots[1].root).value().entries.at(0).content.size_bytes, 5U);
  EXPECT_EQ(source->findings().at(0).rule, "tar.beside");
  const OpenOptions then{.as_of_ns = snapshots[0].time_ns};
  EXPECT_EQ(open(scratch.path(), then)->snapshots().value().size(), 1U);
}

/// Names and sizes of all files below `subtree`, folders gone into.
void list_files(Source& source, const std::string& subtree, const std::string& path,
                std::map<std::string, std::string>& out) {
  const Folder folder = source.read_folder(subtree).value();
  for (const model::TreeEntry& entry : folder.entries) {
    if (entry.kind == model::EntryKind::folder) {
      list_files(source, entry.subtree, path + entry.name + "/", out);
      continue;
    }
    auto content = source.open_content(entry.content);
    std::vector<std::uint8_t> bytes;
    if (content.ok() && content.value()->piece_count() > 0) EXPECT_TRUE(content.value()->read_piece(0, bytes));
    out[path + entry.name] = std::string(bytes.begin(), bytes.end());
  }
}

/// Bytes that this process read from files so far.
std::uint64_t bytes_read_so_far() {
  std::ifstream io("/proc/self/io");
  std::string name;
  std::uint64_t bytes = 0;
  io >> name >> bytes;
  return name == "rchar:" ? bytes : 0;
}

TEST(TarPackings, are_not_unpacked_again_for_each_small_file_that_is_read_out_of_order) {
  const ScratchFolder scratch;
  std::mt19937 random(7);
  std::string archive;
  std::vector<std::string> contents;
  for (int i = 0; i < 240; ++i) {
    std::string& content = contents.emplace_back(100'000, '\0');
    for (char& c : content) c = static_cast<char>(random());
    archive += testing::file("f" + std::to_string(1000 + i), content);
  }
  write_file(scratch / "x.tar", archive + testing::end_mark());
  run({"/bin/gzip", "-1", scratch / "x.tar"});
  const auto source = open(scratch / "x.tar.gz");
  const Folder folder = source->read_folder("0").value();
  ASSERT_EQ(folder.entries.size(), contents.size());
  const std::uint64_t before = bytes_read_so_far();
  for (std::size_t i = contents.size(); i-- > 0;) {
    const auto content = source->open_content(folder.entries[i].content);
    ASSERT_TRUE(content);
    std::vector<std::uint8_t> bytes;
    ASSERT_TRUE(content.value()->read_piece(0, bytes));
    EXPECT_EQ(std::string(bytes.begin(), bytes.end()), contents[i]);
  }
  EXPECT_GT(bytes_read_so_far(), before);
  EXPECT_LT(bytes_read_so_far() - before, 6 * archive.size());
}

TEST(TarFolder, of_a_base_backup_in_tar_form_is_one_tree) {
  const ScratchFolder scratch;
  write_file(scratch / "base.tar", testing::file("backup_label", "label") + testing::file("PG_VERSION", "15") +
                                       testing::file("global/pg_control", "control") +
                                       testing::file("pg_wal/archive_status/x", "kept") +
                                       testing::file("pg_tblspc/x", "") + testing::end_mark());
  write_file(scratch / "pg_wal.tar", testing::file("000000010000000000000011", "log") + testing::end_mark());
  write_file(scratch / "16389.tar", testing::file("PG_15_202209061/5/16390", "rows") + testing::end_mark());
  write_file(scratch / "backup_manifest", "manifest");
  write_file(scratch / "other-2022-11-21.tar", testing::file("a", "apart") + testing::end_mark());
  const auto source = open(scratch.path());
  const auto snapshots = source->snapshots().value();
  ASSERT_EQ(snapshots.size(), 2U);
  const auto& joined = snapshots[0].id == "base.tar" ? snapshots[0] : snapshots[1];
  EXPECT_EQ(joined.id, "base.tar");
  std::map<std::string, std::string> files;
  list_files(*source, joined.root, "", files);
  EXPECT_EQ(files, (std::map<std::string, std::string>{{"PG_VERSION", "15"},
                                                       {"backup_label", "label"},
                                                       {"backup_manifest", "manifest"},
                                                       {"global/pg_control", "control"},
                                                       {"pg_tblspc/16389/PG_15_202209061/5/16390", "rows"},
                                                       {"pg_tblspc/x", ""},
                                                       {"pg_wal/000000010000000000000011", "log"},
                                                       {"pg_wal/archive_status/x", "kept"}}));
  EXPECT_TRUE(source->findings().empty()) << "nothing is left over";
}

TEST(TarFolder, whose_base_is_no_cluster_stays_one_snapshot_for_each_archive) {
  const ScratchFolder scratch;
  for (const char* name : {"base.tar", "pg_wal.tar"})
    write_file(scratch / name, testing::file("a", "x") + testing::end_mark());
  EXPECT_EQ(open(scratch.path())->snapshots().value().size(), 2U);
}

TEST(TarFolder, has_a_snapshot_for_each_base_backup_and_archive_in_the_folders_of_days) {
  const ScratchFolder scratch;
  for (const std::string day : {"2022-11-21", "2022-11-22_193000", "other"}) {
    std::filesystem::create_directory(scratch / day);
    write_file(scratch / day + "/base.tar", testing::file("backup_label", "label") + testing::file("PG_VERSION", day) +
                                                testing::file("global/pg_control", "control") + testing::end_mark());
    write_file(scratch / day + "/pg_wal.tar", testing::file("000000010000000000000011", day) + testing::end_mark());
    write_file(scratch / day + "/backup_manifest", "manifest of " + day);
  }
  std::filesystem::create_directory(scratch / "2022-11-23");
  write_file(scratch / "2022-11-23/etc.tar", testing::file("hosts", "x") + testing::end_mark());
  write_file(scratch / "2022-11-23/srv-2022-11-24.tar", testing::file("a", "y") + testing::end_mark());
  write_file(scratch / "2022-11-23/log.txt", "all is well");
  std::filesystem::create_directories(scratch / "2022-11-23/deeper");
  write_file(scratch / "2022-11-23/deeper/x.tar", testing::file("a", "y") + testing::end_mark());
  OpenOptions in_india;
  in_india.names_in = "+05:30";
  const auto source = open(scratch.path(), in_india);
  std::map<std::string, std::string> times;
  std::map<std::string, std::string> roots;
  const std::vector<model::Snapshot> snapshots = source->snapshots().value();
  for (const model::Snapshot& snapshot : snapshots) {
    times[snapshot.id] = snapshot.id == "other" ? "" : base::utc_time(snapshot.time_ns);
    roots[snapshot.id] = snapshot.root;
  }
  EXPECT_EQ(times, (std::map<std::string, std::string>{{"2022-11-21", "2022-11-20T18:30:00Z"},
                                                       {"2022-11-22_193000", "2022-11-22T14:00:00Z"},
                                                       {"2022-11-23/etc.tar", "2022-11-22T18:30:00Z"},
                                                       {"2022-11-23/srv-2022-11-24.tar", "2022-11-23T18:30:00Z"},
                                                       {"other", ""}}));
  for (const std::string day : {"2022-11-21", "2022-11-22_193000", "other"}) {
    std::map<std::string, std::string> files;
    list_files(*source, roots[day], "", files);
    EXPECT_EQ(files, (std::map<std::string, std::string>{{"PG_VERSION", day},
                                                         {"backup_label", "label"},
                                                         {"backup_manifest", "manifest of " + day},
                                                         {"global/pg_control", "control"},
                                                         {"pg_wal/000000010000000000000011", day}}));
  }
  ASSERT_EQ(source->findings().size(), 1U);
  EXPECT_EQ(source->findings()[0].sentence, "1 files beside the archives are none");
  // Read anew in another zone by the folder's name.
  model::Snapshot etc = snapshots.at(2);
  ASSERT_EQ(etc.id, "2022-11-23/etc.tar");
  EXPECT_TRUE(read_name_anew(etc, "+00:00"));
  EXPECT_EQ(base::utc_time(etc.time_ns), "2022-11-23T00:00:00Z");
}

TEST(TarFolder, reads_folders_of_days_beside_archives_too_and_says_which_it_does_not_read) {
  const ScratchFolder scratch;
  write_file(scratch / "loose.tar", testing::file("a", "1") + testing::end_mark());
  for (const std::string name : {"2022-11-21", "photos"}) {
    std::filesystem::create_directory(scratch / name);
    write_file(scratch / name + "/all.tar", testing::file("b", name) + testing::end_mark());
  }
  const auto source = open_tar(scratch.path(), {}, {});
  ASSERT_TRUE(source.ok());
  std::set<std::string> ids;
  const auto snapshots = source.value()->snapshots();
  for (const model::Snapshot& snapshot : snapshots.value()) ids.insert(snapshot.id);
  EXPECT_EQ(ids, (std::set<std::string>{"loose.tar", "2022-11-21/all.tar"}));
  ASSERT_EQ(source.value()->findings().size(), 1U);
  EXPECT_NE(source.value()->findings()[0].sentence.find("1 folder beside the archives is not read"), std::string::npos);
}

TEST(TarFolder, of_a_day_whose_base_is_cut_is_damaged_and_the_other_days_stay) {
  const ScratchFolder scratch;
  for (const std::string day : {"2022-11-21", "2022-11-22"}) {
    std::filesystem::create_directory(scratch / day);
    std::string base = testing::file("backup_label", "label") + testing::file("PG_VERSION", "15") +
                       testing::file("global/pg_control", std::string(2000, 'c')) + testing::end_mark();
    if (day == "2022-11-22") base.resize(1024 + 512 + 100);
    write_file(scratch / day + "/base.tar", base);
    write_file(scratch / day + "/pg_wal.tar", testing::file("000000010000000000000011", day) + testing::end_mark());
  }
  const auto source = open(scratch.path());
  const auto snapshots = source->snapshots().value();
  ASSERT_EQ(snapshots.size(), 2U);
  std::map<std::string, std::string> files;
  list_files(*source, snapshots[0].root, "", files);
  EXPECT_EQ(files.size(), 4U);
  EXPECT_TRUE(source->read_folder(snapshots[1].root).ok());
  EXPECT_FALSE(source->findings().empty());
}

TEST(TarSource, takes_its_time_from_the_newest_member) {
  const ScratchFolder scratch;
  const std::string old = testing::member({.name = "a", .mtime = "14337000000"}, "x");
  write_file(scratch / "x.tar", old + testing::file("b", "y") + testing::end_mark());
  const auto snapshot = open(scratch / "x.tar")->snapshots().value().at(0);
  EXPECT_EQ(snapshot.time_ns, std::int64_t{014337001000} * 1'000'000'000);
  EXPECT_EQ(snapshot.findings.at(0).rule, "tar.time.member");
}

TEST(TarSource, refuses_what_is_no_archive) {
  const ScratchFolder scratch;
  write_file(scratch / "text", std::string(5000, 'x'));
  write_file(scratch / "empty", "");
  std::filesystem::create_directory(scratch / "folder");
  for (const char* name : {"text", "empty", "folder"}) {
    const auto source = open_tar(scratch / name, {}, {});
    ASSERT_FALSE(source.ok()) << name;
    EXPECT_EQ(source.error().code, base::ErrorCode::unsupported);
    EXPECT_FALSE(source.error().hint.empty());
  }
  EXPECT_EQ(open_tar(scratch / "nothing", {}, {}).error().code, base::ErrorCode::not_found);
}

TEST(TarSource, notices_an_archive_that_changes) {
  const ScratchFolder scratch;
  write_file(scratch / "x.tar", testing::file("a", "before") + testing::end_mark());
  const auto source = open(scratch / "x.tar");
  const model::TreeEntry entry = source->read_folder("0").value().entries.at(0);
  write_file(scratch / "x.tar", testing::file("a", "after!") + testing::end_mark() + testing::end_mark());
  const auto content = source->open_content(entry.content);
  ASSERT_TRUE(content);
  std::vector<std::uint8_t> bytes;
  const base::Status status = content.value()->read_piece(0, bytes);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, base::ErrorCode::damaged_source);
}

}  // namespace
}  // namespace lastgood::sources::tar
