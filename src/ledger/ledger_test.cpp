// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that an append is there as a whole or not at all, whatever fails and whenever the process dies, and that a
// torn end is repaired in the open.
#include "ledger/ledger.h"

#include <gtest/gtest.h>

#include "ledger/testing/sample_ledger.h"
#include "os/testing/faulty_append_file.h"
#include "os/testing/in_child.h"
#include "os/testing/scratch_folder.h"
#include "os/testing/stepping_clock.h"

namespace lastgood::ledger {

namespace {

using os::testing::Fault;
using os::testing::FaultState;
using os::testing::read_file;
using os::testing::ScratchFolder;
using os::testing::write_file;
using testing::check_text;

const os::testing::SteppingClock k_clock(1'669'187'220'000'000'000);
const Actor k_actor{.host = "hims1", .login = "ravi", .program = "lastgood 0.1.0", .user = "root"};
const Fields k_fields{{"root", std::string("/srv")}};

ChainState verified(const std::string& path) {
  auto state = verify_ledger(path);
  EXPECT_TRUE(state.ok());
  return state.ok() ? std::move(state).value() : ChainState{};
}

std::unique_ptr<Ledger> make_faulty(const std::string& path, os::OpenAs open_as,
                                    const std::shared_ptr<FaultState>& faults) {
  auto file = os::open_append_file(path, open_as);
  EXPECT_TRUE(file.ok());
  return std::make_unique<Ledger>(std::make_unique<os::testing::FaultyAppendFile>(std::move(file).value(), faults),
                                  path, k_actor, k_clock);
}

/// Every step of an append fails once, in each way it can, and each time the ledger is the old one or the new one.
void fail_every_step(Fault fault, int errno_value, const std::string& torn_end) {
  bool struck = true;
  for (int step = 0; struck; ++step) {
    const ScratchFolder folder;
    ASSERT_TRUE(create_ledger(folder.path()).value()->append("scan-begun", k_fields).ok());
    write_file(folder / "ledger", read_file(folder / "ledger") + torn_end);
    const std::size_t size_before = read_file(folder / "ledger").size();
    const auto faults = std::make_shared<FaultState>(
        FaultState{.plan = {.failing_step = step, .fault = fault, .errno_value = errno_value}});
    bool appended = false;
    {
      const auto ledger = make_faulty(folder / "ledger", os::OpenAs::existing, faults);
      const auto head = ledger->append("scan-finished", k_fields);
      appended = head.ok();
      EXPECT_EQ(head.ok(), !faults->struck) << step;
      if (!appended && read_file(folder / "ledger").size() > size_before) {
        EXPECT_FALSE(ledger->append("scan-finished", k_fields).ok()) << "must be opened anew after a failed write";
      }
    }
    struck = faults->struck;
    const std::uint64_t repairs = torn_end.empty() ? 0 : 1;
    const ChainState left = verified(folder / "ledger");
    EXPECT_FALSE(left.broken.has_value()) << step;
    EXPECT_TRUE(left.entries >= 2 && left.entries <= 3 + repairs) << step << ": " << left.entries;
    if (appended) {
      EXPECT_EQ(left.entries, 3 + repairs);
    }
    const auto again = open_ledger(folder.path());
    ASSERT_TRUE(again.ok()) << step;
    ASSERT_TRUE(again.value()->append("scan-begun", k_fields).ok()) << step;
    const ChainState healed = verified(folder / "ledger");
    EXPECT_FALSE(healed.broken || healed.torn_end) << step;
    EXPECT_GT(healed.entries, left.entries);
  }
}

}  // namespace

TEST(Ledger, begins_with_the_case_and_grows_entry_by_entry) {
  const ScratchFolder folder;
  {
    const auto ledger = create_ledger(folder.path());
    ASSERT_TRUE(ledger.ok());
    const auto head = ledger.value()->append("scan-begun", k_fields);
    ASSERT_TRUE(head.ok());
    EXPECT_EQ(head.value().sequence, 2U);
    EXPECT_EQ(verified(folder / "ledger").head_sha256, head.value().sha256);
  }
  const auto ledger = open_ledger(folder.path());
  ASSERT_TRUE(ledger.ok());
  EXPECT_EQ(ledger.value()->append("scan-finished", {}).value().sequence, 3U);
  const ChainState state = verified(folder / "ledger");
  EXPECT_EQ(state.entries, 3U);
  EXPECT_EQ(state.case_id.size(), 32U);
  EXPECT_EQ(state.case_id, ledger.value()->state().case_id);
}

TEST(Ledger, is_made_once_and_never_made_by_opening) {
  const ScratchFolder folder;
  EXPECT_EQ(open_ledger(folder.path()).error().code, base::ErrorCode::not_found);
  ASSERT_TRUE(create_ledger(folder.path()).ok());
  const std::string before = read_file(folder / "ledger");
  EXPECT_EQ(create_ledger(folder.path()).error().code, base::ErrorCode::misuse);
  EXPECT_EQ(read_file(folder / "ledger"), before);
}

TEST(Ledger, says_that_making_the_case_was_interrupted) {
  const ScratchFolder folder;
  write_file(folder / "ledger", "{\"sequence\":1,\"ti");
  const auto ledger = open_ledger(folder.path());
  ASSERT_FALSE(ledger.ok());
  EXPECT_EQ(ledger.error().code, base::ErrorCode::damaged_container);
  EXPECT_EQ(ledger.error().what, "ledger '" + (folder / "ledger") + "' has no entry");
}

TEST(Ledger, does_not_go_on_from_a_broken_one) {
  const ScratchFolder folder;
  ASSERT_TRUE(create_ledger(folder.path()).value()->append("scan-begun", k_fields).ok());
  std::string text = read_file(folder / "ledger");
  text.replace(text.find("/srv"), 4, "/etc");
  write_file(folder / "ledger", text);
  const auto ledger = open_ledger(folder.path());
  ASSERT_FALSE(ledger.ok());
  EXPECT_EQ(ledger.error().code, base::ErrorCode::damaged_container);
  EXPECT_NE(ledger.error().what.find("is broken at entry 2 (byte "), std::string::npos) << ledger.error().what;
  EXPECT_EQ(read_file(folder / "ledger"), text);
}

TEST(Ledger, writes_odd_bytes_readably_and_exactly) {
  const ScratchFolder folder;
  ASSERT_TRUE(create_ledger(folder.path())
                  .value()
                  ->append("file-kept", {{"path", std::string("/srv/\xff")},
                                         {"paths", std::vector<std::string>{"a", "\xfe"}},
                                         {"size_bytes", INT64_MAX}})
                  .ok());
  const std::string text = read_file(folder / "ledger");
  EXPECT_NE(text.find(R"("fields":{"path":"/srv/\\xff","path_b64":"L3Nydi//","paths":["a","\\xfe"],)"
                      R"("paths_b64":["YQ==","/g=="],"size_bytes":"9223372036854775807"})"),
            std::string::npos)
      << text;
  EXPECT_EQ(verified(folder / "ledger").entries, 2U);
}

TEST(Ledger, refuses_an_entry_that_no_checker_would_accept) {
  const ScratchFolder folder;
  const auto ledger = create_ledger(folder.path());
  ASSERT_TRUE(ledger.ok());
  const auto refused = ledger.value()->append("file-kept", {{"path", std::string(k_line_bytes_max, 'x')}});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::ErrorCode::limit_reached);
  EXPECT_TRUE(ledger.value()->append("file-kept", k_fields).ok());
  EXPECT_EQ(verified(folder / "ledger").entries, 2U);
}

