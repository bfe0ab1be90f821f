// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that whoever watches an inspection sees every byte once and in order, at every depth, that the file is read
// once for both, and that no verdict changes by it, not even where bytes cannot be read that the verdict does not need.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/checksum.h"
#include "base/observed_source.h"
#include "formats/format_table.h"
#include "inspect/inspect_content.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::inspect {
namespace {

using model::Depth;

constexpr std::array k_observed_depths = {Depth::quick, Depth::standard, Depth::full};

class Watcher final : public base::ByteObserver {
 public:
  void see(base::ByteView bytes) override {
    EXPECT_FALSE(error.has_value()) << "bytes behind what cannot be read";
    seen += bytes.text();
  }
  void fail(const base::Error& failure) override { error = failure; }
  std::string seen;
  std::optional<base::Error> error;
};

struct Watched {
  Inspection inspection;
  std::optional<base::Sha256Digest> digest;
  std::uint64_t bytes_read = 0;
};

Watched inspect_watched(base::ByteSource& content, const std::string& name, const InspectOptions& options,
                        Watcher& watcher) {
  base::ObservedSource source(
      content, watcher, base::ObservedSource::Digest::made,
      options.depth == Depth::full ? base::ObservedSource::Gaps::left : base::ObservedSource::Gaps::read);
  Watched watched{.inspection = inspect_content(source, name, options), .digest = {}};
  watched.digest = source.finish();
  watched.bytes_read = source.bytes_read();
  return watched;
}

struct Content {
  std::string name;
  std::string bytes;
};

std::string noise(std::size_t size) {
  std::mt19937 engine(static_cast<unsigned>(size));
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(engine());
  return bytes;
}

std::string list_of(std::size_t size) {
  std::string text = "id,name,count\n";
  for (int i = 0; text.size() < size; ++i) text += std::to_string(i * 7919) + ",patient " + std::to_string(i) + ",3\n";
  return text;
}

/// One sample of each format, short and with noise behind it, and long contents of the natures that are sampled.
std::vector<Content> contents() {
  namespace fs = std::filesystem;
  std::vector<Content> all = {{"empty.csv", ""}, {"one.csv", "x"}};
  for (const formats::Format* format : formats::all_formats()) {
    std::string folder_name(format->id);
    std::replace(folder_name.begin(), folder_name.end(), '-', '_');
    const fs::path folder = fs::path(LASTGOOD_SOURCE_DIR) / "src/formats" / folder_name / "testdata";
    if (!fs::is_directory(folder) || format->claims.empty()) continue;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() != ".in") continue;
      const std::string name = "sample." + std::string(format->claims.front().extension);
      const std::string text = os::testing::read_file(entry.path().string());
      all.push_back({name, text});
      all.push_back({name, text + noise(formats::k_whole_bytes + 1000)});
      break;
    }
  }
  const std::string text = list_of(3'000'000);
  std::string half = text;
  half.replace(500'000, 700'000, noise(700'000));
  std::string holed = text;
  std::fill(holed.begin() + 1'000'000, holed.begin() + 2'500'000, '\0');
  for (std::string* bytes : {&half, &holed}) {
    all.push_back({"list.csv", *bytes});
    all.push_back({"list.csv.bak9", *bytes});
  }
  all.push_back({"list.csv", text});
  all.push_back({"disk.img", noise(5'000'000)});
  all.push_back({"at the edge.txt", list_of(256 * 1024)});
  all.push_back({"behind the edge.txt", list_of(256 * 1024 + 1)});
  return all;
}

void expect_same(const Inspection& got, const Inspection& wanted, const std::string& what) {
  EXPECT_EQ(got.verdict, wanted.verdict) << what;
  EXPECT_EQ(got.certainty, wanted.certainty) << what;
  EXPECT_EQ(got.format, wanted.format) << what;
  EXPECT_EQ(got.ranges, wanted.ranges) << what;
  EXPECT_EQ(got.reasons, wanted.reasons) << what;
  EXPECT_EQ(got.head, wanted.head) << what;
  EXPECT_EQ(got.tail, wanted.tail) << what;
  EXPECT_EQ(got.sha256, wanted.sha256) << what;
  EXPECT_EQ(got.bytes_read, wanted.bytes_read) << what;
}

TEST(ObservedInspection, shows_all_bytes_once_reads_little_twice_and_changes_no_verdict) {
  for (const Content& content : contents()) {
    for (const Depth depth : k_observed_depths) {
      const std::string what = fmt::format("{} of {} bytes, {}", content.name, content.bytes.size(), name_of(depth));
      base::MemorySource source{base::ByteView(content.bytes)};
      const InspectOptions options{.depth = depth, .seed = 7};
      const Inspection alone = inspect_content(source, content.name, options);
      Watcher watcher;
      const Watched watched = inspect_watched(source, content.name, options, watcher);
      EXPECT_TRUE(watcher.seen == content.bytes) << what << ": " << watcher.seen.size() << " bytes seen";
      EXPECT_FALSE(watcher.error.has_value()) << what;
      expect_same(watched.inspection, alone, what);
      EXPECT_EQ(watched.digest, base::sha256(base::ByteView(content.bytes))) << what;
      // Whoever walks back and forth alone does so here; what is read on the way for the observer comes once.
      EXPECT_LE(watched.bytes_read, content.bytes.size() + alone.bytes_read) << what;
    }
  }
}

TEST(ObservedInspection, of_a_long_text_reads_it_once) {
  const std::string text = list_of(5'000'000);
  for (const Depth depth : k_observed_depths) {
    base::MemorySource source{base::ByteView(text)};
    const Inspection alone = inspect_content(source, "list.csv", {.depth = depth, .seed = 7});
    Watcher watcher;
    const Watched got = inspect_watched(source, "list.csv", {.depth = depth, .seed = 7}, watcher);
    EXPECT_EQ(got.inspection.verdict, model::Verdict::intact);
    EXPECT_LE(got.bytes_read, text.size() + text.size() / 10);
    if (depth != Depth::full) {
      EXPECT_LE(alone.bytes_read, text.size() / 4) << name_of(depth);
    }
  }
}

/// One place that cannot be read.
class BadSectorSource final : public base::ByteSource {
 public:
  BadSectorSource(base::ByteView bytes, std::uint64_t bad_bytes) : bytes_(bytes), bad_bytes_(bad_bytes) {}
  [[nodiscard]] std::uint64_t size_bytes() const override { return bytes_.size_bytes(); }
  [[nodiscard]] base::Result<std::size_t> read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) override {
    if (offset_bytes <= bad_bytes_ && bad_bytes_ < offset_bytes + into.size())
      return base::system_error("read", "disk.img", EIO);
    return bytes_.read(offset_bytes, into);
  }

 private:
  base::MemorySource bytes_;
  std::uint64_t bad_bytes_;
};

TEST(ObservedInspection, is_not_made_unreadable_by_a_sector_that_the_verdict_does_not_need) {
  const std::string text = list_of(12'000'000);
  constexpr std::uint64_t k_step_bytes = 1'234'567;
  std::size_t passed = 0;
  for (std::uint64_t bad = 0; bad < text.size(); bad += k_step_bytes) {
    for (const Depth depth : k_observed_depths) {
      BadSectorSource source(base::ByteView(text), bad);
      const InspectOptions options{.depth = depth, .seed = 7};
      const Inspection alone = inspect_content(source, "list.csv", options);
      Watcher watcher;
      const Watched watched = inspect_watched(source, "list.csv", options, watcher);
      EXPECT_EQ(watched.inspection.verdict, alone.verdict) << bad << " " << name_of(depth);
      if (alone.verdict == model::Verdict::intact) ++passed;
      ASSERT_TRUE(watcher.error.has_value()) << bad;
      EXPECT_LE(watcher.seen.size(), bad);
      EXPECT_EQ(text.compare(0, watcher.seen.size(), watcher.seen), 0);
      EXPECT_FALSE(watched.digest.has_value());
    }
  }
  EXPECT_GT(passed, 5U);
}

}  // namespace
}  // namespace lastgood::inspect
