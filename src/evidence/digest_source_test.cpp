// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves the three digests against coreutils at every size around the limits, that states and bytes come in order, and
// that every single changed bit of a content is located.
#include "evidence/digest_source.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "base/sha256_state.h"
#include "evidence/locate_change.h"
#include "ledger/testing/run_shell.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::evidence {

namespace {

std::string some_bytes(std::size_t count) {
  std::mt19937_64 random(count);
  std::string out(count, '\0');
  for (char& c : out) c = static_cast<char>(random());
  return out;
}

struct Taken {
  Digests digests;
  std::vector<base::Sha256Digest> states;
  std::string bytes;
};

Taken take(const std::string& content, std::uint64_t block_bytes) {
  Taken out;
  base::MemorySource source{base::ByteView(std::string_view(content))};
  auto digests = digest_source(source, block_bytes,
                               {.on_state =
                                    [&](const base::Sha256Digest& state) {
                                      out.states.push_back(state);
                                      return base::Status(base::Done{});
                                    },
                                .on_bytes =
                                    [&](base::ByteView bytes) {
                                      out.bytes += bytes.text();
                                      return base::Status(base::Done{});
                                    }});
  EXPECT_TRUE(digests.ok());
  out.digests = std::move(digests).value();
  return out;
}

class MemoryStates final : public BlockStates {
 public:
  explicit MemoryStates(std::vector<base::Sha256Digest> states) : states_(std::move(states)) {}
  base::Result<base::Sha256Digest> state_behind(std::uint64_t block) override { return states_.at(block); }

 private:
  std::vector<base::Sha256Digest> states_;
};

ContentChange located(const std::string& now, const Taken& taken, std::uint64_t block_bytes) {
  base::MemorySource source{base::ByteView(std::string_view(now))};
  MemoryStates states(taken.states);
  auto change = locate_change(
      source, {.size_bytes = taken.bytes.size(), .sha256 = taken.digests.sha256, .block_bytes = block_bytes}, states);
  EXPECT_TRUE(change.ok());
  return std::move(change).value();
}

/// $LASTGOOD_FLIPS asks for more: tests/long/flip_bits.py says how.
int flips_to_try(int usual) {
  const char* asked = std::getenv("LASTGOOD_FLIPS");
  return asked == nullptr ? usual : std::atoi(asked);
}

/// Gives its bytes, then fails.
class FailingSource final : public base::ByteSource {
 public:
  [[nodiscard]] std::uint64_t size_bytes() const override { return 64U << 20U; }
  [[nodiscard]] base::Result<std::size_t> read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) override {
    if (offset_bytes > (20U << 20U)) return base::system_error("read", "disk", EIO);
    return into.size();
  }
};

}  // namespace

TEST(DigestSource, agrees_with_sha256sum_sha1sum_and_md5sum_at_every_edge) {
  const os::testing::ScratchFolder folder;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{63}, std::size_t{64}, std::size_t{16'383},
                                 std::size_t{16'384}, std::size_t{16'385}, std::size_t{k_alone_bytes_max},
                                 std::size_t{k_alone_bytes_max + 1}, std::size_t{9'000'001}}) {
    const std::string content = some_bytes(size);
    os::testing::write_file(folder / "f", content);
    const Taken taken = take(content, k_fine_block_bytes);
    EXPECT_EQ(ledger::testing::run_shell(folder.path(), "cat f | sha256sum; cat f | sha1sum; cat f | md5sum").printed,
              taken.digests.sha256 + "  -\n" + taken.digests.sha1 + "  -\n" + taken.digests.md5 + "  -\n");
    EXPECT_EQ(taken.digests.bytes, size);
    EXPECT_TRUE(taken.bytes == content) << size;
    EXPECT_EQ(taken.states.size(), size == 0 ? 0 : (size - 1) / k_fine_block_bytes) << size;
    EXPECT_TRUE(located(content, taken, k_fine_block_bytes).is_same()) << size;
  }
}

