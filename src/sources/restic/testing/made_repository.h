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

  /// Both versions get one master key and a key file that opens at once.
  static const std::string& fresh(int version) {
    static const os::testing::ScratchFolder scratch(folder_in(Place::memory));
    static std::map<int, std::string> made;
    std::string& folder = made[version];
    if (!folder.empty()) return folder;
    folder = scratch / ("v" + std::to_string(version));
    os::testing::write_file(scratch / "password", k_password);
    const std::string command = "restic --no-cache --password-file '" + (scratch / "password") + "' -r '" + folder + "' ";
    run_shell(command + "init -q --repository-version " + std::to_string(version));
    const auto key = parse_master_key(base::ByteView(std::string_view(run_shell(command + "cat masterkey"))));
    EXPECT_TRUE(key.ok());
    if (key.ok()) use_key(folder, key.value());
    return folder;
  }

  static void use_key(const std::string& folder, const MasterKey& made) {
    const auto sealed_config = os::testing::read_file(folder + "/config");
    const auto config = open_sealed(made, base::ByteView(std::string_view(sealed_config)));
    ASSERT_TRUE(config.has_value());
    static const MasterKey first = made;
    key_of_fresh() = first;
    std::filesystem::permissions(folder + "/config", std::filesystem::perms::owner_all);
    os::testing::write_file(folder + "/config", seal(first, text_of(*config)));
    std::filesystem::remove_all(folder + "/keys");
    store(folder + "/keys", cheap_key_file(first, k_password));
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
  return std::any_of(findings.begin(), findings.end(), [&](const model::Finding& finding) { return finding.rule == rule; });
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
