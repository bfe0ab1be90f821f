// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that logs come out of what gzip, zstd and lz4 themselves made of them, as far as it is good, and never more
// than the limit, whatever the bytes are.
#include "engines/packed_log.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "engines/testing/bad_sector_view.h"
#include "engines/testing/memory_view.h"
#include "os/run_program.h"

namespace lastgood::engines {
namespace {

std::string plain_text() {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += std::to_string(i * 7919 % 10007) + (i % 3 == 0 ? "\n" : ",");
  return text;
}

/// What `tool` makes of `text`.
std::string packed_by(const std::string& tool, const std::string& text) {
  const std::filesystem::path folder = std::filesystem::path(::testing::TempDir()) / "packed_log_test";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "plain", std::ios::binary) << text;
  const auto end = os::run_program(
      std::vector<std::string>{"/bin/sh", "-c", "cd " + folder.string() + " && " + tool + " <plain >packed"}, "/");
  EXPECT_TRUE(end.ok() && end.value().exit_code == 0) << tool;
  std::ifstream file(folder / "packed", std::ios::binary);
  std::string packed((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::filesystem::remove_all(folder);
  return packed;
}

struct Unpacked {
  std::string text;
  std::string broken;
};

Unpacked unpack(const std::string& bytes, std::uint64_t bytes_max = 1U << 30U) {
  auto opened = open_packed_log(std::make_unique<base::MemorySource>(base::ByteView(std::string_view(bytes))),
                                ::testing::TempDir(), bytes_max);
  if (!opened.ok()) {
    ADD_FAILURE() << opened.error().what;
    return {};
  }
  base::ByteSource& plain = *opened.value().bytes;
  std::string text(static_cast<std::size_t>(plain.size_bytes()), '\0');
  std::vector<std::uint8_t> read(text.size());
  const auto got = plain.read(0, read);
  EXPECT_TRUE(got.ok());
  std::copy(read.begin(), read.end(), text.begin());
  return {std::move(text), opened.value().broken};
}

const std::vector<std::string> k_tools = {"gzip -c", "zstd -qc", "lz4 -qc"};

}  // namespace

TEST(PackedLog, comes_out_as_the_tools_put_it_in_also_of_two_members) {
  const std::string text = plain_text();
  for (const std::string& tool : k_tools) {
    const Unpacked whole = unpack(packed_by(tool, text));
    EXPECT_TRUE(whole.text == text) << tool;
    EXPECT_EQ(whole.broken, "") << tool;
    const Unpacked twice = unpack(packed_by(tool, text) + packed_by(tool, "more"));
    EXPECT_TRUE(twice.text == text + "more") << tool;
    EXPECT_EQ(twice.broken, "") << tool;
    EXPECT_EQ(unpack(packed_by(tool, "")).text, "") << tool;
  }
  EXPECT_EQ(unpack("\xD1\x10 as it is").text, "\xD1\x10 as it is");
  EXPECT_EQ(unpack("").text, "");
}

TEST(PackedLog, what_is_cut_or_changed_is_good_until_there_and_said) {
  const std::string text = plain_text();
  for (const std::string& tool : k_tools) {
    const std::string packed = packed_by(tool, text);
    for (const std::size_t length : {std::size_t{4}, std::size_t{20}, std::size_t{1000}, packed.size() / 2}) {
      const Unpacked cut = unpack(packed.substr(0, length));
      EXPECT_NE(cut.broken, "") << tool << " " << length;
      EXPECT_EQ(cut.text, text.substr(0, cut.text.size())) << tool << " " << length;
    }
    EXPECT_GT(unpack(packed.substr(0, packed.size() - 1)).text.size(), text.size() / 4) << tool;
    for (std::size_t at = 4; at < packed.size(); at += packed.size() / 37) {
      std::string flipped = packed;
      flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
      const Unpacked changed = unpack(flipped);
      EXPECT_LE(changed.text.size(), text.size() * 2) << tool << " " << at;
    }
  }
}

TEST(PackedLog, gives_no_more_than_its_limit) {
  const std::string zeros(64U << 20U, '\0');
  for (const std::string& tool : k_tools) {
    const Unpacked much = unpack(packed_by(tool, zeros), 1'000'000);
    EXPECT_EQ(much.text.size(), 1'000'000U) << tool;
    EXPECT_EQ(much.broken, "it holds more than 1000000 bytes") << tool;
  }
  // Members that hold nothing, one behind the other.
  const std::string nothing = packed_by("gzip -c", "");
  std::string many;
  for (int i = 0; i < 100'000; ++i) many += nothing;
  EXPECT_EQ(unpack(many, 1000).broken, "it is more than 263269 bytes long");
}

TEST(PackedLog, ends_before_a_bad_sector_and_says_so) {
  testing::MemoryView view;
  view.files["log"] = std::string(1'000'000, 'x');
  for (const std::uint64_t bad_byte : {0U, 1U, 300'000U, 999'999U}) {
    const testing::BadSectorView disk(view, "log", bad_byte);
    const auto front = readable_front({.bytes = disk.open("log").value(), .broken = {}});
    ASSERT_TRUE(front.ok());
    EXPECT_EQ(front.value().broken, "input/output error");
    EXPECT_LE(front.value().bytes->size_bytes(), bad_byte);
    EXPECT_GE(front.value().bytes->size_bytes() + (std::uint64_t{1} << 18U), bad_byte);
    std::vector<std::uint8_t> all(1'000'000);
    const auto got = front.value().bytes->read(0, all);
    ASSERT_TRUE(got.ok());
    EXPECT_EQ(got.value(), front.value().bytes->size_bytes());
  }
}

TEST(PackedLog, names_lose_one_ending) {
  EXPECT_EQ(without_packing("000000010000000000000001.gz"), "000000010000000000000001");
  EXPECT_EQ(without_packing("binlog.000001.lz4"), "binlog.000001");
  EXPECT_EQ(without_packing("a.zst.gz"), "a.zst");
  EXPECT_EQ(without_packing("a.bak9"), "a.bak9");
}

}  // namespace lastgood::engines
