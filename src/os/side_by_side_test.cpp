// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that work goes on beside what hangs, bounded, and that what lacks room gets its turn alone.
#include "os/side_by_side.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace lastgood::os {
namespace {

using namespace std::chrono_literals;

TEST(SideBySide, one_that_hangs_does_not_keep_the_others_waiting) {
  std::atomic<int> done = 0;
  SideBySide(2).work(20, [&](std::size_t at) {
    // The first ends when all others have: were they behind it, they never would.
    for (int i = 0; at == 0 && i < 5000 && done < 19; ++i) std::this_thread::sleep_for(2ms);
    EXPECT_TRUE(at != 0 || done == 19);
    ++done;
  });
  EXPECT_EQ(done, 20);
}

TEST(SideBySide, never_does_more_at_a_time_than_it_may) {
  std::atomic<int> inside = 0;
  SideBySide(3).work(30, [&](std::size_t) {
    EXPECT_LE(++inside, 3);
    std::this_thread::sleep_for(1ms);
    --inside;
  });
}

TEST(SideBySide, those_that_lack_room_go_on_one_after_the_other_with_nobody_beside) {
  std::atomic<int> inside = 0;
  std::atomic<int> turns = 0;
  SideBySide several(4);
  several.work(40, [&](std::size_t at) {
    ++inside;
    std::this_thread::sleep_for(1ms);
    if (at % 3 == 0) {
      --inside;
      several.wait_until_alone();
      EXPECT_EQ(++inside, 1);
      std::this_thread::sleep_for(1ms);
      EXPECT_EQ(inside, 1);
      ++turns;
    }
    --inside;
  });
  EXPECT_EQ(turns, 14);
}

}  // namespace
}  // namespace lastgood::os
