// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// DKIM signatures checked without a network: RFC 6376, RFC 8301, RFC 8463. A signature that holds proves that the
// domain's key signed these bytes; it does not prove who wrote them. Result words are those of RFC 8601 section 2.7.1.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mail/header.h"
#include "mail/saved_zone.h"

namespace lastgood::mail {

enum class AuthResult : std::uint8_t { none, pass, fail, policy, neutral, softfail, temperror, permerror };
std::string_view name_of(AuthResult result);

/// More signatures than this on one mail are left out: each costs a key and a pass over the body.
inline constexpr std::size_t k_signatures_max = 20;

struct SignatureVerdict {
  std::uint64_t offset_bytes = 0;  // of the field
  std::string domain;
  std::string selector;
  std::string algorithm;
  std::string identity;  // i=
  AuthResult result = AuthResult::permerror;
  std::string reason;
  bool weak = false;  // sha1, a key of less than 2048 bits, or bytes behind the signed length
  bool testing = false;
  unsigned key_bits = 0;
  std::optional<std::int64_t> signed_at_seconds;  // t=
  std::optional<std::int64_t> expires_seconds;    // x=
  std::optional<std::uint64_t> unsigned_bytes;    // of the canonical body, behind l=; nothing: all are signed
  std::vector<std::string> signed_fields;         // h=, lower case
};

struct VerifyOptions {
  /// When the mail was received: signatures that had expired by then fail. Nothing: expiry is said, not judged.
  std::optional<std::int64_t> received_at_seconds;
};

/// One verdict for each DKIM-Signature, in the order of the header. `body` is what follows the header.
std::vector<SignatureVerdict> verify_dkim(const Header& header, base::ByteView body, const SavedZone& zone,
                                          const VerifyOptions& options);

/// Which rules one signature field is read by.
enum class SignatureKind : std::uint8_t { dkim, arc_message };

/// One signature; also ARC-Message-Signature, whose "i" is its instance.
SignatureVerdict verify_signature(const Header& header, const HeaderField& field, base::ByteView body,
                                  const SavedZone& zone, const VerifyOptions& options, SignatureKind kind);

/// The key at SELECTOR._domainkey.DOMAIN, and the check of `text` with it; fills result and reason.
void check_with_saved_key(SignatureVerdict& verdict, const SavedZone& zone, std::string_view text,
                          std::string_view signature);

}  // namespace lastgood::mail
