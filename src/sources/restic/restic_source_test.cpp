// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What restic wrote is what we read: every shape of file in every version, compression and pack size, compared with the
// files themselves and with restic's own listing and restore; and nothing of the repository changes by it.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <thread>

#include "sources/restic/testing/made_repository.h"
#include "sources/testing/reference_tree.h"
#include "sources/testing/source_suite.h"

namespace lastgood::sources::restic::testing {
namespace {

using os::testing::read_file;
using os::testing::write_file;

std::string compressible(std::size_t size_bytes) {
  std::string text;
  for (std::size_t i = 0; text.size() < size_bytes; ++i) text += "patient " + std::to_string(i * 7919 % 100003) + ";";
  text.resize(size_bytes);
  return text;
}

/// One of everything. `large_bytes` is the size of the two largest files.
void make_tree(const std::string& tree, std::size_t large_bytes) {
  std::filesystem::create_directories(tree + "/folder/below");
  write_file(tree + "/empty", "");
  write_file(tree + "/one", "1");
  write_file(tree + "/600k", noise(600 * 1024, 1));
  write_file(tree + "/large_random", noise(large_bytes, 2));
  write_file(tree + "/large_text", compressible(large_bytes));
  write_file(tree + "/folder/below/hard", "two names");
  std::filesystem::create_hard_link(tree + "/folder/below/hard", tree + "/hard_too");
  for (int i = 0; i < 60; ++i)
    write_file(tree + "/folder/small" + std::to_string(i),
               noise(300 + 97 * static_cast<std::size_t>(i), 100 + static_cast<std::uint64_t>(i)));
  write_file(tree + "/new\nline", "a");
  write_file(tree + "/quo\"te'", "b");
  write_file(tree + "/back\\slash\\x41", "c");
  write_file(tree + "/tab\tbell\a\x01", "d");
  write_file(tree + "/bad\xFF\xC3(utf8", "e");
  write_file(tree + "/\xE0\xA4\x85\xE0\xA4\xB8\xE2\x80\xA8", "f");
  write_file(tree + "/" + std::string(255, 'n'), "g");
  std::filesystem::create_symlink("nowhere/at all", tree + "/link");
  std::filesystem::create_symlink("../\"odd\"\n\\target", tree + "/link_odd");
  write_file(tree + "/setuid", "#!");
  write_file(tree + "/attributes", "x");
  ::chmod((tree + "/setuid").c_str(), 06755);
  ::chmod((tree + "/folder").c_str(), 01770);
  ASSERT_EQ(::chown((tree + "/one").c_str(), 12345, 54321), 0) << "this test needs to be root";
  ::mkfifo((tree + "/fifo").c_str(), 0640);
  ::mknod((tree + "/null").c_str(), S_IFCHR | 0600, makedev(1, 3));
  ::mknod((tree + "/disk").c_str(), S_IFBLK | 0600, makedev(259, 70000));
  const std::string value("\0\x01\xFF", 3);
  ASSERT_EQ(::setxattr((tree + "/attributes").c_str(), "user.odd", value.data(), value.size(), 0), 0);
  ASSERT_EQ(::setxattr((tree + "/attributes").c_str(), "user.a_first", "", 0, 0), 0);
  run_shell("setfacl -m u:12345:rwx,g:54321:r '" + tree + "/attributes'; setfacl -d -m u:12345:rx '" + tree +
            "/folder'");
  const timespec times[2] = {{.tv_sec = 1669187220, .tv_nsec = 123456789}, {.tv_sec = -86400, .tv_nsec = 5}};
  ASSERT_EQ(::utimensat(AT_FDCWD, (tree + "/one").c_str(), times, 0), 0);
}

model::EntryKind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return model::EntryKind::regular;
  if (S_ISDIR(mode)) return model::EntryKind::folder;
  if (S_ISLNK(mode)) return model::EntryKind::link;
  if (S_ISFIFO(mode)) return model::EntryKind::fifo;
  if (S_ISCHR(mode)) return model::EntryKind::character_device;
  if (S_ISBLK(mode)) return model::EntryKind::block_device;
  return model::EntryKind::socket;
}

std::vector<model::Attribute> attributes_of(const std::string& path) {
  std::string names(4096, '\0');
  const ssize_t length = ::llistxattr(path.c_str(), names.data(), names.size());
  std::vector<model::Attribute> attributes;
  names.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
  for (std::size_t at = 0; at < names.size();) {
    const std::string name = names.c_str() + at;
    std::string value(4096, '\0');
    const ssize_t got = ::lgetxattr(path.c_str(), name.c_str(), value.data(), value.size());
    value.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    attributes.push_back({.name = name, .value = value});
    at += name.size() + 1;
  }
  std::sort(attributes.begin(), attributes.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return attributes;
}

void expect_same(Source& source, const std::string& path, const model::TreeEntry& entry) {
  struct stat status {};
  ASSERT_EQ(::lstat(path.c_str(), &status), 0) << path;
  EXPECT_EQ(entry.kind, kind_of(status.st_mode)) << path;
  EXPECT_EQ(entry.mode, status.st_mode & 07777) << path;
  EXPECT_EQ(entry.user_id, status.st_uid) << path;
  EXPECT_EQ(entry.group_id, status.st_gid) << path;
  EXPECT_EQ(entry.mtime_ns, status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec) << path;
  EXPECT_EQ(entry.ctime_ns, status.st_ctim.tv_sec * 1'000'000'000 + status.st_ctim.tv_nsec) << path;
  EXPECT_EQ(entry.link_group != 0, S_ISREG(status.st_mode) && status.st_nlink > 1) << path;
  EXPECT_TRUE(entry.findings.empty()) << path << "\n" << all_of(entry.findings);
  const bool is_device = S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode);
  EXPECT_EQ(entry.device_number, is_device ? status.st_rdev : 0) << path;
  EXPECT_EQ(entry.link_target, S_ISLNK(status.st_mode) ? std::filesystem::read_symlink(path).string() : "") << path;
  EXPECT_EQ(entry.attributes, attributes_of(path)) << path;
  if (!S_ISREG(status.st_mode)) return;
  EXPECT_EQ(entry.content.size_bytes, static_cast<std::uint64_t>(status.st_size)) << path;
  EXPECT_EQ(entry.content.key.size(), 32U);
  const std::string bytes = read_file(path);
  EXPECT_TRUE(read_content(source, entry.content) == bytes) << path;
  if (entry.content.handle.size() <= 32) {
    EXPECT_EQ(base::hex(base::ByteView(std::string_view(entry.content.key))), testing::name_of(bytes)) << path;
  }
}

/// Every file below `tree` is in the snapshot as it is on the disk, and nothing else is.
void expect_same_tree(Source& source, const model::Snapshot& snapshot, const std::string& tree) {
  std::vector<model::Finding> findings;
  Entries entries = entries_of(source, snapshot.root, &findings);
  EXPECT_TRUE(findings.empty()) << all_of(findings);
  for (const auto& found : std::filesystem::recursive_directory_iterator(tree)) {
    const std::string path = found.path().string();
    const auto entry = entries.find(path.substr(tree.size() + 1));
    ASSERT_TRUE(entry != entries.end()) << path;
    expect_same(source, path, entry->second);
    entries.erase(entry);
  }
  EXPECT_TRUE(entries.empty()) << entries.begin()->first;
}

struct Shape {
  int version;
  std::string options;
  std::size_t large_bytes;
};

class ResticShapes : public ::testing::TestWithParam<Shape> {};

TEST_P(ResticShapes, reads_what_restic_wrote) {
  const MadeRepository repository(GetParam().version);
  make_tree(repository.tree(), GetParam().large_bytes);
  repository.back_up(GetParam().options + " --tag night --host ward");
  const auto source = repository.must_open();
  ASSERT_TRUE(source);
  EXPECT_EQ(source->traits().format, "restic v" + std::to_string(GetParam().version));
  const auto snapshots = source->snapshots();
  ASSERT_TRUE(snapshots.ok());
  ASSERT_EQ(snapshots.value().size(), 1U) << all_of(source->findings());
  const model::Snapshot& snapshot = snapshots.value()[0];
  EXPECT_EQ(snapshot.host, "ward");
  EXPECT_EQ(snapshot.tags, std::vector<std::string>{"night"});
  EXPECT_EQ(snapshot.paths, std::vector<std::string>{repository.tree()});
  EXPECT_TRUE(snapshot.findings.empty());
  EXPECT_TRUE(source->findings().empty()) << all_of(source->findings());
  expect_same_tree(*source, snapshot, repository.tree());
}

INSTANTIATE_TEST_SUITE_P(all, ResticShapes,
                         ::testing::Values(Shape{1, "--pack-size 4", 20 * k_mib}, Shape{1, "--pack-size 16", k_mib},
                                           Shape{1, "--pack-size 64", k_mib},
                                           Shape{2, "--compression off --pack-size 4", k_mib},
                                           Shape{2, "--compression off --pack-size 16", k_mib},
                                           Shape{2, "--compression off --pack-size 64", k_mib},
                                           Shape{2, "--compression auto --pack-size 4", 20 * k_mib},
                                           Shape{2, "--compression auto --pack-size 16", k_mib},
                                           Shape{2, "--compression auto --pack-size 64", k_mib},
                                           Shape{2, "--compression max --pack-size 4", k_mib},
                                           Shape{2, "--compression max --pack-size 16", k_mib},
                                           Shape{2, "--compression max --pack-size 64", k_mib}));

TEST(ResticSource, agrees_with_restic_about_every_name_and_byte) {
  const MadeRepository repository;
  make_tree(repository.tree(), k_mib);
  repository.back_up();
  const auto source = repository.must_open();
  const auto snapshots = source->snapshots();
  ASSERT_TRUE(snapshots.ok());
  const Entries entries = entries_of(*source, snapshots.value().at(0).root);

  std::size_t listed = 0;
  repository.restic("ls --json latest > '" + (repository / "listing") + "'");
  std::istringstream lines(read_file(repository / "listing"));
  for (std::string line; std::getline(lines, line);) {
    const auto node = nlohmann::json::parse(line);
    if (node["struct_type"] == "snapshot") {
      EXPECT_EQ(node["id"], snapshots.value()[0].id);
      continue;
    }
    ++listed;
    const auto path = node["path"].get<std::string>().substr(1);
    // Go's JSON has U+FFFD for bytes that are not UTF-8; our names are compared with the disk elsewhere.
    if (path.find("\xEF\xBF\xBD") != std::string::npos) continue;
    ASSERT_TRUE(entries.contains(path)) << path;
    EXPECT_EQ(entries.at(path).content.size_bytes, node["type"] == "file" ? node.value("size", 0U) : 0U) << path;
    EXPECT_EQ(entries.at(path).user_id, node["uid"]);
  }
  EXPECT_EQ(listed, entries.size());

  repository.restic("restore latest --target '" + (repository / "restored") + "'");
  for (const auto& [path, entry] : entries) {
    if (entry.kind != model::EntryKind::regular) continue;
    EXPECT_TRUE(read_content(*source, entry.content) == read_file(repository / "restored/" + path)) << path;
  }
}

/// Everything about a file that reading could change.
std::string full_status(const std::string& path) {
  struct stat s {};
  if (::lstat(path.c_str(), &s) != 0) return "gone";
  std::string text;
  for (const long value : {static_cast<long>(s.st_ino), static_cast<long>(s.st_mode), static_cast<long>(s.st_size),
                           s.st_atim.tv_sec, s.st_atim.tv_nsec, s.st_mtim.tv_sec, s.st_mtim.tv_nsec, s.st_ctim.tv_sec,
                           s.st_ctim.tv_nsec, static_cast<long>(s.st_nlink)}) {
    text += std::to_string(value) + " ";
  }
  return text;
}

TEST(ResticSource, changes_nothing_of_the_repository) {
  const MadeRepository repository(2, Place::disk);
  make_tree(repository.tree(), k_mib);
  repository.back_up();
  std::vector<std::string> paths = {repository.path()};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(repository.path()))
    paths.push_back(entry.path());
  // Access times of long ago: whatever reads them as usual would bring them up to now.
  for (const std::string& path : paths) {
    const timespec times[2] = {{.tv_sec = 1'000'000'000, .tv_nsec = 1}, {.tv_sec = 1'600'000'000, .tv_nsec = 2}};
    ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW), 0);
  }
  std::map<std::string, std::string> before;
  for (const std::string& path : paths) before[path] = full_status(path);
  // This file system would tell: whoever reads a file as usual leaves a time.
  write_file(repository / "control", "x");
  const timespec old[2] = {{.tv_sec = 1'000'000'000, .tv_nsec = 1}, {.tv_sec = 1'600'000'000, .tv_nsec = 2}};
  ASSERT_EQ(::utimensat(AT_FDCWD, (repository / "control").c_str(), old, 0), 0);
  const std::string control = full_status(repository / "control");
  ASSERT_EQ(read_file(repository / "control"), "x");
  ASSERT_NE(full_status(repository / "control"), control) << "this test needs a file system with access times";

  const auto source = repository.must_open({.as_of_ns = {}, .erased = OpenOptions::Erased::include});
  const auto snapshots = source->snapshots();
  ASSERT_TRUE(snapshots.ok());
  for (const auto& [path, entry] : entries_of(*source, snapshots.value().at(0).root)) {
    if (entry.kind == model::EntryKind::regular) (void)read_content(*source, entry.content);
  }
  std::size_t files = 0;
  for (const auto& [path, status] : before) EXPECT_EQ(full_status(path), status) << path;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(repository.path())) {
    EXPECT_TRUE(before.contains(entry.path())) << entry.path();
    if (!entry.is_regular_file() || entry.path().filename() == "config") continue;
    EXPECT_EQ(entry.path().filename(), testing::name_of(read_file(entry.path())));
    ++files;
  }
  EXPECT_GE(files, 4U);
}

