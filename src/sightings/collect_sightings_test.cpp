// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that indicators are found wherever they stand in files of every size, and that the hospital's own are kept
// apart.
#include "sightings/collect_sightings.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include <gtest/gtest.h>

#include "base/checksum.h"

namespace lastgood::sightings {
namespace {

class Kept final : public SightingSink {
 public:
  void take(SeenFile file) override { files[file.path] = std::move(file); }
  void trouble(const std::string& path, const base::Error&) override { troubles.push_back(path); }
  void progress(const CollectTally&) override {}
  [[nodiscard]] bool cancelled() const override { return false; }

  std::map<std::string, SeenFile> files;
  std::vector<std::string> troubles;
};

class CollectSightings : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "sightings-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void put(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ + "/" + name, std::ios::binary) << bytes;
  }
  Kept collect(const OwnPlaces& own = {}) const {
    Kept kept;
    const auto outcome = collect_sightings({.roots = {folder_}}, own, kept);
    EXPECT_TRUE(outcome.ok() && outcome.value().finished);
    return kept;
  }
  std::string folder_;
};

TEST_F(CollectSightings, FindsAValueAtEveryPlaceAroundTheEndsOfItsWindows) {
  constexpr std::size_t k_window = (std::size_t{1} << 20) + 2 * indicators::k_indicator_bytes_max;
  for (const std::size_t end : {k_window - indicators::k_indicator_bytes_max, k_window, 2 * k_window}) {
    for (const std::size_t at : {end - 30, end - 12, end - 1, end, end + 1}) {
      std::string bytes(3 * k_window, '\xEE');
      const std::string value = " dog2398@protonmail.com ";
      bytes.replace(at, value.size(), value);
      put("image.bin", bytes);
      const Kept kept = collect();
      ASSERT_EQ(kept.files.size(), 1U) << at;
      const SeenFile& file = kept.files.begin()->second;
      ASSERT_EQ(file.seen.size(), 1U) << at;
      EXPECT_EQ(file.seen[0].first.offset_bytes, at + 1);
      EXPECT_EQ(file.seen[0].times, 1U);
      EXPECT_EQ(file.size_bytes, bytes.size());
      const base::Sha256Digest digest = base::sha256(base::ByteView(std::string_view(bytes)));
      EXPECT_EQ(file.sha256, base::hex(base::ByteView(std::span<const std::uint8_t>(digest))));
    }
  }
}

TEST_F(CollectSightings, CountsAValueOncePerFileAndSaysHowOftenItStands) {
  put("a.log", "198.51.100.7 then 198.51.100.7 again");
  put("b.id[1A2B3C4D-2803].[fox@mailbox.example.com].eight", std::string("\x01\x02", 2));
  const Kept kept = collect();
  ASSERT_EQ(kept.files.size(), 2U);
  const SeenFile& log = kept.files.at(folder_ + "/a.log");
  ASSERT_EQ(log.seen.size(), 1U);
  EXPECT_EQ(log.seen[0].times, 2U);
  EXPECT_EQ(log.seen[0].first.offset_bytes, 0U);
  const SeenFile& named = kept.files.at(folder_ + "/b.id[1A2B3C4D-2803].[fox@mailbox.example.com].eight");
  ASSERT_EQ(named.seen.size(), 2U);
  EXPECT_TRUE(std::all_of(named.seen.begin(), named.seen.end(),
                          [](const SeenIndicator& seen) { return seen.place == SeenIndicator::Place::name; }));
}

TEST(DecideApart, KeepsWhatCannotBeTheAttackers) {
  const OwnPlaces own{.domains = {"hospital.example.in"},
                      .blocks = {*model::parse_ip_block("198.18.0.0/15"), *model::parse_ip_block("5.6.7.0/24")}};
  EXPECT_EQ(decide_apart("email", "admin@hospital.example.in", own), Apart::own);
  EXPECT_EQ(decide_apart("domain", "mail.hospital.example.in", own), Apart::own);
  EXPECT_EQ(decide_apart("domain", "nothospital.example.in", own), Apart::no);
  EXPECT_EQ(decide_apart("ipv4", "5.6.7.8", own), Apart::own);
  EXPECT_EQ(decide_apart("ipv4", "10.1.2.3", own), Apart::internal);
  EXPECT_EQ(decide_apart("ipv4", "8.8.8.0/24", own), Apart::no);
  EXPECT_EQ(decide_apart("url", "https://user@schemas.microsoft.com:443/x", own), Apart::vendor);
  EXPECT_EQ(decide_apart("url", "http://[fd00::1]/x", own), Apart::internal);
  EXPECT_EQ(decide_apart("url", "http://192.168.1.1/x", own), Apart::internal);
  EXPECT_EQ(decide_apart("email", "dog2398@protonmail.com", own), Apart::no);
  EXPECT_EQ(decide_apart("btc", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", own), Apart::no);
}

}  // namespace
}  // namespace lastgood::sightings
