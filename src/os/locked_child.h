// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A helper program that reads evidence with code that is not safe on hostile bytes, and the parent that hears it. The
// helper gets one open file and its standard output, nothing else, and locks itself in before it looks at a byte:
// without rights, files, network, children; with limits on memory and time. Whatever happens in it stays in it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/byte_source.h"
#include "base/result.h"
#include "os/evidence.h"

namespace lastgood::os {

struct LockLimits {
  std::uint64_t memory_bytes = std::uint64_t{2} << 30U;
  unsigned processor_s = 3600;
};

/// For the helper: descriptor 3, read-only. Call before lock_in().
[[nodiscard]] base::Result<std::unique_ptr<base::ByteSource>> open_inherited_file();

/// For the helper: from here on, only memory, reading what is open, writing what is open, and ending. Anything else
/// ends the process (seccomp(2), in force also without root). Sanitizers need more than that: then it only limits.
[[nodiscard]] base::Status lock_in(const LockLimits& limits);

/// For the parent. Ends the helper when it goes away.
class LockedChild {
 public:
  /// `program` beside the running one or in ../libexec/lastgood; it sees an empty environment. `file` becomes its
  /// descriptor 3.
  [[nodiscard]] static base::Result<LockedChild> start(const std::string& program, const std::string& argument,
                                                       const Descriptor& file);
  LockedChild(LockedChild&& other) noexcept;
  LockedChild& operator=(LockedChild&&) = delete;
  LockedChild(const LockedChild&) = delete;
  LockedChild& operator=(const LockedChild&) = delete;
  ~LockedChild();

  /// What it wrote; 0 at its end. Waits at most `silence_s` for more: a helper that hangs is ErrorCode::limit_reached.
  [[nodiscard]] base::Result<std::size_t> read(std::span<std::uint8_t> into, int silence_s);
  /// Ends it, if it still runs, and says its exit code; 128 + n when signal n ended it.
  int end();

 private:
  LockedChild(int child, Descriptor output) : child_(child), output_(std::move(output)) {}
  int child_ = -1;  // -1: ended
  int exit_code_ = 0;
  Descriptor output_;
};

}  // namespace lastgood::os
