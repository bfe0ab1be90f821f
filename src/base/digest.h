// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Digests that containers store about themselves (git, rpm, ...). What names our own contents is Sha256 in checksum.h.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/byte_view.h"

namespace lastgood::base {

enum class DigestKind : std::uint8_t { md5, sha1, sha256, sha512 };

/// A digest of bytes that come in pieces. One thread.
class Digest {
 public:
  explicit Digest(DigestKind kind);
  ~Digest();
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;
  void update(ByteView bytes);
  /// Call once, at the end.
  std::vector<std::uint8_t> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lastgood::base