TEST(Ledger, lets_two_writers_take_turns) {
  const ScratchFolder folder;
  const auto first = create_ledger(folder.path());
  const auto second = open_ledger(folder.path());
  ASSERT_TRUE(first.ok() && second.ok());
  for (std::uint64_t i = 0; i < 5; ++i) {
    EXPECT_EQ(first.value()->append("scan-begun", k_fields).value().sequence, 2 + 2 * i);
    EXPECT_EQ(second.value()->append("file-kept", k_fields).value().sequence, 3 + 2 * i);
  }
  EXPECT_EQ(verified(folder / "ledger").entries, 11U);
}

TEST(Ledger, repairs_a_torn_end_in_the_open_wherever_it_was_cut) {
  const ScratchFolder folder;
  {
    const auto made = create_ledger(folder.path());
    ASSERT_TRUE(made.ok() && made.value()->append("scan-begun", k_fields).ok());
  }
  const std::string before = read_file(folder / "ledger");
  ASSERT_TRUE(open_ledger(folder.path()).value()->append("scan-finished", k_fields).ok());
  const std::string after = read_file(folder / "ledger");
  for (std::size_t size = before.size() + 1; size + 1 < after.size(); size += 7) {
    write_file(folder / "ledger", after.substr(0, size));
    auto ledger = open_ledger(folder.path());
    ASSERT_TRUE(ledger.ok()) << size;
    EXPECT_EQ(read_file(folder / "ledger").size(), size) << "opening alone must not write";
    EXPECT_EQ(ledger.value()->append("scan-begun", k_fields).value().sequence, 4U);
    const std::string text = read_file(folder / "ledger");
    EXPECT_EQ(text.substr(0, size), after.substr(0, size)) << "torn bytes must stay";
    const ChainState state = check_text(text);
    EXPECT_FALSE(state.broken || state.torn_end) << size;
    EXPECT_EQ(state.repairs, 1U);
  }
}

