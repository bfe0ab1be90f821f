// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that packed bytes are found at any place, going on and going back, through kept states and several streams.
#include "sources/tar/unpacked_bytes.h"

#include <gtest/gtest.h>

#include <random>

#include "os/evidence.h"
#include "os/run_program.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::sources::tar {
namespace {

using os::testing::ScratchFolder;

std::string letters(std::size_t size) {
  std::mt19937_64 numbers(7);
  std::string bytes;
  while (bytes.size() < size) bytes += std::to_string(numbers() % 100'000) + " mmol/l\n";
  bytes.resize(size);
  return bytes;
}

std::string packed_with(const std::string& program, const std::string& bytes, const ScratchFolder& scratch) {
  os::testing::write_file(scratch / "bytes", bytes);
  const auto end = os::run_program(
      std::vector<std::string>{"/bin/sh", "-c",
                               program + " -1 -c '" + scratch / "bytes" + "' > '" + scratch / "packed" + "'"},
      scratch.path());
  EXPECT_TRUE(end.ok() && end.value().exit_code == 0) << program;
  return os::testing::read_file(scratch / "packed");
}

/// Counts what is read of it.
class CountedSource final : public base::ByteSource {
 public:
  explicit CountedSource(const std::string& bytes) : inner_(base::ByteView(std::string_view(bytes))) {}
  [[nodiscard]] std::uint64_t size_bytes() const override { return inner_.size_bytes(); }
  [[nodiscard]] base::Result<std::size_t> read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) override {
    auto got = inner_.read(offset_bytes, into);
    if (got.ok()) read_bytes += got.value();
    return got;
  }
  std::uint64_t read_bytes = 0;

 private:
  base::MemorySource inner_;
};

void expect_bytes_at(UnpackedBytes& unpacked, const std::string& truth, std::uint64_t offset, std::size_t length) {
  std::vector<std::uint8_t> buffer(length);
  ASSERT_TRUE(unpacked.seek(offset));
  const auto got = unpacked.read(buffer);
  ASSERT_TRUE(got) << got.error().what;
  const std::string expected = offset < truth.size() ? truth.substr(offset, length) : std::string();
  ASSERT_EQ(got.value(), expected.size()) << "at " << offset;
  EXPECT_TRUE(std::string(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(expected.size())) == expected);
}

TEST(UnpackedBytes, are_found_at_any_place) {
  const ScratchFolder scratch;
  const std::string half = letters(1'500'000);
  const std::string truth = half + half;
  for (const char* program : {"gzip", "zstd", "xz", "bzip2"}) {
    SCOPED_TRACE(program);
    const std::string packed = packed_with(program, half, scratch);
    const std::string streams = packed + packed + std::string(program == std::string("xz") ? 8 : 7, '\0');
    base::MemorySource source{base::ByteView(std::string_view(streams))};
    const Packing packing = find_packing(base::ByteView(std::string_view(streams)));
    EXPECT_NE(packing, Packing::none);
    const auto unpacked = open_unpacked(source, packing, "x", 100'000);
    std::mt19937_64 numbers(4711);
    expect_bytes_at(*unpacked, truth, 0, truth.size() + 10);
    for (int i = 0; i < 12; ++i) expect_bytes_at(*unpacked, truth, numbers() % truth.size(), numbers() % 20'000);
    expect_bytes_at(*unpacked, truth, truth.size() - 3, 100);
    expect_bytes_at(*unpacked, truth, truth.size() + 3, 100);
    expect_bytes_at(*unpacked, truth, half.size() - 3, 6);
    EXPECT_EQ(unpacked->foreign_end(), std::nullopt);
  }
}

TEST(UnpackedBytes, of_gzip_start_near_when_going_back) {
  const ScratchFolder scratch;
  const std::string truth = letters(6'000'000);
  const std::string packed = packed_with("gzip", truth, scratch);
  CountedSource source(packed);
  const auto unpacked = open_unpacked(source, Packing::gzip, "x", 500'000);
  expect_bytes_at(*unpacked, truth, truth.size() - 10, 10);
  source.read_bytes = 0;
  expect_bytes_at(*unpacked, truth, truth.size() - 400'000, 10);
  EXPECT_LT(source.read_bytes, packed.size() / 3);
}

TEST(UnpackedBytes, are_read_once_in_order_of_position) {
  const ScratchFolder scratch;
  const std::string truth = letters(3'000'000);
  for (const char* program : {"gzip", "zstd", "xz", "bzip2"}) {
    const std::string packed = packed_with(program, truth, scratch);
    CountedSource source(packed);
    const auto unpacked = open_unpacked(source, find_packing(base::ByteView(std::string_view(packed))), "x");
    for (std::uint64_t at = 0; at < truth.size(); at += 100'000) expect_bytes_at(*unpacked, truth, at, 50'000);
    EXPECT_LE(source.read_bytes, packed.size()) << program;
  }
}

TEST(UnpackedBytes, give_what_comes_before_a_break_and_then_say_where_it_is) {
  const ScratchFolder scratch;
  const std::string truth = letters(2'000'000);
  for (const char* program : {"gzip", "zstd", "xz", "bzip2"}) {
    SCOPED_TRACE(program);
    std::string packed = packed_with(program, truth, scratch);
    packed.resize(packed.size() - 5);
    base::MemorySource source{base::ByteView(std::string_view(packed))};
    const auto unpacked = open_unpacked(source, find_packing(base::ByteView(std::string_view(packed))), "x");
    std::vector<std::uint8_t> buffer(truth.size() + 10);
    const auto first = unpacked->read(buffer);
    const bool gave_some = first.ok() && first.value() > 0;
    EXPECT_TRUE(gave_some);
    for (int i = 0; i < 2; ++i) {
      const auto then = unpacked->read(buffer);
      ASSERT_FALSE(then.ok());
      EXPECT_EQ(then.error().code, base::ErrorCode::damaged_source);
      EXPECT_NE(then.error().what.find("ends too early"), std::string::npos) << then.error().what;
    }
    expect_bytes_at(*unpacked, truth, 0, 1000);
  }
}

}  // namespace
}  // namespace lastgood::sources::tar
