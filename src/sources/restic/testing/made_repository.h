// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Repositories made by restic itself, in a folder of their own.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "os/run_program.h"
#include "sources/restic/key_file.h"
#include "sources/restic/open_restic.h"
#include "sources/restic/testing/sealing.h"

namespace lastgood::sources::restic::testing {

inline constexpr std::size_t k_mib = std::size_t{1} << 20;
inline constexpr const char* k_password = "last good: 7";

/// Runs a shell script that must succeed; what it printed.
inline std::string run_shell(const std::string& script) {
  const std::vector<std::string> arguments = {"/bin/sh", "-euc", script};
  const auto end = os::run_program(arguments, "/tmp");
  EXPECT_TRUE(end.ok());
  if (!end.ok()) return {};
  EXPECT_EQ(end.value().exit_code, 0) << script << "\n" << end.value().printed;
  return end.value().printed;
}

/// restic waits for the disk after every file: in memory, the same tests take a third of the time.
enum class Place : std::uint8_t { memory, disk };

inline std::filesystem::path folder_in(Place place) {
  const std::filesystem::path memory = "/dev/shm";
  const bool there = place == Place::memory && std::filesystem::is_directory(memory);
  return there ? memory : std::filesystem::temp_directory_path();
}

/// Gives the config of a repository another version.
inline void set_version(const std::string& repository, const MasterKey& key, int version) {
  const std::string sealed = os::testing::read_file(repository + "/config");
  const auto config = open_sealed(key, base::ByteView(std::string_view(sealed)));
  ASSERT_TRUE(config.has_value());
  std::string text = text_of(*config);
  const std::size_t at = text.find("\"version\":2");
  ASSERT_NE(at, std::string::npos) << text;
  text.replace(at, 11, "\"version\":" + std::to_string(version));
  std::filesystem::permissions(repository + "/config", std::filesystem::perms::owner_all);
  os::testing::write_file(repository + "/config", seal(key, text));
}

class MadeRepository {
 public:
  /// Version 1 or 2. The first one of a version in a process is made by `restic init`, the others are copies of it.
  explicit MadeRepository(int version = 2, Place place = Place::memory) : store_(folder_in(place)) {
    os::testing::write_file(folder_ / "password", k_password);
    std::filesystem::copy(fresh(version), path(), std::filesystem::copy_options::recursive);
  }

  [[nodiscard]] std::string path() const { return store_ / "repo"; }
  /// What is backed up.
  [[nodiscard]] std::string tree() const { return folder_ / "tree"; }
  [[nodiscard]] std::string operator/(const std::string& name) const { return folder_ / name; }
  [[nodiscard]] const MasterKey& key() const { return key_of_fresh(); }

  [[nodiscard]] std::string command(const std::string& repository) const {
    return "restic --no-cache --password-file '" + (folder_ / "password") + "' -r '" + repository + "' ";
  }
  std::string restic(const std::string& arguments) const { return run_shell(command(path()) + arguments); }
  /// Names in the snapshot begin below the tree.
  std::string back_up(const std::string& options = "") const {
    return run_shell("cd '" + tree() + "' && " + command(path()) + "backup -q " + options + " .");
  }

  [[nodiscard]] base::Result<std::unique_ptr<Source>> open(const OpenOptions& options = {}) const {
    return open_restic(path(), {.password = k_password, .key_file = {}}, options);
  }
  /// A failure to open fails the test.
  [[nodiscard]] std::unique_ptr<Source> must_open(const OpenOptions& options = {}) const {
    auto source = open(options);
    if (!source.ok()) ADD_FAILURE() << source.error().what;
    return source.ok() ? std::move(source).value() : nullptr;
  }

