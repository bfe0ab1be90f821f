// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What tests of campaigns share: records as inspection makes them, and a case in memory to find campaigns in.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "campaigns/apply_campaigns.h"
#include "campaigns/find_campaigns.h"
#include "casefile/testing/memory_case_store.h"
#include "casefile/testing/sample_records.h"

namespace lastgood::campaigns::testing {

using casefile::testing::files_in;
using casefile::testing::MemoryCaseStore;
using model::Campaign;
using model::Certainty;
using model::FileRecord;
using model::Verdict;

inline constexpr std::int64_t k_minute_ns = 60'000'000'000;

using Bytes = std::vector<std::uint8_t>;

inline Bytes noise(std::size_t count) {
  static std::mt19937 engine(20221123);
  Bytes bytes(count);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(engine());
  return bytes;
}

inline FileRecord file_of(std::string path, Verdict verdict, Certainty certainty = Certainty::weak) {
  FileRecord record;
  record.path = std::move(path);
  record.size_bytes = 20'000;
  record.ctime_ns = 1000;
  record.verdict = verdict;
  record.certainty = certainty;
  if (verdict != Verdict::intact) {
    record.head = noise(model::k_mark_bytes);
    record.tail = noise(model::k_mark_bytes);
  }
  // What inspection says of a file that is random throughout.
  if (verdict == Verdict::undecided) record.ranges = {{.from = 0, .to = record.size_bytes}};
  return record;
}

inline void put_mark(FileRecord& record, const std::string& head, const std::string& tail) {
  std::copy(head.begin(), head.end(), record.head.begin());
  std::copy(tail.begin(), tail.end(), record.tail.end() - static_cast<std::ptrdiff_t>(tail.size()));
}

/// As inspection records them: the name promises a format and something was appended to it.
inline FileRecord renamed_file(const std::string& path, const std::string& original_name, Verdict verdict) {
  FileRecord record = file_of(path, verdict, verdict == Verdict::encrypted ? Certainty::proven : Certainty::weak);
  record.original_name = original_name;
  return record;
}

class CampaignTest : public ::testing::Test {
 protected:
  CampaignTest() : scan_id_(store_.begin_scan({}).value()) {}

  void record(const FileRecord& file) { ASSERT_TRUE(store_.record_files(scan_id_, {&file, 1}, {}).ok()); }
  void record_many(int count, const std::string& folder, const std::string& suffix, Verdict verdict,
                   Certainty certainty = Certainty::weak) {
    for (int i = 0; i < count; ++i) record(file_of(folder + "/f" + std::to_string(i) + suffix, verdict, certainty));
  }
  void sight(const std::string& path, const std::string& value) {
    const model::Sighting sighting{.kind = "email", .value = value, .level = "shape", .path = path, .offset_bytes = 5};
    const FileRecord file =
        files_in(store_, {.scan_id = scan_id_, .verdicts = {}, .path = path, .path_below = {}}).at(0);
    ASSERT_TRUE(store_.record_files(scan_id_, {&file, 1}, {&sighting, 1}).ok());
  }
  std::vector<Campaign> find() {
    auto found = find_campaigns(store_, scan_id_);
    EXPECT_TRUE(found.ok());
    std::vector<Campaign> campaigns;
    if (!found.ok()) return campaigns;
    for (const FoundCampaign& one : found.value()) campaigns.push_back(one.campaign);
    return campaigns;
  }
  /// What a scan does: finds campaigns, gives them ids, lets them decide.
  std::vector<Campaign> find_and_apply() {
    auto campaigns = decide_by_campaigns(store_, scan_id_);
    EXPECT_TRUE(campaigns.ok());
    return campaigns.ok() ? std::move(campaigns).value() : std::vector<Campaign>();
  }
  FileRecord file_at(const std::string& path) {
    const auto files = files_in(store_, {.scan_id = scan_id_, .verdicts = {}, .path = path, .path_below = {}});
    EXPECT_EQ(files.size(), 1U) << path;
    return files.empty() ? FileRecord{} : files[0];
  }

  MemoryCaseStore store_;
  std::int64_t scan_id_;
};

}  // namespace lastgood::campaigns::testing
