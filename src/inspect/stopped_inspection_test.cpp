// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that Ctrl-C is heard inside of one file of terabytes.
#include <gtest/gtest.h>

#include <cstdint>

#include "inspect/inspect_content.h"

namespace lastgood::inspect {
namespace {

/// A TiB that looks random, and counts how often it was read.
class Endless final : public base::ByteSource {
 public:
  [[nodiscard]] std::uint64_t size_bytes() const override { return std::uint64_t{1} << 40U; }
  [[nodiscard]] base::Result<std::size_t> read(std::uint64_t /*offset*/, std::span<std::uint8_t> into) override {
    ++reads;
    for (std::uint8_t& byte : into)
      byte = static_cast<std::uint8_t>((state_ = state_ * 6364136223846793005U + 1) >> 56U);
    return into.size();
  }
  int reads = 0;

 private:
  std::uint64_t state_ = 7;
};

TEST(AnInspection, EndsWithinOneReadOnceNobodyWantsItAnyMore) {
  constexpr int k_reads_wanted = 20;
  for (const model::Depth depth : {model::Depth::standard, model::Depth::full}) {
    Endless source;
    const InspectOptions options{.depth = depth, .goes_on = [&] { return source.reads < k_reads_wanted; }};
    (void)inspect_content(source, "disk.img", options);
    EXPECT_LE(source.reads, k_reads_wanted);
  }
}

}  // namespace
}  // namespace lastgood::inspect
