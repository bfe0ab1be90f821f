// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that sheets are printed in their order beside what goes on, and that a target that fails is asked no more.
#include "sheets/print_queue.h"

#include <gtest/gtest.h>

#include <semaphore>
#include <string>
#include <vector>

namespace lastgood::sheets {

namespace {

PreparedSheet titled_sheet(std::string id) {
  PreparedSheet sheet;
  sheet.id = std::move(id);
  return sheet;
}

}  // namespace

TEST(PrintQueue, prints_in_order_while_others_go_on) {
  std::binary_semaphore may_print{0};
  std::vector<std::string> printed;
  PrintQueue queue([&](const PreparedSheet& sheet) -> base::Status {
    if (printed.empty()) may_print.acquire();
    printed.push_back(sheet.id);
    return base::Done{};
  });
  for (const char* id : {"census", "moves", "drugs"}) queue.add(titled_sheet(id));
  may_print.release();  // only now: adding waits for nobody
  EXPECT_TRUE(queue.finish().ok());
  EXPECT_EQ(printed, (std::vector<std::string>{"census", "moves", "drugs"}));
}

TEST(PrintQueue, says_the_first_failure_and_prints_nothing_behind_it) {
  std::vector<std::string> printed;
  PrintQueue queue([&](const PreparedSheet& sheet) -> base::Status {
    printed.push_back(sheet.id);
    if (sheet.id != "moves") return base::Done{};
    return base::Error{.code = base::ErrorCode::no_space,
                       .what = "the stick is full",
                       .path = {},
                       .offset_bytes = {},
                       .system_errno = 0,
                       .hint = {}};
  });
  for (const char* id : {"census", "moves", "drugs"}) queue.add(titled_sheet(id));
  const base::Status end = queue.finish();
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().what, "the stick is full");
  EXPECT_EQ(printed, (std::vector<std::string>{"census", "moves"}));
}

TEST(PrintQueue, that_goes_away_unfinished_has_printed_what_it_was_given) {
  std::vector<std::string> printed;
  {
    PrintQueue queue([&](const PreparedSheet& sheet) -> base::Status {
      printed.push_back(sheet.id);
      return base::Done{};
    });
    queue.add(titled_sheet("census"));
  }
  EXPECT_EQ(printed, std::vector<std::string>{"census"});
}

}  // namespace lastgood::sheets