TEST(Ledger, goes_on_behind_a_whole_entry_that_lacks_its_newline) {
  const ScratchFolder folder;
  ASSERT_TRUE(create_ledger(folder.path()).value()->append("scan-begun", k_fields).ok());
  std::string text = read_file(folder / "ledger");
  text.pop_back();
  write_file(folder / "ledger", text);
  ASSERT_EQ(open_ledger(folder.path()).value()->append("scan-finished", {}).value().sequence, 3U);
  const ChainState state = verified(folder / "ledger");
  EXPECT_EQ(state.entries, 3U);
  EXPECT_EQ(state.repairs, 0U);
}

TEST(Ledger, survives_a_crash_in_the_middle_of_a_repair) {
  const ScratchFolder folder;
  ASSERT_TRUE(create_ledger(folder.path()).value()->append("scan-begun", k_fields).ok());
  const std::string whole = read_file(folder / "ledger");
  const std::string torn = whole + "{\"sequence\":3,\"time\"";
  write_file(folder / "ledger", torn);
  ASSERT_TRUE(open_ledger(folder.path()).value()->append("scan-begun", k_fields).ok());
  const std::string repaired = read_file(folder / "ledger");
  for (std::size_t size = torn.size() + 1; size < repaired.size(); size += 5) {
    write_file(folder / "ledger", repaired.substr(0, size));
    const auto ledger = open_ledger(folder.path());
    ASSERT_TRUE(ledger.ok()) << size;
    ASSERT_TRUE(ledger.value()->append("scan-finished", {}).ok()) << size;
    const ChainState state = verified(folder / "ledger");
    EXPECT_FALSE(state.broken || state.torn_end) << size;
    EXPECT_GE(state.repairs, 1U);
  }
}

TEST(Ledger, is_old_or_new_after_any_step_failed) {
  fail_every_step(Fault::nothing_done, EIO, "");
  fail_every_step(Fault::half_done, ENOSPC, "");
  fail_every_step(Fault::all_done, EIO, "");
}

TEST(Ledger, is_old_or_new_after_any_step_of_a_repair_failed) {
  fail_every_step(Fault::nothing_done, EIO, "{\"sequence\":3,");
  fail_every_step(Fault::half_done, ENOSPC, "{\"sequence\":3,");
  fail_every_step(Fault::all_done, EIO, "{\"sequence\":3,");
}

TEST(Ledger, says_that_the_disk_is_full) {
  const ScratchFolder folder;
  ASSERT_TRUE(create_ledger(folder.path()).ok());
  const std::uint64_t size_bytes = read_file(folder / "ledger").size();
  EXPECT_EQ(os::testing::run_in_child([&] {
              os::testing::limit_file_size(size_bytes + 100);
              const auto ledger = open_ledger(folder.path());
              if (!ledger.ok()) return 1;
              const auto head = ledger.value()->append("scan-begun", k_fields);
              return !head.ok() && head.error().code == base::ErrorCode::no_space ? 0 : 2;
            }),
            0);
  EXPECT_EQ(verified(folder / "ledger").entries, 1U);
  ASSERT_TRUE(open_ledger(folder.path()).value()->append("scan-begun", k_fields).ok());
  EXPECT_EQ(verified(folder / "ledger").repairs, 1U);
}

TEST(Ledger, keeps_every_confirmed_entry_when_its_process_is_killed) {
  const ScratchFolder folder;
  ASSERT_TRUE(create_ledger(folder.path()).ok());
  for (int round = 1; round <= 5; ++round) {
    const std::uint64_t before = verified(folder / "ledger").entries;
    std::array<int, 2> pipe_ends{};
    ASSERT_EQ(::pipe(pipe_ends.data()), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const auto ledger = open_ledger(folder.path());
      while (ledger.ok() && ledger.value()->append("file-kept", k_fields).ok()) {
        if (::write(pipe_ends[1], "x", 1) != 1) break;
      }
      ::_exit(1);
    }
    ::close(pipe_ends[1]);
    std::uint64_t confirmed = 0;
    char byte = 0;
    while (confirmed < static_cast<std::uint64_t>(round) * 3 && ::read(pipe_ends[0], &byte, 1) == 1) ++confirmed;
    ::kill(child, SIGKILL);
    while (::read(pipe_ends[0], &byte, 1) == 1) ++confirmed;
    ::close(pipe_ends[0]);
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    const ChainState state = verified(folder / "ledger");
    EXPECT_FALSE(state.broken.has_value());
    EXPECT_GE(state.entries, before + confirmed);
    EXPECT_GE(confirmed, 1U);
  }
}

}  // namespace lastgood::ledger
