// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// RFC 3161 time stamps over a tree head: a request that can be carried to an authority on a stick, and the check of its
// answer against certificates that a person trusts. Pure, and without any network. `openssl ts` is the second checker.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/checksum.h"
#include "base/result.h"

namespace lastgood::ledger {

inline constexpr std::size_t k_timestamp_bytes_max = 1024U * 1024U;

/// The DER form of a request for this SHA-256, with a random nonce, asking for the authority's certificate.
[[nodiscard]] std::string make_timestamp_request(const base::Sha256Digest& imprint);

struct Timestamp {
  base::Sha256Digest imprint{};  // what was stamped
  std::string time;              // RFC 3339, by the authority's clock
  std::string serial;            // hexadecimal
  std::string policy;            // dotted numbers
};

/// What a reply says of itself; nothing is proved by that. ErrorCode::damaged_container when it grants no stamp over a
/// SHA-256: it is something else, cut, or the authority refused, and why.
[[nodiscard]] base::Result<Timestamp> parse_timestamp_reply(std::string_view reply);

/// The reply is a stamp over `imprint`, signed by an authority that one of the certificates in `trusted_pem` vouches
/// for, at the time that it states: those certificates may have ended since. `request` binds the nonce where there is
/// one. ErrorCode::damaged_container with OpenSSL's reason when it is not.
[[nodiscard]] base::Result<Timestamp> check_timestamp_reply(std::string_view reply, const base::Sha256Digest& imprint,
                                                            std::string_view request, std::string_view trusted_pem);

}  // namespace lastgood::ledger
