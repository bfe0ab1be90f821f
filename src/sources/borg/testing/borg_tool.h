// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The installed borg, for tests: a folder with a home of its own, repositories made there, and what is in a source.
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/checksum.h"
#include "os/run_program.h"
#include "os/testing/scratch_folder.h"
#include "sources/borg/open_borg.h"
#include "sources/source.h"

namespace lastgood::sources::borg::testing {

inline constexpr const char* k_password = "a secret, \xC3\xBC";

class BorgTool {
 public:
  explicit BorgTool(std::string folder) : folder_(std::move(folder)) {}

  /// Runs lines of borg_batch.py; anything that fails, a missing borg too, fails the test.
  void run(const std::vector<std::string>& lines) const {
    std::string script = "@set BORG_PASSPHRASE '" + std::string(k_password) + "'\n@set BORG_BASE_DIR '" + folder_ +
                         "/home'\n@cd '" + folder_ + "'\n";
    for (const std::string& line : lines) script += line + "\n";
    os::testing::write_file(folder_ + "/batch", script);
    const std::vector<std::string> words = {
        "/usr/bin/python3", LASTGOOD_SOURCE_DIR "/src/sources/borg/testing/borg_batch.py", folder_ + "/batch"};
    const auto end = os::run_program(words, folder_ + "/home");
    ASSERT_TRUE(end) << end.error().what;
    ASSERT_EQ(end.value().exit_code, 0) << script << end.value().printed;
  }
  [[nodiscard]] std::string operator/(const std::string& name) const { return folder_ + "/" + name; }

 private:
  std::string folder_;
};

inline SourceSecrets with_password() { return {.password = k_password, .key_file = {}}; }

/// Null, and a failure, when it does not open.
inline std::unique_ptr<Source> open_or_fail(const std::string& location, const SourceSecrets& secrets = with_password(),
                                            const OpenOptions& options = {}) {
  auto source = open_borg(location, secrets, options);
  if (source) return std::move(source).value();
  ADD_FAILURE() << source.error().what << "; " << source.error().hint;
  return nullptr;
}

inline std::vector<model::Snapshot> snapshots_of(Source& source) {
  auto snapshots = source.snapshots();
  if (snapshots) return std::move(snapshots).value();
  ADD_FAILURE() << snapshots.error().what;
  return {};
}

inline std::vector<std::string> ids_of(const std::vector<model::Snapshot>& snapshots) {
  std::vector<std::string> ids;
  for (const model::Snapshot& snapshot : snapshots) ids.push_back(snapshot.id);
  return ids;
}

inline bool has_rule(const std::vector<model::Finding>& findings, const std::string& rule) {
  for (const model::Finding& finding : findings) {
    if (finding.rule == rule) return true;
  }
  return false;
}

inline std::string list_findings(const std::vector<model::Finding>& findings) {
  std::string out;
  for (const model::Finding& finding : findings) out += finding.rule + ": " + finding.sentence + "\n";
  return out;
}

/// Everything in one snapshot: entries by path, the findings of its folders, and of files the bytes, with "?" for each
/// piece that is lost.
struct Seen {
  std::map<std::string, model::TreeEntry> entries;
  std::map<std::string, std::string> bytes;
  std::vector<model::Finding> findings;
  std::size_t pieces_lost = 0;
};

inline std::string bytes_of(Source& source, const model::ContentRef& ref, std::size_t& pieces_lost) {
  auto content = source.open_content(ref);
  if (!content) {
    EXPECT_EQ(content.error().code, base::ErrorCode::damaged_source) << content.error().what;
    ++pieces_lost;
    return "?";
  }
  std::string bytes;
  std::vector<std::uint8_t> piece;
  for (std::size_t i = 0; i < content.value()->piece_count(); ++i) {
    const base::Status read = content.value()->read_piece(i, piece);
    if (read.ok()) {
      bytes += base::ByteView(piece).text();
    } else {
      EXPECT_EQ(read.error().code, base::ErrorCode::damaged_source) << read.error().what;
      ++pieces_lost;
      bytes += "?";
    }
  }
  return bytes;
}

inline Seen look_at(Source& source, const model::Snapshot& snapshot) {
  Seen seen;
  std::vector<std::pair<std::string, std::string>> waiting{{"", snapshot.root}};
  while (!waiting.empty()) {
    const auto [above, subtree] = waiting.back();
    waiting.pop_back();
    auto folder = source.read_folder(subtree);
    if (!folder) {
      ADD_FAILURE() << "'" << above << "': " << folder.error().what;
      continue;
    }
    seen.findings.insert(seen.findings.end(), folder.value().findings.begin(), folder.value().findings.end());
    for (model::TreeEntry& entry : folder.value().entries) {
      const std::string path = above.empty() ? entry.name : above + "/" + entry.name;
      if (entry.kind == model::EntryKind::folder) waiting.emplace_back(path, entry.subtree);
      if (entry.kind == model::EntryKind::regular) seen.bytes[path] = bytes_of(source, entry.content, seen.pieces_lost);
      seen.entries.emplace(path, std::move(entry));
    }
  }
  return seen;
}

}  // namespace lastgood::sources::borg::testing
