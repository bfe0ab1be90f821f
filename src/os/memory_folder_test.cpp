// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that memory is taken only for what is little beside all that is left of it.
#include "os/memory_folder.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace lastgood::os {
namespace {

constexpr std::uint64_t k_mebibyte = std::uint64_t{1} << 20U;

TEST(MemoryFolder, takes_what_is_little_of_what_is_available_and_of_the_folder_and_never_much) {
  EXPECT_TRUE(is_little(100 * k_mebibyte, {.available_bytes = 800 * k_mebibyte, .folder_bytes = 200 * k_mebibyte}));
  EXPECT_FALSE(is_little(100 * k_mebibyte, {.available_bytes = 799 * k_mebibyte, .folder_bytes = 200 * k_mebibyte}));
  EXPECT_FALSE(is_little(100 * k_mebibyte, {.available_bytes = 800 * k_mebibyte, .folder_bytes = 199 * k_mebibyte}));
  EXPECT_FALSE(is_little(513 * k_mebibyte, {.available_bytes = k_mebibyte << 20U, .folder_bytes = k_mebibyte << 20U}));
  EXPECT_FALSE(is_little(1, {})) << "a kernel that does not say what is available has none for us";
}

TEST(MemoryFolder, is_a_folder_or_none) {
  const auto found = find_memory_folder(1);
  if (found) EXPECT_TRUE(std::filesystem::is_directory(*found));
  EXPECT_FALSE(find_memory_folder(std::uint64_t{1} << 40U));
}

}  // namespace
}  // namespace lastgood::os
