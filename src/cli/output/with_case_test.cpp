// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a command in a hint works as it is printed, from wherever the person stands.
#include "cli/output/with_case.h"

#include <gtest/gtest.h>

namespace lastgood::cli {
namespace {

TEST(WithCase, NamesTheCaseInEachCommandThatNeedsOne) {
  EXPECT_EQ(with_case("'lastgood plan' makes one, lastgood services check FILE", "/root/a b.case"),
            "'lastgood --case '/root/a b.case' plan' makes one, lastgood --case '/root/a b.case' services check FILE");
  EXPECT_EQ(with_case("'lastgood plan' makes one", ""), "'lastgood plan' makes one");
}

TEST(WithCase, LeavesWhatIsNoCommandOrNeedsNoCase) {
  for (const char* text : {"a newer lastgood may read it", "", "lastgood ", "make a case with: lastgood case new DIR",
                           "lastgood --case x.case plan", "the whole of it: lastgood man plan", "lastgood planted it"})
    EXPECT_EQ(with_case(text, "y.case"), text);
  EXPECT_EQ(with_case("lastgood case show", "y.case"), "lastgood --case y.case case show");
}

}  // namespace
}  // namespace lastgood::cli
