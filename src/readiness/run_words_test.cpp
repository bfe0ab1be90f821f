// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that what a command runs or loads is found in its words, and that what it only reads or writes is not.
#include "readiness/run_words.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "readiness/testing/services_story.h"

namespace lastgood::readiness {
namespace {

class RunWords : public ::testing::Test {
 protected:
  void SetUp() override {
    testing::write(at("job"), "#!/bin/sh\n");
    testing::write(at("lib.so"),
                   "\x7f"
                   "ELF...");
    testing::write(at("commands"), "touch /was-run\n");
    std::filesystem::create_symlink("job", at("link"));
  }
  [[nodiscard]] std::string at(const std::string& name) const { return scratch_.path() + "/d/" + name; }
  /// Of a command in whose words "@" stands for the folder, whether `name` in it is run.
  [[nodiscard]] bool runs(std::vector<std::string> command, const std::string& name) const {
    for (std::string& word : command) {
      for (std::size_t place = word.find('@'); place != std::string::npos; place = word.find('@'))
        word.replace(place, 1, scratch_.path() + "/d");
    }
    const std::vector<std::string> found = find_run_paths(command);
    return std::find(found.begin(), found.end(), at(name)) != found.end();
  }
  os::testing::ScratchFolder scratch_;
};

TEST_F(RunWords, AreThoseOfProgramsThatRunOthers) {
  EXPECT_TRUE(runs({"@/job"}, "job"));
  EXPECT_TRUE(runs({"@/not-there"}, "not-there"));
  EXPECT_TRUE(runs({"/bin/sh", "@/commands"}, "commands"));
  EXPECT_TRUE(runs({"/bin/sh", "@/link"}, "link"));
  EXPECT_TRUE(runs({"/usr/bin/env", "-S", "/bin/sh @/commands"}, "commands"));
  EXPECT_TRUE(runs({"/usr/bin/env", "-S", "X=1 @/job"}, "job"));
  EXPECT_TRUE(runs({"/usr/bin/env", "-S@/job"}, "job"));
  EXPECT_TRUE(runs({"/usr/bin/find", "/", "-exec", "@/job", ";"}, "job"));
  EXPECT_TRUE(runs({"/lib64/ld-linux-x86-64.so.2", "@/lib.so"}, "lib.so"));
  EXPECT_TRUE(runs({"/usr/bin/flock", "/run/lock", "/bin/sh", "@/commands"}, "commands"));
  EXPECT_TRUE(runs({"/bin/sh", "-c", "sleep 1;@/job&"}, "job"));
  EXPECT_TRUE(runs({"/bin/sh", "-c", "set -e\n. @/commands"}, "commands"));
  EXPECT_TRUE(runs({"/bin/sh", "-c", "echo $(\"@/job\")"}, "job"));
}

TEST_F(RunWords, AreThoseThatVariablesLoad) {
  for (const char* const set : {"BASH_ENV=@/commands", "ENV=@/commands", "LD_PRELOAD=/lib/a.so:@/commands",
                                "LD_PRELOAD='/lib/a.so @/commands'"})
    EXPECT_TRUE(runs({"/usr/bin/env", set, "/bin/true"}, "commands")) << set;
  EXPECT_TRUE(runs({"/usr/bin/env", "PATH=/bin:@/bin", "start"}, "bin")) << "a folder, which need not be there";
  EXPECT_TRUE(runs({"/bin/sh", "-c", "export LD_PRELOAD=@/gone.so; start"}, "gone.so"));
  EXPECT_TRUE(runs({"/usr/bin/env", "PLUGIN=@/lib.so", "start"}, "lib.so"));
}

TEST_F(RunWords, AreNotWhatAServerReadsOrWrites) {
  EXPECT_FALSE(runs({"/usr/bin/stat", "@/job"}, "job")) << "it only looks";
  EXPECT_FALSE(runs({"/usr/lib/postgresql/15/bin/pg_ctl", "-D", "@", "-l", "@/commands", "start"}, "commands"));
  EXPECT_FALSE(runs({"/bin/sh", "-c", "pg_ctl -D @ -l @/commands start"}, "commands"));
  EXPECT_FALSE(runs({"/usr/bin/env", "PGDATA=@", "PGPASSFILE=@/commands", "pg_ctl", "start"}, "commands"));
  EXPECT_FALSE(runs({"/bin/sh", "-c", "env PATH=/bin cat @/commands"}, "commands"));
  EXPECT_TRUE(find_run_paths({}).empty());
  EXPECT_EQ(find_run_paths({"/bin/sh", "", "="}), (std::vector<std::string>{"/bin/sh", "/bin/sh"}));
}

}  // namespace
}  // namespace lastgood::readiness
