// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What the patterns fill their regions with. The keys are made from the drill's seed and stand in the truth file:
// nothing here can keep anybody from their data.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/byte_view.h"
#include "model/finding.h"

namespace lastgood::drill {

enum class CipherStyle : std::uint8_t {
  aes_256_ctr,
  chacha20,
  aes_256_cbc,          // whole 16-byte blocks
  aes_256_ecb,          // whole 16-byte blocks: equal blocks stay equal
  reused_keystream_64,  // the same 64 bytes of keystream for every unit: zeros show a repeating pattern
  same_class,           // letters to letters, digits to digits, the rest plain: the text keeps its look, not its sense
  zeros,                // no cipher: overwritten, for damage that is not encryption
};

std::string_view name_of(CipherStyle style);

struct ThrowawayKey {
  std::array<std::uint8_t, 32> key{};
  std::array<std::uint8_t, 16> nonce{};
};

/// The key for one content of one drill, from the drill's seed and the content's name in it.
ThrowawayKey make_throwaway_key(std::uint64_t seed, std::string_view name);

/// A copy of `original` whose `runs` are replaced; the keystream goes on from run to run.
/// REQUIRES: runs ascending, not overlapping, within the content.
std::vector<std::uint8_t> with_runs_replaced(base::ByteView original, std::span<const model::ByteRange> runs,
                                             CipherStyle style, const ThrowawayKey& key);

}  // namespace lastgood::drill
