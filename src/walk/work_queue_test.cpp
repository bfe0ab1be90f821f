// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a walk's threads share work to its end, and that stopping wakes them; walking itself is proven by scans.
#include "walk/work_queue.h"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

namespace lastgood::walk {
namespace {

TEST(WorkQueueTest, ends_when_nothing_waits_and_nobody_works) {
  WorkQueue queue;
  EXPECT_FALSE(queue.take().has_value());
  queue.put(FilesTask{});
  queue.put(FolderTask{.root = nullptr, .relative = "older", .depth = 0});
  queue.put(FolderTask{.root = nullptr, .relative = "newer", .depth = 0});
  EXPECT_TRUE(std::holds_alternative<FilesTask>(*queue.take())) << "files go before folders";
  EXPECT_EQ(std::get<FolderTask>(*queue.take()).relative, "newer");
  EXPECT_EQ(std::get<FolderTask>(*queue.take()).relative, "older");
  for (int i = 0; i < 3; ++i) queue.done();
  EXPECT_FALSE(queue.take().has_value());
}

TEST(WorkQueueTest, those_who_wait_get_what_the_one_who_works_finds) {
  WorkQueue queue;
  queue.put(FolderTask{});
  std::atomic<int> tasks = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        while (auto task = queue.take()) {
          const auto* folder = std::get_if<FolderTask>(&*task);
          // A tree of 2^11 - 1 folders, each found by its parent only.
          if (folder != nullptr && folder->depth < 10) {
            for (int child = 0; child < 2; ++child)
              queue.put(FolderTask{.root = nullptr, .relative = {}, .depth = folder->depth + 1});
          }
          ++tasks;
          queue.done();
        }
      });
    }
  }
  EXPECT_EQ(tasks, 2047);
}

TEST(WorkQueueTest, stop_wakes_those_who_wait) {
  WorkQueue queue;
  queue.put(FolderTask{});
  ASSERT_TRUE(queue.take().has_value());  // never done: the others would wait for what it finds
  std::jthread waiting([&] {
    while (queue.take().has_value()) {  // the task below, where it comes before the stop
    }
  });
  queue.put(FilesTask{});
  queue.stop();
  waiting.join();
}

}  // namespace
}  // namespace lastgood::walk
