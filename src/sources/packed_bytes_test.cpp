// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Packed files read like plain ones, by the real compressors; cut ones give what they hold and say so; bombs end.
#include "sources/packed_bytes.h"

#include <gtest/gtest.h>

#include "os/run_program.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::sources {
namespace {

using os::testing::ScratchFolder;

std::string packed_with(const std::string& program, const std::string& bytes) {
  const ScratchFolder scratch;
  os::testing::write_file(scratch / "bytes", bytes);
  const std::string line = program + " -c '" + scratch / "bytes" + "' > '" + scratch / "packed" + "'";
  const auto end = os::run_program(std::vector<std::string>{"/bin/sh", "-c", line}, scratch.path());
  EXPECT_TRUE(end.ok() && end.value().exit_code == 0) << program;
  return os::testing::read_file(scratch / "packed");
}

struct Got {
  std::string bytes;
  std::optional<base::ErrorCode> failed;
};

Got all_of(base::ByteSource& source) {
  Got out;
  std::vector<std::uint8_t> piece(1'000'000);
  while (true) {
    const auto got = source.read(out.bytes.size(), piece);
    if (!got.ok()) out.failed = got.error().code;
    if (!got.ok() || got.value() == 0) return out;
    out.bytes.append(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(got.value()));
  }
}

class PackedFiles : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Compressors, PackedFiles, ::testing::Values("gzip", "zstd -q", "xz", "bzip2"));

TEST_P(PackedFiles, read_like_plain_ones_twice_and_to_the_end) {
  std::string truth;
  for (int i = 0; i < 200'000; ++i) truth += std::to_string(i * 7919) + "\n";
  const std::string packed = packed_with(GetParam(), truth);
  EXPECT_EQ(find_packing_name(base::ByteView(std::string_view(packed))),
            std::string_view(GetParam()).substr(0, std::string_view(GetParam()).find(' ')));
  base::MemorySource file{base::ByteView(std::string_view(packed))};
  const auto source = open_packed_bytes(file, "his.sql.gz");
  for (int pass = 0; pass < 2; ++pass) {
    const Got got = all_of(*source);
    EXPECT_TRUE(got.bytes == truth);
    EXPECT_FALSE(got.failed.has_value());
  }
}

TEST_P(PackedFiles, that_are_cut_give_what_they_hold_and_say_so) {
  std::string truth;
  for (std::uint32_t i = 0; i < 500'000; ++i) truth += std::to_string((i * 2654435761U) % 1000003) + "\n";
  std::string packed = packed_with(GetParam(), truth);
  packed.resize(packed.size() * 2 / 3);
  base::MemorySource file{base::ByteView(std::string_view(packed))};
  const Got got = all_of(*open_packed_bytes(file, "his.sql.gz"));
  EXPECT_EQ(got.failed, base::ErrorCode::damaged_source);
  EXPECT_TRUE(truth.starts_with(got.bytes));
}

TEST(PackedBomb, is_read_no_further_than_any_text_goes) {
  const ScratchFolder scratch;
  const auto end = os::run_program(
      std::vector<std::string>{"/bin/sh", "-c",
                               "head -c 100000000 /dev/zero | zstd -q -19 > '" + scratch / "bomb" + "'"},
      scratch.path());
  ASSERT_TRUE(end.ok() && end.value().exit_code == 0);
  const std::string bomb = os::testing::read_file(scratch / "bomb");
  base::MemorySource file{base::ByteView(std::string_view(bomb))};
  const auto source = open_packed_bytes(file, "bomb");
  ASSERT_EQ(source->size_bytes(), k_unpacked_bytes_min);
  const Got got = all_of(*source);
  EXPECT_EQ(got.failed, base::ErrorCode::limit_reached);
  EXPECT_LE(got.bytes.size(), k_unpacked_bytes_min + 1'000'000);
}

TEST(PackedFile, that_is_none_is_given_as_it_is) {
  const std::string text = "uhid,name\n";
  EXPECT_EQ(find_packing_name(base::ByteView(std::string_view(text))), "");
  base::MemorySource file{base::ByteView(std::string_view(text))};
  EXPECT_EQ(all_of(*open_packed_bytes(file, "x.csv")).bytes, text);
}

}  // namespace
}  // namespace lastgood::sources
