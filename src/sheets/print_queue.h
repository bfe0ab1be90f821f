// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Sheets on their way to paper: one thread prints them, in the order in which they came, while the databases are asked
// for the next ones and ended. Not several: docs/decisions/pango.md.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "base/result.h"
#include "sheets/prepared_sheet.h"

namespace lastgood::sheets {

class PrintQueue {
 public:
  /// Called by the queue's own thread, one sheet at a time; not again once it has failed.
  using Print = std::function<base::Status(PreparedSheet)>;

  explicit PrintQueue(Print print);
  PrintQueue(const PrintQueue&) = delete;
  PrintQueue& operator=(const PrintQueue&) = delete;
  ~PrintQueue();

  /// Any thread.
  void add(PreparedSheet sheet);
  /// Returns when all that was added is printed; the first failure. REQUIRES: called once, nothing is added any more.
  [[nodiscard]] base::Status finish();

 private:
  void run();

  Print print_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<PreparedSheet> waiting_;
  bool is_closed_ = false;
  base::Status end_ = base::Done{};  // the thread's own until it has ended
  std::thread thread_;
};

}  // namespace lastgood::sheets
