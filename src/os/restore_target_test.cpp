// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves what sharing blocks and making holes leave behind, also where the file system cannot share or refuses. That
// sharing itself works is the story tests/cli/reflink_test.sh: it needs a file system of its own.
#include "os/restore_target.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "os/testing/scratch_folder.h"

namespace lastgood::os {
namespace {

using Shared = RestoreTarget::Shared;
using testing::read_file;
using testing::write_file;

class RefusingGate final : public TargetGate {
 public:
  int errno_value = 0;
  [[nodiscard]] int refuses(TargetCall call) override { return call == TargetCall::share ? errno_value : 0; }
};

class ShareBlocks : public ::testing::Test {
 protected:
  void SetUp() override {
    write_file(scratch_ / "from", std::string(100'000, 'f'));
    write_file(scratch_ / "to", std::string(50, 't'));
    auto opened = RestoreTarget::open(scratch_.path(), Mounts::stay, &gate_);
    ASSERT_TRUE(opened.ok());
    target_.emplace(std::move(opened).value());
    to_ = target_->open_file(target_->root(), "to", RestoreTarget::Access::write, "to").value();
  }

  base::Result<Shared> share() {
    const Descriptor folder = open_evidence_root(scratch_.path()).value();
    return target_->share_blocks(to_, open_evidence_file(folder, "from", "from").value(), "to");
  }

  testing::ScratchFolder scratch_;
  RefusingGate gate_;
  std::optional<RestoreTarget> target_;
  Descriptor to_;
};

TEST_F(ShareBlocks, gives_all_of_the_file_or_leaves_what_was_there) {
  const auto shared = share();
  ASSERT_TRUE(shared.ok()) << shared.error().what;
  const bool is_shared = shared.value() == Shared::yes;
  EXPECT_EQ(read_file(scratch_ / "to"), is_shared ? std::string(100'000, 'f') : std::string(50, 't'));
}

TEST_F(ShareBlocks, is_no_error_where_file_systems_cannot_or_the_source_is_broken) {
  for (const int refusal : {EXDEV, EOPNOTSUPP, EINVAL, EPERM, EIO}) {
    gate_.errno_value = refusal;
    const auto shared = share();
    ASSERT_TRUE(shared.ok()) << refusal;
    EXPECT_EQ(shared.value(), Shared::no) << refusal;
  }
}

TEST_F(ShareBlocks, stops_a_restore_when_the_target_can_take_nothing_more) {
  for (const int refusal : {ENOSPC, EDQUOT, EROFS}) {
    gate_.errno_value = refusal;
    const auto shared = share();
    ASSERT_FALSE(shared.ok()) << refusal;
    EXPECT_TRUE(stops_restore(shared.error())) << refusal;
  }
}

TEST_F(ShareBlocks, holes_read_as_zeros_and_leave_the_rest) {
  ASSERT_TRUE(target_->make_hole(to_, 10, 20, "to").ok());
  EXPECT_EQ(read_file(scratch_ / "to"), std::string(10, 't') + std::string(20, '\0') + std::string(20, 't'));
}

}  // namespace
}  // namespace lastgood::os
