// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a file that cannot be read whole is not in the tree: an engine takes the zeros of a half one for empty
// pages.
#include "os/scratch_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::os {

namespace {

/// Three megabytes of which only the first can be read.
class BrokenSource final : public base::ByteSource {
 public:
  enum class Then { fails, ends };
  explicit BrokenSource(Then then) : then_(then) {}
  [[nodiscard]] std::uint64_t size_bytes() const override { return 3U << 20U; }
  [[nodiscard]] base::Result<std::size_t> read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) override {
    if (offset_bytes < 1U << 20U) {
      std::fill(into.begin(), into.end(), std::uint8_t{7});
      return into.size();
    }
    if (then_ == Then::ends) return std::size_t{0};
    return base::Error{.code = base::ErrorCode::io, .what = "input/output error"};
  }

 private:
  Then then_;
};

}  // namespace

TEST(ScratchTree, leaves_no_half_file_behind) {
  const testing::ScratchFolder folder;
  auto tree = ScratchTree::make(folder.path());
  ASSERT_TRUE(tree.ok());
  for (const BrokenSource::Then then : {BrokenSource::Then::fails, BrokenSource::Then::ends}) {
    BrokenSource source(then);
    const base::Status written = tree.value().write_file("16384", source);
    ASSERT_FALSE(written.ok());
    EXPECT_EQ(written.error().code,
              then == BrokenSource::Then::fails ? base::ErrorCode::io : base::ErrorCode::damaged_source);
    EXPECT_FALSE(std::filesystem::exists(tree.value().path() + "/16384"));
  }
  EXPECT_TRUE(tree.value().write_file("16384", base::ByteView(std::string_view("whole"))).ok());
  EXPECT_TRUE(std::filesystem::exists(tree.value().path() + "/16384"));
}

}  // namespace lastgood::os
