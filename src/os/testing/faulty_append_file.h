// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// An AppendFile whose n-th step goes wrong. A test loops n from 0 until `struck` stays false: then every step of the
// work has failed once.
#pragma once

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

#include "os/append_file.h"

namespace lastgood::os::testing {

/// How much of an append is there when it says that it failed. Other steps fail without having done anything.
enum class Fault : std::uint8_t { nothing_done, half_done, all_done };

struct FaultPlan {
  int failing_step = 0;  // 0: the first
  Fault fault = Fault::nothing_done;
  int errno_value = EIO;
};

/// What is left of the plan; outlives the file, so that a test can ask after it is closed.
struct FaultState {
  FaultPlan plan;
  int steps = 0;
  bool struck = false;
};

class FaultyAppendFile final : public AppendFile {
 public:
  FaultyAppendFile(std::unique_ptr<AppendFile> inner, std::shared_ptr<FaultState> state)
      : inner_(std::move(inner)), state_(std::move(state)) {}

  [[nodiscard]] std::uint64_t size_bytes() const override { return inner_->size_bytes(); }
  [[nodiscard]] base::Result<std::size_t> read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) override {
    if (strikes()) return failure("read");
    return inner_->read(offset_bytes, into);
  }
  [[nodiscard]] base::Status append(base::ByteView bytes) override {
    if (!strikes()) return inner_->append(bytes);
    const std::size_t done = state_->plan.fault == Fault::nothing_done ? 0
                             : state_->plan.fault == Fault::half_done  ? bytes.size() / 2
                                                                       : bytes.size();
    if (done > 0) LG_TRY(inner_->append(bytes.part(0, done)));
    return failure("append to");
  }
  [[nodiscard]] base::Status sync() override {
    if (strikes()) return failure("sync");
    return inner_->sync();
  }
  [[nodiscard]] base::Status lock() override {
    if (strikes()) return failure("lock");
    return inner_->lock();
  }
  void unlock() override { inner_->unlock(); }

 private:
  bool strikes() {
    const bool now = state_->steps++ == state_->plan.failing_step;
    state_->struck = state_->struck || now;
    return now;
  }
  base::Error failure(std::string_view verb) const {
    return base::system_error(verb, "faulty file", state_->plan.errno_value);
  }

  std::unique_ptr<AppendFile> inner_;
  std::shared_ptr<FaultState> state_;
};

}  // namespace lastgood::os::testing
