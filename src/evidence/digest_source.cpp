// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "evidence/digest_source.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "base/digest.h"
#include "base/sha256_state.h"

namespace lastgood::evidence {

namespace {

constexpr std::size_t k_chunk_bytes = 256U * 1024U;
constexpr std::size_t k_slots = 16;
constexpr std::size_t k_digests = 3;

std::string hex_of(std::span<const std::uint8_t> bytes) { return base::hex(base::ByteView(bytes)); }

/// SHA-256 that tells its state at the end of each block.
class StatedSha256 {
 public:
  StatedSha256(std::uint64_t block_bytes, const DigestSinks& sinks) : block_bytes_(block_bytes), sinks_(&sinks) {}

  base::Status update(base::ByteView bytes) {
    while (!bytes.empty()) {
      // A state is told when a byte comes behind its block: the last block ends in the digest itself.
      if (done_ > 0 && done_ % block_bytes_ == 0 && sinks_->on_state) LG_TRY(sinks_->on_state(state_.noted()));
      const base::ByteView part = bytes.part(0, block_bytes_ - done_ % block_bytes_);
      state_.update(part);
      done_ += part.size();
      bytes = bytes.part(part.size());
    }
    return base::Done{};
  }
  [[nodiscard]] std::string finish() const { return hex_of(state_.digest()); }

 private:
  base::Sha256State state_;
  std::uint64_t block_bytes_;
  std::uint64_t done_ = 0;
  const DigestSinks* sinks_;
};

struct AllDigests {
  AllDigests(std::uint64_t block_bytes, const DigestSinks& sinks)
      : sha256(block_bytes, sinks), sha1(base::DigestKind::sha1), md5(base::DigestKind::md5) {}
  StatedSha256 sha256;
  base::Digest sha1;
  base::Digest md5;

  base::Status update(std::size_t which, base::ByteView bytes) {
    if (which == 0) return sha256.update(bytes);
    (which == 1 ? sha1 : md5).update(bytes);
    return base::Done{};
  }
  Digests finish(std::uint64_t bytes) {
    return {.sha256 = sha256.finish(), .sha1 = hex_of(sha1.finish()), .md5 = hex_of(md5.finish()), .bytes = bytes};
  }
};

/// Buffers that one thread fills and k_digests others read, each at its own pace.
class Ring {
 public:
  Ring() : chunks_(k_slots) {
    for (auto& chunk : chunks_) chunk.bytes.resize(k_chunk_bytes);
  }

  /// A buffer that everybody is done with; nothing when a consumer failed.
  std::span<std::uint8_t> begin_fill() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return failed_ || filled_ - *std::min_element(done_.begin(), done_.end()) < k_slots; });
    return failed_ ? std::span<std::uint8_t>() : std::span<std::uint8_t>(chunks_[filled_ % k_slots].bytes);
  }
  void end_fill(std::size_t count) {
    const std::lock_guard lock(mutex_);
    chunks_[filled_ % k_slots].count = count;
    ++filled_;
    changed_.notify_all();
  }
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }

  void consume(std::size_t which, AllDigests& digests) {
    for (std::uint64_t next = 0;; ++next) {
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return failed_ || closed_ || filled_ > next; });
        if (failed_ || filled_ == next) return;
      }
      const Chunk& chunk = chunks_[next % k_slots];
      base::Status status =
          digests.update(which, base::ByteView(std::span<const std::uint8_t>(chunk.bytes).first(chunk.count)));
      const std::lock_guard lock(mutex_);
      ++done_.at(which);
      if (!status.ok() && !failed_) failed_ = status.error();
      changed_.notify_all();
    }
  }
  /// REQUIRES: no consumer runs any more.
  [[nodiscard]] const std::optional<base::Error>& failed() const { return failed_; }

 private:
  struct Chunk {
    std::vector<std::uint8_t> bytes;
    std::size_t count = 0;
  };
  std::vector<Chunk> chunks_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t filled_ = 0;
  std::array<std::uint64_t, k_digests> done_{};
  bool closed_ = false;
  std::optional<base::Error> failed_;
};

base::Result<std::size_t> read_chunk(base::ByteSource& source, std::uint64_t offset, std::span<std::uint8_t> into,
                                     const DigestSinks& sinks) {
  LG_ASSIGN(const std::size_t count, source.read(offset, into));
  if (count > 0 && sinks.on_bytes)
    LG_TRY(sinks.on_bytes(base::ByteView(std::span<const std::uint8_t>(into).first(count))));
  return count;
}

base::Result<Digests> digest_alone(base::ByteSource& source, std::uint64_t block_bytes, const DigestSinks& sinks) {
  AllDigests digests(block_bytes, sinks);
  std::vector<std::uint8_t> chunk(std::min<std::uint64_t>(source.size_bytes() + 1, k_chunk_bytes));
  std::uint64_t offset = 0;
  while (true) {
    LG_ASSIGN(const std::size_t count, read_chunk(source, offset, chunk, sinks));
    if (count == 0) return digests.finish(offset);
    const base::ByteView bytes(std::span<const std::uint8_t>(chunk).first(count));
    for (std::size_t which = 0; which < k_digests; ++which) LG_TRY(digests.update(which, bytes));
    offset += count;
  }
}

}  // namespace

base::Result<Digests> digest_source(base::ByteSource& source, std::uint64_t block_bytes, const DigestSinks& sinks) {
  if (source.size_bytes() <= k_alone_bytes_max) return digest_alone(source, block_bytes, sinks);
  AllDigests digests(block_bytes, sinks);
  Ring ring;
  std::optional<base::Error> failed;
  std::uint64_t offset = 0;
  {
    std::vector<std::jthread> threads;
    for (std::size_t which = 0; which < k_digests; ++which)
      threads.emplace_back([&ring, &digests, which] { ring.consume(which, digests); });
    while (true) {
      const std::span<std::uint8_t> into = ring.begin_fill();
      if (into.empty()) break;
      const auto count = read_chunk(source, offset, into, sinks);
      if (!count.ok()) failed = count.error();
      if (!count.ok() || count.value() == 0) break;
      ring.end_fill(count.value());
      offset += count.value();
    }
    ring.close();
  }
  if (failed) return *failed;
  if (ring.failed()) return *ring.failed();
  return digests.finish(offset);
}

}  // namespace lastgood::evidence
