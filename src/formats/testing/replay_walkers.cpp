// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Runs every walker's fuzz target over every sample and every past crash of every format: crashes stay fixed without a
// fuzzing compiler, and no walker is surprised by another format's files.
//   replay_walkers FORMATS_FOLDER
#include <cstdio>
#include <filesystem>

#include "formats/format_table.h"
#include "formats/testing/fuzz_one.h"
#include "formats/testing/walker_suite.h"

namespace {

void replay(const std::vector<std::uint8_t>& sample) {
  std::vector<std::uint8_t> input(1, std::uint8_t{0});
  input.insert(input.end(), sample.begin(), sample.end());
  for (const lastgood::formats::Format* format : lastgood::formats::all_formats()) {
    // As a fuzzer wrote it (its first byte chooses), and as a file.
    lastgood::formats::testing::fuzz_one(*format, sample);
    lastgood::formats::testing::fuzz_one(*format, input);
  }
}

}  // namespace

int main(int argc, char** argv) {
  int count = 0;
  if (argc == 2) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[1])) {
      const bool crash = entry.path().parent_path().filename() == "crashes";
      if (!entry.is_regular_file() || (entry.path().extension() != ".in" && !crash)) continue;
      replay(lastgood::formats::testing::read_sample(entry.path().string()));
      ++count;
    }
  }
  std::printf("replayed %d inputs\n", count);
  return count > 0 ? 0 : 1;
}
