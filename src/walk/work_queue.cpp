// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "walk/work_queue.h"

#include <utility>

namespace lastgood::walk {

namespace {
constexpr std::size_t k_waiting_files_max = 64;
}

void WorkQueue::put(Task task) {
  const std::lock_guard lock(mutex_);
  if (auto* files = std::get_if<FilesTask>(&task)) {
    files_.push_back(std::move(*files));
  } else {
    folders_.push_back(std::move(std::get<FolderTask>(task)));
  }
  changed_.notify_one();
}

std::optional<Task> WorkQueue::take() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return stopped_ || !files_.empty() || !folders_.empty() || working_ == 0; });
  if (stopped_ || (files_.empty() && folders_.empty())) {
    changed_.notify_all();
    return std::nullopt;
  }
  ++working_;
  if (!files_.empty()) {
    Task task = std::move(files_.front());
    files_.pop_front();
    return task;
  }
  Task task = std::move(folders_.back());
  folders_.pop_back();
  return task;
}

void WorkQueue::done() {
  const std::lock_guard lock(mutex_);
  --working_;
  if (working_ == 0 && files_.empty() && folders_.empty()) changed_.notify_all();
}

void WorkQueue::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

bool WorkQueue::is_full() const {
  const std::lock_guard lock(mutex_);
  return files_.size() >= k_waiting_files_max;
}

}  // namespace lastgood::walk