TEST(DigestSource, ends_with_the_reason_when_reading_or_keeping_fails) {
  FailingSource source;
  const auto unread = digest_source(source, k_fine_block_bytes, {});
  ASSERT_FALSE(unread.ok());
  EXPECT_EQ(unread.error().system_errno, EIO);
  for (const bool at_state : {false, true}) {
    const std::string content = some_bytes(3'000'000);
    base::MemorySource memory{base::ByteView(std::string_view(content))};
    int left = 5;
    const auto fail = [&left] {
      return --left < 0 ? base::Status(base::system_error("write", "kept", ENOSPC)) : base::Status(base::Done{});
    };
    DigestSinks sinks;
    if (at_state) sinks.on_state = [&](const base::Sha256Digest&) { return fail(); };
    if (!at_state) sinks.on_bytes = [&](base::ByteView) { return fail(); };
    const auto full = digest_source(memory, k_fine_block_bytes, sinks);
    ASSERT_FALSE(full.ok());
    EXPECT_EQ(full.error().code, base::ErrorCode::no_space);
  }
}

TEST(LocateChange, finds_every_single_bit_with_its_byte) {
  std::mt19937 random(20221123);
  constexpr std::uint64_t k_block = 256;
  const std::string content = some_bytes(5 * k_block + 77);
  const Taken taken = take(content, k_block);
  for (int i = 0; i < flips_to_try(600); ++i) {
    std::string bad = content;
    const std::size_t at = random() % bad.size();
    bad[at] = static_cast<char>(static_cast<unsigned char>(bad[at]) ^ (1U << (random() % 8)));
    const ContentChange change = located(bad, taken, k_block);
    ASSERT_EQ(change.ranges.size(), 1U);
    EXPECT_LE(change.ranges[0].from, at);
    EXPECT_GT(change.ranges[0].to, at);
    EXPECT_LE(change.ranges[0].length(), k_block);
    ASSERT_EQ(change.bits.size(), 1U);
    EXPECT_EQ(change.bits[0], (ChangedByte{.offset_bytes = at,
                                           .is = static_cast<std::uint8_t>(bad[at]),
                                           .was = static_cast<std::uint8_t>(content[at])}));
  }
}

TEST(LocateChange, judges_every_block_alone) {
  constexpr std::uint64_t k_block = 1024;
  const std::string content = some_bytes(10 * k_block);
  const Taken taken = take(content, k_block);
  std::string bad = content;
  bad.replace(1024, 4, "rans");
  bad.replace(3 * 1024 - 2, 4, "ransom");
  bad[9 * 1024] = static_cast<char>(bad[9 * 1024] ^ 1);
  const ContentChange change = located(bad.substr(0, content.size()), taken, k_block);
  EXPECT_EQ(change.ranges, (std::vector<model::ByteRange>{{1024, 10 * k_block}}))
      << "everything behind the insertion moved";
  bad = content;
  bad.replace(1024, 4, "rans");
  bad[9 * 1024] = static_cast<char>(bad[9 * 1024] ^ 1);
  EXPECT_EQ(located(bad, taken, k_block).ranges, (std::vector<model::ByteRange>{{1024, 2048}, {9216, 10240}}));
}

TEST(LocateChange, names_what_is_missing_and_what_came_behind) {
  constexpr std::uint64_t k_block = 1024;
  const std::string content = some_bytes(3 * k_block + 10);
  const Taken taken = take(content, k_block);
  EXPECT_EQ(located(content.substr(0, 2500), taken, k_block).ranges, (std::vector<model::ByteRange>{{2048, 3082}}));
  EXPECT_EQ(located("", taken, k_block).ranges, (std::vector<model::ByteRange>{{0, 3082}}));
  EXPECT_EQ(located(content + "footer", taken, k_block).ranges, (std::vector<model::ByteRange>{{3082, 3088}}));
  const Taken empty = take("", k_block);
  EXPECT_TRUE(located("", empty, k_block).is_same());
  EXPECT_EQ(located("x", empty, k_block).ranges, (std::vector<model::ByteRange>{{0, 1}}));
}

}  // namespace lastgood::evidence
