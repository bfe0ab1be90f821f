// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sheets/print_queue.h"

#include <utility>

namespace lastgood::sheets {

PrintQueue::PrintQueue(Print print) : print_(std::move(print)), thread_([this] { run(); }) {}

PrintQueue::~PrintQueue() {
  if (thread_.joinable()) (void)finish();
}

void PrintQueue::add(PreparedSheet sheet) {
  {
    const std::unique_lock lock(mutex_);
    waiting_.push_back(std::move(sheet));
  }
  changed_.notify_one();
}

base::Status PrintQueue::finish() {
  {
    const std::unique_lock lock(mutex_);
    is_closed_ = true;
  }
  changed_.notify_one();
  thread_.join();
  return end_;
}

void PrintQueue::run() {
  while (true) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_closed_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    PreparedSheet sheet = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    if (end_.ok()) end_ = print_(std::move(sheet));
  }
}

}  // namespace lastgood::sheets
