// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// zstd with limits. Private to events/.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace lastgood::events {

/// One thread.
class Packer {
 public:
  explicit Packer(int level);
  ~Packer();
  Packer(const Packer&) = delete;
  Packer& operator=(const Packer&) = delete;
  /// A frame with a checksum. Valid until the next call.
  std::string_view pack(std::string_view plain);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// One thread.
class Unpacker {
 public:
  Unpacker();
  ~Unpacker();
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;
  /// False unless the frame holds exactly `plain_bytes` and its checksum fits.
  bool unpack(std::string_view packed, std::size_t plain_bytes, std::string& plain);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lastgood::events
