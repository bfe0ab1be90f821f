// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// WorkQueue: folders to list and files to show, shared by all threads of a walk.
// Folders are taken newest first, so that the queue stays about as long as the tree is deep; files go before folders,
// so that few folders are open at once.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "os/evidence.h"
#include "walk/walk_files.h"

namespace lastgood::walk {

/// Where a walk began. Shared by everything found below it.
struct Root {
  std::string path;  // absolute
  os::Descriptor directory;
  std::uint64_t device = 0;
};

struct FolderTask {
  std::shared_ptr<const Root> root;
  std::string relative;  // below the root; "" is the root itself
  std::uint32_t depth = 0;
};

struct FilesTask {
  std::shared_ptr<const OpenFolder> folder;
  std::vector<std::string> names;
};

using Task = std::variant<FolderTask, FilesTask>;

class WorkQueue {
 public:
  /// Any thread. Tasks put by a thread that is working on one keep the queue alive.
  void put(Task task);
  /// Blocks until there is work; nothing when all work is done or `stop` was called. Call `done` after each task.
  std::optional<Task> take();
  void done();
  void stop();
  /// True when enough files wait already: the finder of more should judge them itself.
  [[nodiscard]] bool is_full() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<FilesTask> files_;
  std::vector<FolderTask> folders_;
  std::size_t working_ = 0;
  bool stopped_ = false;
};

}  // namespace lastgood::walk
