// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "evidence/locate_change.h"

#include <algorithm>

#include "base/sha256_state.h"
#include "evidence/digest_source.h"

namespace lastgood::evidence {

namespace {

constexpr std::size_t k_bit_trials_max = 8;

class Locator {
 public:
  Locator(base::ByteSource& source, const KnownContent& known, BlockStates& states)
      : source_(&source), known_(&known), states_(&states) {}

  base::Result<ContentChange> run() {
    out_.size_bytes = source_->size_bytes();
    const std::uint64_t blocks =
        std::max<std::uint64_t>(1, (known_->size_bytes + known_->block_bytes - 1) / known_->block_bytes);
    base::Sha256State before;
    for (std::uint64_t block = 0; block < blocks; ++block) {
      const bool last = block + 1 == blocks;
      base::Sha256Digest expected{};
      if (!last) {
        LG_ASSIGN(expected, states_->state_behind(block));
      }
      LG_TRY(check_block(block, before, last, expected));
      if (!last) before = base::Sha256State(expected, (block + 1) * known_->block_bytes);
    }
    LG_TRY(check_behind_end());
    return std::move(out_);
  }

 private:
  /// Block `block` leads from the state before it to the one behind it, or to the digest.
  base::Status check_block(std::uint64_t block, const base::Sha256State& before, bool last,
                           const base::Sha256Digest& expected) {
    const std::uint64_t begin = block * known_->block_bytes;
    const std::uint64_t end = std::min(begin + known_->block_bytes, known_->size_bytes);
    bytes_.resize(end - begin);
    LG_ASSIGN(const std::size_t count, source_->read(begin, bytes_));
    base::Sha256State state = before;
    state.update(base::ByteView(std::span<const std::uint8_t>(bytes_).first(count)));
    const auto leads_there = [&](const base::Sha256State& reached) {
      return last ? base::hex(base::ByteView(std::span<const std::uint8_t>(reached.digest()))) == known_->sha256
                  : reached.noted() == expected;
    };
    if (count == bytes_.size() && leads_there(state)) return base::Done{};
    add_range({.from = begin, .to = std::max(end, begin + 1)});
    if (count == bytes_.size()) try_bits(begin, before, leads_there);
    return base::Done{};
  }

  template <typename LeadsThere>
  void try_bits(std::uint64_t begin, const base::Sha256State& before, const LeadsThere& leads_there) {
    if (bytes_.size() > k_fine_block_bytes || ++trials_ > k_bit_trials_max) return;
    base::Sha256State prefix = before;
    const base::ByteView view{std::span<const std::uint8_t>(bytes_)};
    for (std::size_t at = 0; at < bytes_.size(); ++at) {
      for (unsigned bit = 0; bit < 8; ++bit) {
        const auto was = static_cast<std::uint8_t>(bytes_[at] ^ (1U << bit));
        base::Sha256State trial = prefix;
        trial.update(base::ByteView(std::span<const std::uint8_t>(&was, 1)));
        trial.update(view.part(at + 1));
        if (!leads_there(trial)) continue;
        out_.bits.push_back({.offset_bytes = begin + at, .is = bytes_[at], .was = was});
        return;
      }
      prefix.update(view.part(at, 1));
    }
  }

  base::Status check_behind_end() {
    std::uint8_t byte = 0;
    LG_ASSIGN(const std::size_t count, source_->read(known_->size_bytes, std::span<std::uint8_t>(&byte, 1)));
    if (count > 0) add_range({.from = known_->size_bytes, .to = std::max(out_.size_bytes, known_->size_bytes + 1)});
    return base::Done{};
  }

  void add_range(model::ByteRange range) {
    out_.differing_bytes += range.length();
    if (!out_.ranges.empty() && out_.ranges.back().to == range.from) {
      out_.ranges.back().to = range.to;
    } else if (out_.ranges.size() < k_ranges_max) {
      out_.ranges.push_back(range);
    }
  }

  base::ByteSource* source_;
  const KnownContent* known_;
  BlockStates* states_;
  ContentChange out_;
  std::vector<std::uint8_t> bytes_;
  std::size_t trials_ = 0;
};

}  // namespace

base::Result<ContentChange> locate_change(base::ByteSource& source, const KnownContent& known, BlockStates& states) {
  return Locator(source, known, states).run();
}

}  // namespace lastgood::evidence
