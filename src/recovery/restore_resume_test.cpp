// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a restore which is killed, cancelled or failed by its target at any step leaves no half file under a
// final name, and that the same call again ends in the same tree as an undisturbed one. LASTGOOD_KILLS says how often
// it is killed; tests/restore/run_long.sh asks for 1,000.
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <random>

#include "os/testing/faulty_target_gate.h"
#include "os/testing/in_child.h"
#include "recovery/testing/restore_story.h"

namespace lastgood::recovery {
namespace {

using os::testing::FaultyTargetGate;
using os::testing::read_file;
using testing::look_at;
using testing::RestoreStory;
using testing::rules_of;

/// Some of everything, small enough to be restored hundreds of times.
void fill(RestoreStory& story, std::size_t large_bytes) {
  for (int i = 0; i < 12; ++i) {
    auto& file = story.source.put_file("s1", "/srv/d" + std::to_string(i % 3) + "/f" + std::to_string(i),
                                       std::string(static_cast<std::size_t>(i) * 700, static_cast<char>('a' + i)));
    file.user_id = 1000U + static_cast<unsigned>(i);
  }
  story.source.put_file("s1", "/srv/one", "linked").link_group = 3;
  story.source.put_file("s1", "/srv/two", "linked").link_group = 3;
  story.source.put_link("s1", "/srv/link", "one");
  story.source.put("s1", "/srv/closed", model::EntryKind::folder, 0500);
  if (large_bytes > 0) {
    story.source.piece_bytes = 1'000'000;
    std::string large(large_bytes, 'L');
    for (std::size_t i = 0; i < large.size(); i += 4097) large[i] = static_cast<char>(i / 4097);
    story.source.put_file("s1", "/srv/large", large);
  }
  story.plan_all();
}

/// Every regular file that stands under a final name must be whole.
void expect_no_half_file(const RestoreStory& story, const std::map<std::string, std::string>& whole) {
  if (!std::filesystem::exists(story.request.target)) return;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(story.request.target)) {
    const std::string path = entry.path().string().substr(story.request.target.size());
    if (!entry.is_regular_file() || entry.is_symlink() || path.find("/.lastgood-") != std::string::npos) continue;
    const auto found = whole.find(path);
    ASSERT_NE(found, whole.end()) << path;
    const std::string content = read_file(entry.path());
    EXPECT_TRUE(found->second.ends_with(" " + content)) << path << " is half";
  }
}

std::map<std::string, std::string> undisturbed(std::size_t large_bytes) {
  RestoreStory story;
  fill(story, large_bytes);
  const auto outcome = story.restore();
  EXPECT_TRUE(outcome.ok() && outcome.value().finished);
  return look_at(story.request.target);
}

TEST(RestoreResume, ends_in_the_same_tree_after_a_failure_of_any_call) {
  const std::map<std::string, std::string> whole = undisturbed(0);
  bool struck = true;
  for (std::uint64_t call = 0; struck; ++call) {
    RestoreStory story;
    story.request.threads = 1;
    fill(story, 0);
    FaultyTargetGate gate;
    gate.failing_call = call;
    gate.errno_value = call % 2 == 0 ? EIO : ENOSPC;
    gate.for_ever = true;
    story.request.gate = &gate;
    const auto broken = story.restore();
    struck = gate.struck();
    ASSERT_EQ(broken.ok(), !struck) << call;
    if (struck) {
      EXPECT_EQ(broken.error().code, call % 2 == 0 ? base::ErrorCode::io : base::ErrorCode::no_space);
      EXPECT_NE(broken.error().what.find("cannot "), std::string::npos);
    }
    expect_no_half_file(story, whole);
    story.request.gate = nullptr;
    const auto outcome = story.restore();
    ASSERT_TRUE(outcome.ok()) << call << ": " << outcome.error().what;
    EXPECT_TRUE(outcome.value().finished);
    EXPECT_EQ(rules_of(outcome.value().refused), "") << call;
    ASSERT_EQ(look_at(story.request.target), whole) << call;
  }
}

TEST(RestoreResume, ends_in_the_same_tree_after_being_killed) {
  constexpr std::size_t k_large_bytes = 34'000'000;
  const std::map<std::string, std::string> with_large = undisturbed(k_large_bytes);
  const std::map<std::string, std::string> without_large = undisturbed(0);
  std::mt19937 random(1);                              // NOLINT(cert-msc51-cpp): the same kills each time
  const char* wanted = std::getenv("LASTGOOD_KILLS");  // NOLINT(concurrency-mt-unsafe)
  const int rounds = wanted != nullptr ? std::atoi(wanted) : 20;
  for (int round = 0; round < rounds; ++round) {
    RestoreStory story;
    const bool large = round % 5 == 0;
    const auto& whole = large ? with_large : without_large;
    fill(story, large ? k_large_bytes : 0);
    FaultyTargetGate gate;
    const unsigned calls = static_cast<unsigned>(random() % 160);
    std::atomic<unsigned> seen = 0;
    gate.before = [&](os::TargetCall /*call*/) {
      if (seen++ == calls) (void)std::raise(SIGKILL);
    };
    story.request.gate = &gate;
    const int status = os::testing::run_in_child([&] { return story.restore().ok() ? 0 : 1; });
    EXPECT_TRUE(status == -1 || status == 0) << status;
    expect_no_half_file(story, whole);
    story.request.gate = nullptr;
    // The child told the ledger; this process reads on from there.
    story.ledger = ledger::open_ledger(story.scratch / "case").value();
    const auto outcome = story.restore();
    ASSERT_TRUE(outcome.ok()) << outcome.error().what;
    EXPECT_TRUE(outcome.value().finished);
    EXPECT_EQ(rules_of(outcome.value().refused), "") << round;
    ASSERT_TRUE(look_at(story.request.target) == whole) << "round " << round << ", killed at call " << calls;
  }
}

TEST(RestoreResume, reads_only_what_was_not_synced_again) {
  RestoreStory story;
  story.source.piece_bytes = 1'000'000;
  std::string large(100'000'000, 'x');
  for (std::size_t i = 0; i < large.size(); i += 997) large[i] = static_cast<char>(i);
  story.source.put_file("s1", "/large", large);
  story.plan_all();
  story.source.vanish_after(85);
  ASSERT_FALSE(story.restore().ok());
  const std::uint64_t before = story.source.bytes_read();
  story.source.vanish_after(UINT64_MAX);
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_TRUE(read_file(story.in_target("/large")) == large);
  EXPECT_LE(story.source.bytes_read() - before, large.size() - before + k_unsynced_bytes_max);
}

TEST(RestoreResume, writes_a_segment_again_that_does_not_read_back) {
  RestoreStory story;
  story.source.piece_bytes = 1'000'000;
  const std::string large(60'000'000, 'x');
  story.source.put_file("s1", "/large", large);
  story.plan_all();
  story.request.threads = 1;
  story.source.vanish_after(50);
  ASSERT_FALSE(story.restore().ok());
  for (const auto& entry : std::filesystem::directory_iterator(story.in_target("/" + std::string(k_parts_folder)))) {
    std::fstream part(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    part.seekp(5'000'000);
    part << "rot";
  }
  story.source.vanish_after(UINT64_MAX);
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_TRUE(read_file(story.in_target("/large")) == large);
}

TEST(RestoreResume, stops_when_asked_and_goes_on) {
  class Cancelling final : public testing::QuietProgress {
   public:
    explicit Cancelling(const sources::testing::FakeSource& source) : source_(source) {}
    [[nodiscard]] bool cancelled() const override { return source_.pieces_read() > 20; }

   private:
    const sources::testing::FakeSource& source_;
  };
  RestoreStory story;
  story.source.piece_bytes = 100'000;
  for (int i = 0; i < 40; ++i) story.source.put_file("s1", "/f" + std::to_string(i), std::string(6'000'000, 'x'));
  story.plan_all();
  Cancelling progress(story.source);
  sources::Source* const sources[] = {&story.source};
  const auto stopped = restore_plan(story.plan, sources, story.request, progress, *story.ledger);
  ASSERT_TRUE(stopped.ok()) << stopped.error().what;
  EXPECT_FALSE(stopped.value().finished);
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_TRUE(outcome.value().finished);
  EXPECT_EQ(look_at(story.request.target).size(), 40U);
}

TEST(RestoreResume, refuses_to_go_on_in_a_target_that_was_emptied_since) {
  RestoreStory story;
  fill(story, 0);
  ASSERT_TRUE(story.restore().ok());
  for (const auto& entry : std::filesystem::directory_iterator(story.request.target))
    std::filesystem::remove_all(entry.path());
  const auto again = story.restore();
  ASSERT_FALSE(again.ok()) << "all of it was 'done before', and nothing is there";
  EXPECT_NE(again.error().what.find("it is empty"), std::string::npos) << again.error().what;
  EXPECT_NE(again.error().hint.find("is its disk mounted?"), std::string::npos) << again.error().hint;
}

TEST(RestoreResume, says_what_it_had_put_back_and_is_gone_since_and_leaves_that_to_people) {
  RestoreStory story;
  fill(story, 0);
  ASSERT_TRUE(story.restore().ok());
  std::filesystem::remove(story.in_target("/srv/one"));
  const auto again = story.restore();
  ASSERT_TRUE(again.ok()) << again.error().what;
  EXPECT_TRUE(again.value().finished);
  EXPECT_EQ(testing::rules_of(again.value().remarks), "/srv/one restore.gone\n");
  EXPECT_FALSE(std::filesystem::exists(story.in_target("/srv/one")));
}

TEST(RestoreResume, refuses_another_plan_in_a_target_that_was_begun) {
  RestoreStory story;
  fill(story, 0);
  ASSERT_TRUE(story.restore().ok());
  story.request.plan_sha256 = std::string(64, 'b');
  const auto other = story.restore();
  ASSERT_FALSE(other.ok());
  EXPECT_NE(other.error().what.find("it is not empty"), std::string::npos) << other.error().what;
}

}  // namespace
}  // namespace lastgood::recovery