  [[nodiscard]] std::vector<std::string> files_of(const std::string& folder) const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path() + "/" + folder)) {
      if (entry.is_regular_file()) names.push_back(entry.path().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  static MasterKey& key_of_fresh() {
    static MasterKey key;
    return key;
  }

  /// `restic init` takes seconds for its key: it is asked once, both versions get its master key and a key file that
  /// opens at once.
  static std::string fresh(int version) {
    static const os::testing::ScratchFolder scratch(folder_in(Place::memory));
    const std::string folder = scratch / ("v" + std::to_string(version));
    if (std::filesystem::exists(folder)) return folder;
    const std::string made = scratch / "made";
    if (!std::filesystem::exists(made)) {
      os::testing::write_file(scratch / "password", k_password);
      const std::string command =
          "restic --no-cache --password-file '" + (scratch / "password") + "' -r '" + made + "' ";
      const auto key = parse_master_key(
          base::ByteView(std::string_view(run_shell(command + "init -q >/dev/null; " + command + "cat masterkey"))));
      EXPECT_TRUE(key.ok());
      if (key.ok()) key_of_fresh() = key.value();
    }
    std::filesystem::copy(made, folder, std::filesystem::copy_options::recursive);
    std::filesystem::remove_all(folder + "/keys");
    store(folder + "/keys", cheap_key_file(key_of_fresh(), k_password));
    set_version(folder, key_of_fresh(), version);
    return folder;
  }

  os::testing::ScratchFolder folder_;  // the tree: extended attributes need a real file system
  os::testing::ScratchFolder store_;
};

/// Every entry of a snapshot by its path, "a/b".
using Entries = std::map<std::string, model::TreeEntry>;

inline void add_entries(Source& source, std::string_view subtree, const std::string& prefix, Entries& into,
                        std::vector<model::Finding>& findings) {
  auto folder = source.read_folder(subtree);
  if (!folder.ok()) {
    findings.push_back({.rule = "test.unreadable", .sentence = folder.error().what});
    return;
  }
  for (const auto& finding : folder.value().findings) findings.push_back(finding);
  for (model::TreeEntry& entry : folder.value().entries) {
    const std::string path = prefix + entry.name;
    for (const auto& finding : entry.findings) findings.push_back(finding);
    if (entry.kind == model::EntryKind::folder) add_entries(source, entry.subtree, path + "/", into, findings);
    into[path] = std::move(entry);
  }
}

inline Entries entries_of(Source& source, std::string_view root, std::vector<model::Finding>* findings = nullptr) {
  Entries entries;
  std::vector<model::Finding> found;
  add_entries(source, root, "", entries, found);
  if (findings != nullptr) *findings = std::move(found);
  return entries;
}

inline std::string read_content(Source& source, const model::ContentRef& ref) {
  auto content = source.open_content(ref);
  if (!content.ok()) {
    ADD_FAILURE() << content.error().what;
    return {};
  }
  std::string bytes;
  std::vector<std::uint8_t> piece;
  for (std::size_t i = 0; i < content.value()->piece_count(); ++i) {
    const base::Status read = content.value()->read_piece(i, piece);
    if (!read.ok()) ADD_FAILURE() << read.error().what;
    EXPECT_EQ(content.value()->piece(i).offset_bytes, bytes.size());
    EXPECT_TRUE(!read.ok() || content.value()->piece(i).length_bytes == piece.size());
    bytes.append(piece.begin(), piece.end());
  }
  EXPECT_EQ(bytes.size(), content.value()->size_bytes());
  return bytes;
}

inline bool has_rule(const std::vector<model::Finding>& findings, std::string_view rule) {
  return std::any_of(findings.begin(), findings.end(),
                     [&](const model::Finding& finding) { return finding.rule == rule; });
}

inline std::string all_of(const std::vector<model::Finding>& findings) {
  std::string text;
  for (const model::Finding& finding : findings) text += finding.rule + ": " + finding.sentence + "\n";
  return text;
}

/// Bytes that look random and are the same in every run.
inline std::string noise(std::size_t size_bytes, std::uint64_t seed) {
  std::string bytes;
  bytes.reserve(size_bytes + 8);
  while (bytes.size() < size_bytes) {
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    for (unsigned i = 2; i < 8; ++i) bytes.push_back(static_cast<char>(seed >> (8 * i) & 0xFF));
  }
  bytes.resize(size_bytes);
  return bytes;
}

}  // namespace lastgood::sources::restic::testing
