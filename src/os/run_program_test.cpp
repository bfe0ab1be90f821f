// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a program gets no shell, no input and no environment of ours, and that its end is told truly.
#include "os/run_program.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>

namespace lastgood::os {

TEST(RunProgram, tells_what_was_printed_and_how_it_ended) {
  const std::array<std::string, 3> arguments{"/bin/sh", "-c", "echo out; echo err >&2; exit 7"};
  const auto end = run_program(arguments, "/nonexistent");
  ASSERT_TRUE(end.ok());
  EXPECT_EQ(end.value().exit_code, 7);
  EXPECT_EQ(end.value().printed, "out\nerr\n");
}

TEST(RunProgram, tells_which_signal_ended_it) {
  const std::array<std::string, 3> arguments{"/bin/sh", "-c", "kill -9 $$"};
  EXPECT_EQ(run_program(arguments, "/").value().exit_code, 128 + 9);
}

TEST(RunProgram, passes_arguments_as_they_are) {
  const std::array<std::string, 2> arguments{"/bin/echo", "$(id); `id` > /tmp/x"};
  EXPECT_EQ(run_program(arguments, "/").value().printed, "$(id); `id` > /tmp/x\n");
}

TEST(RunProgram, passes_nothing_of_our_environment) {
  ASSERT_EQ(::setenv("LASTGOOD_SECRET_FOR_TEST", "hidden", 1), 0);
  const std::array<std::string, 1> arguments{"/usr/bin/env"};
  const auto end = run_program(arguments, "/some/home");
  EXPECT_EQ(end.value().printed.find("hidden"), std::string::npos);
  EXPECT_NE(end.value().printed.find("HOME=/some/home"), std::string::npos);
}

TEST(RunProgram, keeps_only_the_beginning_of_endless_output) {
  const std::array<std::string, 3> arguments{"/bin/sh", "-c", "head -c 1000000 /dev/zero"};
  EXPECT_EQ(run_program(arguments, "/").value().printed.size(), 64U * 1024U);
}

TEST(RunProgram, is_an_error_when_there_is_no_such_program) {
  const std::array<std::string, 1> arguments{"/nonexistent/program"};
  const auto end = run_program(arguments, "/");
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().code, base::ErrorCode::not_found);
}

}  // namespace lastgood::os
