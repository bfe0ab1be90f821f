// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a word shown to be copied into a shell is the word that was meant, asking a real shell.
#include "cli/output/shell_word.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "os/run_program.h"

namespace lastgood::cli {
namespace {

TEST(ShellWord, IsReadByAShellAsTheBytesItStandsFor) {
  const std::string all_bytes = [] {
    std::string bytes;
    for (int byte = 1; byte < 256; ++byte) bytes += static_cast<char>(byte);
    return bytes;
  }();
  for (const std::string& meant :
       {std::string("/srv/lab/a.csv"), std::string("two words"), std::string("it's"), std::string("$(reboot)`reboot`"),
        std::string("\\'"), std::string("-rf"), std::string("\xFF\xFE name"), std::string("line\nbreak"),
        std::string("\xE0\xA4\x85\xE0\xA4\xAE\xE0\xA4\xB0"), std::string("\xE2\x80\xAE turned"), all_bytes,
        std::string()}) {
    const std::vector<std::string> command = {"/bin/bash", "-c", "printf %s " + shell_word(meant)};
    const auto ran = os::run_program(command, "/");
    ASSERT_TRUE(ran.ok());
    EXPECT_EQ(ran.value().printed, meant) << shell_word(meant);
  }
}

TEST(ShellWord, IsLeftAsItIsWhereThatIsSafe) {
  EXPECT_EQ(shell_word("/srv/lab/a-1.csv"), "/srv/lab/a-1.csv");
  EXPECT_EQ(shell_word("two words"), "'two words'");
}

}  // namespace
}  // namespace lastgood::cli
