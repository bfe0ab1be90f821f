// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Keys of DKIM and ARC and the check of one signature: RFC 6376 section 3.6.1, RFC 8301 (sha1 and short keys), RFC 8463
// (Ed25519), over OpenSSL 3.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lastgood::mail {

enum class SigningAlgorithm : std::uint8_t { rsa_sha1, rsa_sha256, ed25519_sha256 };

struct KeyRecord {
  std::string key_type = "rsa";
  std::string public_key;           // bytes; empty: revoked
  std::vector<std::string> hashes;  // empty: all
  std::vector<std::string> services;
  bool testing = false;      // t=y
  bool same_domain = false;  // t=s: i= must be of the very domain
};

/// A TXT record at SELECTOR._domainkey.DOMAIN. The error says in words what is wrong with it.
base::Result<KeyRecord> parse_key_record(std::string_view text);

enum class SignatureCheck : std::uint8_t { holds, does_not_hold, bad_key, short_key };

struct SignatureOutcome {
  SignatureCheck check = SignatureCheck::bad_key;
  unsigned key_bits = 0;
};

/// Keys below this many bits prove nothing (RFC 8301 section 3.2).
inline constexpr unsigned k_rsa_bits_min = 1024;

SignatureOutcome check_signature(SigningAlgorithm algorithm, std::string_view public_key, std::string_view signed_text,
                                 std::string_view signature);

}  // namespace lastgood::mail