TEST(ResticSource, position_order_reads_each_pack_from_front_to_end) {
  const MadeRepository repository;
  make_tree(repository.tree(), k_mib);
  repository.back_up("--pack-size 4");
  const auto source = repository.must_open();
  std::map<std::uint64_t, std::string> by_position;
  for (const auto& [path, entry] : entries_of(*source, source->snapshots().value().at(0).root)) {
    if (entry.content.size_bytes > 0) by_position[source->position_of(entry.content)] += entry.content.key;
  }
  std::size_t same_file = 0;
  for (const auto& [position, keys] : by_position) same_file += keys.size() == 32 ? 1U : 0U;
  // The hard link's two names share one content and so one position; the others have one each.
  EXPECT_EQ(same_file, by_position.size() - 1);
  EXPECT_EQ(source->position_of({}), 0U);
}

TEST(ResticSource, many_threads_read_at_once) {
  const MadeRepository repository;
  make_tree(repository.tree(), 2 * k_mib);
  repository.back_up("--pack-size 4");
  const auto source = repository.must_open();
  const Entries entries = entries_of(*source, source->snapshots().value().at(0).root);
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (const auto& [path, entry] : entries) {
        if (entry.kind != model::EntryKind::regular) continue;
        if (read_content(*source, entry.content) != read_file(repository.tree() + "/" + path)) ++wrong;
        if (t % 2 == 0) (void)entries_of(*source, source->snapshots().value().at(0).root).size();
        if (t % 2 == 0) break;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(ResticSource, shows_the_store_as_of_a_time) {
  const MadeRepository repository;
  std::filesystem::create_directories(repository.tree());
  write_file(repository.tree() + "/a", "monday");
  repository.back_up("--time '2022-11-21 03:00:00'");
  write_file(repository.tree() + "/a", "tuesday");
  repository.back_up("--time '2022-11-22 03:00:00'");
  ASSERT_EQ(repository.must_open()->snapshots().value().size(), 2U);
  constexpr std::int64_t k_monday_night_ns = 1'669'075'200'000'000'000;  // 2022-11-22T00:00:00Z
  const auto source = repository.must_open({.as_of_ns = k_monday_night_ns});
  const auto snapshots = source->snapshots().value();
  ASSERT_EQ(snapshots.size(), 1U);
  EXPECT_EQ(read_content(*source, entries_of(*source, snapshots[0].root).at("a").content), "monday");
  // The file was stored years later than the snapshot says: somebody may have made its time up.
  EXPECT_TRUE(has_rule(snapshots[0].findings, "restic.snapshot.time"));
}

TEST(ResticSource, brings_back_what_forget_left_behind) {
  const MadeRepository repository;
  std::filesystem::create_directories(repository.tree() + "/ward");
  write_file(repository.tree() + "/ward/list", "who lies here");
  const timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT}, {.tv_sec = 1'600'000'000, .tv_nsec = 7}};
  for (const char* name : {"/ward/list", "/ward"}) {
    ASSERT_EQ(::utimensat(AT_FDCWD, (repository.tree() + name).c_str(), times, 0), 0);
  }
  repository.back_up("--tag gone");
  write_file(repository.tree() + "/other", "kept");
  repository.back_up("--tag stays");
  repository.restic("forget -q " + repository.must_open()->snapshots().value().at(0).id);
  ASSERT_EQ(repository.must_open()->snapshots().value().size(), 1U);
  const auto source = repository.must_open({.as_of_ns = {}, .erased = OpenOptions::Erased::include});
  const auto snapshots = source->snapshots().value();
  ASSERT_EQ(snapshots.size(), 2U);
  const model::Snapshot& orphan = snapshots[0];
  EXPECT_EQ(orphan.presence, model::Presence::erased);
  EXPECT_EQ(orphan.id, "orphan-" + base::hex(base::ByteView(std::string_view(orphan.root))).substr(0, 16));
  EXPECT_EQ(orphan.time_ns, 1'600'000'000'000'000'007);
  ASSERT_TRUE(has_rule(orphan.findings, "restic.orphan"));
  EXPECT_NE(orphan.findings[0].sentence.find("newest modification time inside"), std::string::npos);
  EXPECT_EQ(read_content(*source, entries_of(*source, orphan.root).at("ward/list").content), "who lies here");
  const auto before =
      repository.must_open({.as_of_ns = 1'500'000'000'000'000'000, .erased = OpenOptions::Erased::include});
  EXPECT_TRUE(before->snapshots().value().empty());
}

/// What every source must do, held against the reference tree in a store that restic made of it.
sources::testing::SuiteSubject suite_subject() {
  static const MadeRepository repository(2, Place::disk);
  static const bool made = [] {
    std::filesystem::create_directories(repository.tree());
    EXPECT_TRUE(sources::testing::make_reference_tree(repository.tree()).ok());
    repository.back_up("--pack-size 4 --exclude not-utf8");
    return true;
  }();
  EXPECT_TRUE(made);
  // restic 0.14 writes targets through Go's JSON, which knows no bytes that are not UTF-8.
  return {.open = [] { return repository.must_open(); },
          .tree = repository.tree(),
          .inside = "",
          .store = repository.path(),
          .left_out = {"links/not-utf8"}};
}
TEST(ResticSource, says_where_a_links_target_was_not_kept) {
  const MadeRepository repository;
  std::filesystem::create_directories(repository.tree());
  std::filesystem::create_symlink("caf\xE9", repository.tree() + "/link");
  repository.back_up();
  const auto source = repository.must_open();
  const Entries entries = entries_of(*source, source->snapshots().value().at(0).root);
  EXPECT_TRUE(has_rule(entries.at("link").findings, "restic.node.target"));
}

LASTGOOD_SOURCE_SUITE(ResticSourceSuite, suite_subject())

}  // namespace
}  // namespace lastgood::sources::restic::testing
