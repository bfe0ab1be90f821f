// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Keccak-256 as it was before FIPS 202 changed its padding: Ethereum and Monero use it in their checksums, and
// OpenSSL 3.0 does not have it. Never for secrets: it is not made to take the same time for all inputs.
#pragma once

#include "base/checksum.h"

namespace lastgood::base {

/// Keccak[c=512] with 256 bits of output ("The Keccak reference", version 3.0) of one piece.
[[nodiscard]] Sha256Digest keccak_256(ByteView bytes);

}  // namespace lastgood::base
