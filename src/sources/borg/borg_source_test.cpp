// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves on repositories of the installed borg that every mode of encryption and compression is read as it was written,
// and that whoever cannot open one is told why.
#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "sources/borg/testing/borg_tool.h"
#include "sources/testing/disk_tree.h"
#include "sources/testing/reference_tree.h"
#include "sources/testing/source_suite.h"

namespace lastgood::sources::borg {
namespace {

using base::ErrorCode;
using os::testing::read_file;
using os::testing::ScratchFolder;
using os::testing::write_file;
using testing::BorgTool;
using testing::has_rule;
using testing::k_password;
using testing::list_findings;
using testing::look_at;
using testing::open_or_fail;
using testing::Seen;
using testing::snapshots_of;

/// The reference tree and a repository of it, made once for the whole suite.
const ScratchFolder& reference() {
  static const ScratchFolder scratch;
  static const bool made = [] {
    const BorgTool borg(scratch.path());
    std::filesystem::create_directory(scratch / "tree");
    const base::Status tree = sources::testing::make_reference_tree(scratch / "tree");
    EXPECT_TRUE(tree.ok()) << tree.error().what;
    // borg ends in 2038: it writes later times as its last one.
    const auto at = std::filesystem::file_time_type::clock::now();
    std::filesystem::last_write_time(scratch / "tree/metadata/time-2040", at);
    borg.run(
        {"init -e repokey-blake2 repo", "@cd tree", "create -C zstd ../repo::first .", "create ../repo::second ."});
    return true;
  }();
  EXPECT_TRUE(made);
  return scratch;
}

sources::testing::SuiteSubject subject() {
  return {.open = [] { return open_or_fail(reference() / "repo"); },
          .tree = reference() / "tree",
          .inside = "",
          .store = reference() / "repo"};
}

LASTGOOD_SOURCE_SUITE(BorgSource, subject())

TEST(BorgSource, gives_equal_folders_of_two_archives_one_name) {
  const auto source = open_or_fail(reference() / "repo");
  const auto snapshots = snapshots_of(*source);
  ASSERT_EQ(snapshots.size(), 2U);
  const auto first = source->read_folder(snapshots[0].root);
  const auto second = source->read_folder(snapshots[1].root);
  ASSERT_TRUE(first && second);
  ASSERT_EQ(first.value().entries.size(), second.value().entries.size());
  for (std::size_t i = 0; i < first.value().entries.size(); ++i) {
    EXPECT_EQ(first.value().entries[i].subtree, second.value().entries[i].subtree);
  }
}

TEST(BorgSource, finds_a_folder_by_the_name_that_another_run_gave) {
  const auto source = open_or_fail(reference() / "repo");
  std::string name;
  const auto root = source->read_folder(snapshots_of(*source)[0].root);
  ASSERT_TRUE(root) << root.error().what;
  for (const model::TreeEntry& entry : root.value().entries) {
    if (entry.name == "sizes") name = entry.subtree;
  }
  const auto again = open_or_fail(reference() / "repo");
  (void)snapshots_of(*again);
  const auto folder = again->read_folder(name);
  ASSERT_TRUE(folder) << folder.error().what;
  EXPECT_GT(folder.value().entries.size(), 3U);
}

TEST(BorgSource, says_who_backed_up_what_and_when) {
  const auto source = open_or_fail(reference() / "repo");
  EXPECT_EQ(source->traits().format, "borg 1 repokey-blake2");
  EXPECT_EQ(list_findings(source->findings()), "");
  const model::Snapshot snapshot = snapshots_of(*source)[0];
  EXPECT_EQ(snapshot.id, "first");
  EXPECT_EQ(snapshot.paths, std::vector<std::string>{"."});
  EXPECT_FALSE(snapshot.host.empty());
  EXPECT_FALSE(snapshot.user.empty());
  EXPECT_EQ(snapshot.presence, model::Presence::listed);
  EXPECT_EQ(list_findings(snapshot.findings), "");
  // Written a moment ago: the archive's own time and the store's are of the same minute.
  EXPECT_LT(std::abs(snapshot.time_ns - snapshot.stored_ns), 60'000'000'000);
}

constexpr std::array<const char*, 7> k_compressions = {
    "none", "lz4", "zstd,3", "zlib,6", "lzma,1", "auto,zstd", "obfuscate,3,zstd,3"};

/// One folder per way of compression, each with other bytes: borg keeps equal ones once.
void make_compressible_tree(const std::string& folder) {
  std::mt19937_64 numbers(99);
  for (std::size_t i = 0; i < k_compressions.size(); ++i) {
    const std::string name = folder + "/" + std::to_string(i);
    std::filesystem::create_directories(name);
    std::string text;
    while (text.size() < 900'000) text += "ward " + std::to_string(numbers() % 50) + " bed " + std::to_string(i) + "\n";
    write_file(name + "/text", text);
    std::string noise(150'000, '\0');
    for (char& c : noise) c = static_cast<char>(numbers() & 0xFF);
    write_file(name + "/noise", noise);
    write_file(name + "/zeros", std::string(200'000 + i, '\0'));
    write_file(name + "/tiny", std::string(1, static_cast<char>('a' + i)));
  }
}

class EveryMode : public ::testing::TestWithParam<const char*> {};

TEST_P(EveryMode, is_read_in_every_compression) {
  const ScratchFolder scratch;
  const BorgTool borg(scratch.path());
  const std::string mode = GetParam();
  make_compressible_tree(scratch / "tree");
  std::vector<std::string> lines = {"init -e " + mode + " repo", "@cd tree"};
  for (std::size_t i = 0; i < k_compressions.size(); ++i) {
    lines.push_back("create -C " + std::string(k_compressions[i]) + " ../repo::" + std::to_string(i) + " " +
                    std::to_string(i));
  }
  if (mode.starts_with("keyfile")) lines.push_back("key export ../repo ../key");
  borg.run(lines);
  SourceSecrets secrets = testing::with_password();
  if (mode == "none") secrets.password.reset();
  if (mode.starts_with("keyfile")) secrets.key_file = read_file(scratch / "key");
  const auto source = open_or_fail(scratch / "repo", secrets);
  ASSERT_NE(source, nullptr);
  EXPECT_EQ(source->traits().format, "borg 1 " + mode);
  EXPECT_EQ(list_findings(source->findings()), "");
  const auto snapshots = snapshots_of(*source);
  ASSERT_EQ(snapshots.size(), k_compressions.size());
  for (std::size_t i = 0; i < snapshots.size(); ++i) {
    SCOPED_TRACE(k_compressions[i]);
    EXPECT_EQ(list_findings(snapshots[i].findings), "");
    const Seen seen = look_at(*source, snapshots[i]);
    EXPECT_EQ(seen.bytes.size(), 4U);
    for (const auto& [path, bytes] : seen.bytes) {
      const std::string truth = read_file(scratch / ("tree/" + path));
      EXPECT_TRUE(bytes == truth) << path;
      // Files below borg's smallest chunk are one chunk.
      if (mode == "none" && truth.size() < 512 * 1024) {
        const base::Sha256Digest digest = base::sha256(base::ByteView(std::string_view(truth)));
        EXPECT_EQ(seen.entries.at(path).content.key, std::string(digest.begin(), digest.end())) << path;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Borg, EveryMode,
                         ::testing::Values("none", "authenticated", "authenticated-blake2", "repokey", "repokey-blake2",
                                           "keyfile", "keyfile-blake2"),
                         [](const auto& mode) {
                           std::string name = mode.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

ErrorCode code_of(const std::string& location, const SourceSecrets& secrets) {
  const auto source = open_borg(location, secrets, {});
  if (source) return ErrorCode::cancelled;
  EXPECT_FALSE(source.error().what.empty());
  EXPECT_FALSE(source.error().hint.empty()) << source.error().what;
  return source.error().code;
}

TEST(BorgOpening, tells_a_wrong_password_from_none) {
  EXPECT_EQ(code_of(reference() / "repo", {.password = "wrong", .key_file = {}}), ErrorCode::denied);
  EXPECT_EQ(code_of(reference() / "repo", {}), ErrorCode::misuse);
}

TEST(BorgOpening, takes_key_files_and_paper_keys) {
  const ScratchFolder scratch;
  const BorgTool borg(scratch.path());
  write_file(scratch / "file", "content");
  borg.run({"init -e keyfile repo", "create repo::one file", "key export repo key", "key export --paper repo paper",
            "init -e keyfile other", "create other::one file", "key export other otherkey"});
  EXPECT_EQ(code_of(scratch / "repo", testing::with_password()), ErrorCode::misuse);
  for (const char* const name : {"key", "paper"}) {
    const SourceSecrets secrets{.password = k_password, .key_file = read_file(scratch / name)};
    const auto source = open_or_fail(scratch / "repo", secrets);
    ASSERT_NE(source, nullptr) << name;
    EXPECT_EQ(look_at(*source, snapshots_of(*source)[0]).bytes.at("file"), "content");
  }
  EXPECT_EQ(code_of(scratch / "repo", {.password = k_password, .key_file = read_file(scratch / "otherkey")}),
            ErrorCode::misuse);
  std::string mistyped = read_file(scratch / "paper");
  const std::size_t digit = mistyped.find(" 2: ") + 4;
  mistyped[digit] = mistyped[digit] == '0' ? '1' : '0';
  const auto wrong = open_borg(scratch / "repo", {.password = k_password, .key_file = mistyped}, {});
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().what.find("line 2 of the paper key"), std::string::npos) << wrong.error().what;
}

TEST(BorgOpening, says_that_nothing_is_there_or_that_it_is_too_new) {
  const ScratchFolder scratch;
  EXPECT_EQ(code_of(scratch / "nothing", {}), ErrorCode::not_found);
  EXPECT_EQ(code_of(scratch.path(), {}), ErrorCode::not_found);
  std::filesystem::create_directories(scratch / "two/data");
  write_file(scratch / "two/config", "[repository]\nversion = 2\nid = 00\n");
  EXPECT_EQ(code_of(scratch / "two", {}), ErrorCode::unsupported);
  std::filesystem::create_directories(scratch / "attic/data/0");
  write_file(scratch / "attic/config", "[repository]\nversion = 1\n");
  write_file(scratch / "attic/data/0/0", "ATTICSEG");
  EXPECT_EQ(code_of(scratch / "attic", {}), ErrorCode::unsupported);
}

TEST(BorgOpening, needs_no_config_when_a_key_is_given) {
  const ScratchFolder scratch;
  const BorgTool borg(scratch.path());
  write_file(scratch / "file", "content");
  borg.run({"init -e repokey repo", "create repo::one file", "key export repo key"});
  std::filesystem::remove(scratch / "repo/config");
  EXPECT_EQ(code_of(scratch / "repo", testing::with_password()), ErrorCode::misuse);
  const auto source = open_or_fail(scratch / "repo", {.password = k_password, .key_file = read_file(scratch / "key")});
  ASSERT_NE(source, nullptr);
  EXPECT_TRUE(has_rule(source->findings(), "borg.config.broken"));
  EXPECT_EQ(look_at(*source, snapshots_of(*source)[0]).bytes.at("file"), "content");
}

}  // namespace
}  // namespace lastgood::sources::borg
