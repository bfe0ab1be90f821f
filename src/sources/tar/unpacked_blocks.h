// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Unpacked bytes that may be wanted again. Whoever checks a database reads its small files by name, not in the order in
// which they lie in the archive: without this each of them has the archive unpacked again from a place before it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace lastgood::sources::tar {

/// Shared by the archives of a source, so that many of them take no more memory than one. Any thread.
class UnpackedBlocks {
 public:
  static constexpr std::uint64_t k_block_bytes = 256ULL << 10;
  static constexpr std::size_t k_blocks_max = 256;
  using Block = std::shared_ptr<const std::vector<std::uint8_t>>;  // shorter: the unpacked archive ends in it

  /// Block `number` of `archive`, or null. One that is asked for stays longer.
  [[nodiscard]] Block find(const void* archive, std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    const auto found = blocks_.find({archive, number});
    if (found == blocks_.end()) return nullptr;
    found->second.used = ++clock_;
    return found->second.block;
  }

  void put(const void* archive, std::uint64_t number, Block block) {
    const std::lock_guard lock(mutex_);
    blocks_[{archive, number}] = {std::move(block), ++clock_};
    if (blocks_.size() <= k_blocks_max) return;
    auto oldest = blocks_.begin();
    for (auto at = blocks_.begin(); at != blocks_.end(); ++at) {
      if (at->second.used < oldest->second.used) oldest = at;
    }
    blocks_.erase(oldest);
  }

 private:
  struct Kept {
    Block block;
    std::uint64_t used = 0;
  };
  std::mutex mutex_;
  std::map<std::pair<const void*, std::uint64_t>, Kept> blocks_;
  std::uint64_t clock_ = 0;
};

}  // namespace lastgood::sources::tar
