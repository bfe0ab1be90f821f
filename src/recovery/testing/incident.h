// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A small incident in memory: a source with snapshots that a test fills, a case, a ledger, and the steps from judging
// to a plan as one call each.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "casefile/testing/memory_case_store.h"
#include "ledger/ledger.h"
#include "os/testing/scratch_folder.h"
#include "recovery/judge_backup.h"
#include "recovery/plan_recovery.h"
#include "sources/testing/fake_source.h"

namespace lastgood::recovery::testing {

inline constexpr std::int64_t k_day_ns = 86'400'000'000'000;
/// Midnight of the day before the first snapshot that tests make.
inline constexpr std::int64_t k_begin_ns = 1'668'000'000'000'000'000;

inline std::int64_t day(int number) { return k_begin_ns + number * k_day_ns; }

/// Bytes without any structure, the same for the same seed.
inline std::string random_bytes(std::size_t count, std::uint64_t seed) {
  std::string out;
  std::uint64_t state = seed * 0x9e3779b97f4a7c15 + 1;
  for (std::size_t i = 0; i < count; ++i) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    out += static_cast<char>(state >> 32);
  }
  return out;
}

inline std::string letter(int number) {
  std::string out;
  for (int line = 0; line < 60; ++line)
    out +=
        "Report " + std::to_string(number) + ", line " + std::to_string(line) + ": the patient was seen and is well.\n";
  return out;
}

/// What the attack makes of a letter.
inline std::string struck(int number) {
  return "MARK-OF-THE-ATTACK-2022 " + random_bytes(4000, static_cast<std::uint64_t>(number) + 7);
}

class IncidentProgress final : public JudgeProgress, public PlanProgress {
 public:
  void indexing(const IndexTally& /*tally*/) override {}
  void judging(const JudgeTally& /*tally*/) override {}
  void step(const std::string& /*what*/) override {}
  void planning(std::uint64_t /*folders*/, std::uint64_t /*items*/) override {}
  [[nodiscard]] bool cancelled() const override { return cancel_after != 0 && ++asked_ > cancel_after; }
  int cancel_after = 0;

 private:
  mutable int asked_ = 0;
};

class Incident : public ::testing::Test {
 protected:
  void SetUp() override {
    auto ledger = ledger::create_ledger(scratch_.path());
    ASSERT_TRUE(ledger.ok());
    ledger_ = std::move(ledger).value();
    record_.name = "nas";
    record_.address = "folder:/nas";
    ASSERT_TRUE(store_.backups().put_source(record_).ok());
  }

  JudgeOutcome judge(sources::Source& source, JudgeWhat what = JudgeWhat::all) {
    auto judged = judge_backup({.source = record_, .what = what}, source, store_, *ledger_, progress_);
    EXPECT_TRUE(judged.ok()) << (judged.ok() ? "" : judged.error().what);
    return judged.ok() ? std::move(judged).value() : JudgeOutcome{};
  }

  /// Takes the source over, as one of the case's that has this name.
  OpenedSource opened_source(std::unique_ptr<sources::testing::FakeSource> source, const std::string& name) const {
    OpenedSource opened;
    opened.record = record_;
    opened.record.name = name;
    opened.snapshots = source->snapshots().value();
    opened.source = std::move(source);
    return opened;
  }

  /// Takes the source over.
  Plan plan(std::unique_ptr<sources::testing::FakeSource> source, PlanPolicy policy = {}) {
    OpenedSources sources;
    sources.opened.push_back(opened_source(std::move(source), record_.name));
    auto planned = plan_recovery({.case_name = "test.case",
                                  .policy = std::move(policy),
                                  .now_ns = day(40),
                                  .opening = {},
                                  .services = services_},
                                 store_, sources, progress_);
    EXPECT_TRUE(planned.ok()) << (planned.ok() ? "" : planned.error().what);
    return planned.ok() ? std::move(planned).value() : Plan{};
  }

  static const PlanItem* find(const Plan& plan, const std::string& path) {
    for (const PlanItem& item : plan.items) {
      if (item.path == path) return &item;
    }
    return nullptr;
  }

  os::testing::ScratchFolder scratch_;
  casefile::testing::MemoryCaseStore store_;
  std::unique_ptr<ledger::Ledger> ledger_;
  model::BackupSource record_;
  const services::ServicesFile* services_ = nullptr;
  IncidentProgress progress_;
};

}  // namespace lastgood::recovery::testing
