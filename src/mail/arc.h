// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// ARC chains checked without a network: RFC 8617 section 5.2. A chain that holds proves that its sealers saw what they
// wrote, in this order; whether a sealer is to be believed is the reader's choice.
#pragma once

#include <string>
#include <vector>

#include "mail/dkim.h"
#include "mail/receiver_statements.h"

namespace lastgood::mail {

/// RFC 8617 section 4.2.1.
inline constexpr unsigned k_arc_instances_max = 50;

struct ArcSet {
  unsigned instance = 0;
  std::uint64_t offset_bytes = 0;  // of the seal
  std::string cv;                  // what the sealer said of the chain below: "none", "pass", "fail"
  SignatureVerdict seal;
  SignatureVerdict message;  // result none: not needed for the chain, and not checked
  AuthenticationResults statement;
};

struct ArcVerdict {
  AuthResult result = AuthResult::none;  // none, pass, fail; temperror: a key was not saved
  std::string reason;
  std::vector<ArcSet> sets;  // by instance, from 1
};

ArcVerdict verify_arc(const Header& header, base::ByteView body, const SavedZone& zone, const VerifyOptions& options);

}  // namespace lastgood::mail
