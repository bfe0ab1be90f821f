// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a check ends soon once nobody wants it any more, and that until then it sees what is there.
#include "engines/watched_view.h"

#include <gtest/gtest.h>

#include <array>

#include "engines/testing/memory_view.h"

namespace lastgood::engines {
namespace {

TEST(AWatchedView, ShowsWhatIsThereUntilItIsStoppedAndThenNothing) {
  testing::MemoryView tree;
  tree.files["base/5/16384"] = "rows";
  bool goes_on = true;
  const auto watched = watch_view(tree, [&] { return goes_on; });
  EXPECT_EQ(watched->list("base/5").value().at(0).name, "16384");
  const auto file = watched->open("base/5/16384").value();
  std::array<std::uint8_t, 8> bytes{};
  EXPECT_EQ(file->read(0, bytes).value(), 4U);
  goes_on = false;
  EXPECT_EQ(file->read(0, bytes).error().code, base::ErrorCode::cancelled) << "a file of terabytes is open by then";
  EXPECT_EQ(watched->open("base/5/16384").error().code, base::ErrorCode::cancelled);
  EXPECT_EQ(watched->list("base").error().code, base::ErrorCode::cancelled);
}

}  // namespace
}  // namespace lastgood::engines
