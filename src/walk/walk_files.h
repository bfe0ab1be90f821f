// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Shows every regular file below some roots, on many threads: a disk with a deep queue is fastest when many reads wait
// at once, and two cores have time for many threads that wait. No link is followed, nothing made up by the kernel is
// looked at, no access time changes.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "os/evidence.h"

namespace lastgood::walk {

enum class OtherFileSystems : std::uint8_t { skip, enter };

struct WalkRequest {
  std::vector<std::string> roots;     // absolute; files or folders
  std::vector<std::string> includes;  // globs on path or name; empty: every file
  std::vector<std::string> excludes;  // globs on path or name; a folder that matches is not entered
  OtherFileSystems other_file_systems = OtherFileSystems::skip;
  unsigned threads = 0;        // 0: as many as keep the disk's queue filled
  std::string skipped_folder;  // never entered: the case, which changes while we look
};

/// What whoever walks wants to keep of a folder while its files are shown.
class FolderNotes {
 public:
  virtual ~FolderNotes() = default;
};

/// An open folder, kept open until its last file was shown.
struct OpenFolder {
  std::string path;  // absolute
  os::Descriptor directory;
  std::unique_ptr<FolderNotes> notes;
};

/// Implemented by whoever walks. Any thread, several at once.
class FileVisitor {
 public:
  virtual ~FileVisitor() = default;
  virtual void visit_file(const OpenFolder& folder, const std::string& name) = 0;
  /// A file or folder that cannot be opened or listed.
  virtual void note_trouble(const std::string& path, const base::Error& error) = 0;
  /// Something that is no regular file, or was not asked for.
  virtual void note_skipped() = 0;
  /// Before the first file of a folder.
  [[nodiscard]] virtual std::unique_ptr<FolderNotes> open_notes(const std::string& /*folder*/) { return nullptr; }
  /// Asked often; true ends the walk: what was seen can no longer be kept.
  [[nodiscard]] virtual bool failed() const { return false; }
};

struct WalkTally {
  std::uint64_t folders_seen = 0;
  std::uint64_t folders_done = 0;
  double seconds = 0;
};

/// Called from the thread that called walk_files, some times a second.
struct WalkWatch {
  std::function<void(const WalkTally&)> show;
  std::function<bool()> cancelled;
};

enum class WalkEnd : std::uint8_t { complete, cancelled };

/// An error only when a root cannot be opened.
[[nodiscard]] base::Result<WalkEnd> walk_files(const WalkRequest& request, FileVisitor& visitor,
                                               const WalkWatch& watch);

}  // namespace lastgood::walk
