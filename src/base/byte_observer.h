// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// ByteObserver: who wants to see a content's bytes while somebody else reads them, so that they are read once.
#pragma once

#include "base/byte_view.h"
#include "base/error.h"

namespace lastgood::base {

/// Of one content; one thread at a time. Views are valid during the call.
class ByteObserver {
 public:
  virtual ~ByteObserver() = default;
  ByteObserver() = default;
  ByteObserver(const ByteObserver&) = delete;
  ByteObserver& operator=(const ByteObserver&) = delete;

  /// The next bytes: from front to end, all of them, each once.
  virtual void see(ByteView bytes) = 0;
  /// What follows cannot be read; nothing comes any more.
  virtual void fail(const Error& error) = 0;
};

}  // namespace lastgood::base
