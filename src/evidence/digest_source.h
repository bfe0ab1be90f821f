// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Three digests and the block states of one content in one read. A large one goes through a ring of buffers: the
// calling thread reads, and each digest has a thread of its own, because none of them can be split.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/byte_source.h"
#include "base/checksum.h"

namespace lastgood::evidence {

/// Granularity of what can be located later. Finer where it costs little: 32 bytes are kept for each block.
inline constexpr std::uint64_t k_fine_block_bytes = 16U * 1024U;
inline constexpr std::uint64_t k_coarse_block_bytes = 64U * 1024U;
inline constexpr std::uint64_t k_fine_up_to_bytes = std::uint64_t{16} << 30U;
[[nodiscard]] inline std::uint64_t block_bytes_for(std::uint64_t size_bytes) {
  return size_bytes > k_fine_up_to_bytes ? k_coarse_block_bytes : k_fine_block_bytes;
}

struct Digests {
  std::string sha256;  // lower-case hex digits
  std::string sha1;
  std::string md5;
  std::uint64_t bytes = 0;  // that were read: fewer than the source's size when it shrank meanwhile
};

struct DigestSinks {
  /// SHA-256's state behind each block but the last one (base/sha256_state.h), in order, from one thread.
  std::function<base::Status(const base::Sha256Digest& state)> on_state;
  /// Every byte in order, from the calling thread: where it is kept.
  std::function<base::Status(base::ByteView bytes)> on_bytes;
};

/// Contents below the ring's own size are digested by the calling thread alone. A failed read or sink ends it.
[[nodiscard]] base::Result<Digests> digest_source(base::ByteSource& source, std::uint64_t block_bytes,
                                                  const DigestSinks& sinks);

/// Largest content that the calling thread digests alone.
inline constexpr std::uint64_t k_alone_bytes_max = 512U * 1024U;

}  // namespace lastgood::evidence
