// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Randomness of blocks of bytes. Pure functions, any thread.
//
// Ciphertext has every byte value equally often; the chi-square statistic against that has mean 255 and standard
// deviation 22.6 whatever the block's size. Blocks of text, records or pixels are in the thousands. Compressed data
// lies between: a 4 KiB block often passes, 64 KiB rarely do. So "random" alone never decides a verdict.
#pragma once

#include <array>
#include <cstdint>

#include "base/byte_view.h"

namespace lastgood::verdict {

/// A block "looks random" below this chi-square: true random blocks do with probability 0.9998.
inline constexpr double k_random_chi_square_max = 345.0;
/// Above it a block clearly is not random; between the two nobody can tell.
inline constexpr double k_plain_chi_square_min = 700.0;
inline constexpr std::size_t k_block_bytes = 4096;

using ByteCounts = std::array<std::uint32_t, 256>;

/// Adds the bytes of `block` to `counts`. 1.5-2 GB/s.
void count_bytes(base::ByteView block, ByteCounts& counts);
void add_counts(const ByteCounts& counts, ByteCounts& sums);
/// Against the uniform distribution; 255 expected for random bytes. 0 for no bytes.
double chi_square(const ByteCounts& counts);
/// Whether bytes counted together may be ciphertext: every value, one bits and changes between neighbouring bits as
/// often as chance has it. Ciphertext passes with probability 0.999 whatever its length. Measured on what compressors
/// write, pieces of 4, 16 and 64 KiB pass: deflate 33, 14 and 5 %, bzip2 34, 17 and 0 %, zstd 31, 4 and 0 %, JPEG and
/// GIF none; LZMA always.
bool passes_as_ciphertext(const ByteCounts& counts);
/// Bits per byte, 0 to 8.
double entropy_bits(const ByteCounts& counts);

enum class Texture : std::uint8_t {
  zero,      // all bytes zero
  repeated,  // one block of at most 64 bytes over and over
  plain,     // not random
  between,   // neither clearly random nor clearly plain: typical for compressed data and machine code
  random,    // passes as random
};

/// Of a block of 64 bytes to 1 MiB; shorter blocks are `between` unless they are zero or repeated.
Texture texture_of(base::ByteView block);
/// The same, where the bytes of just this block were counted already.
Texture texture_of(base::ByteView block, const ByteCounts& counts);

inline constexpr std::size_t k_cell_bytes = 64;
inline constexpr std::size_t k_random_cell_different_min = 47;
/// 64 random bytes hold about 57 different values and about 32 high bits; text and records are far from both. Passes
/// one of a thousand cells of compressed data or code by nature; random cells with probability 0.999.
bool is_random_cell(base::ByteView cell);

/// Share of 16-byte (64-byte) cells that occur more than once in `bytes`, zeros left out: ciphers in ECB mode and
/// reused keystreams over regular data repeat, random data never does. 0 to 1.
double repeated_cell_share(base::ByteView bytes, std::size_t cell_bytes);

}  // namespace lastgood::verdict
