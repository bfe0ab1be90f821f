// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The two forms in which DKIM signs headers and bodies: RFC 6376 section 3.4. Line ends of a saved mail (LF, CR LF) are
// read as CR LF, which they were when the mail was signed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_view.h"
#include "base/digest.h"
#include "mail/header.h"

namespace lastgood::mail {

enum class Canonicalization : std::uint8_t { simple, relaxed };

/// A field as it goes into the signature, with its line end.
std::string canonical_field(const HeaderField& field, Canonicalization form);

/// The signature field itself: the value of its "b" tag taken out, without its last line end.
std::string canonical_signature_field(const HeaderField& field, Canonicalization form);

struct BodyDigest {
  std::vector<std::uint8_t> digest;
  std::uint64_t length_bytes = 0;  // of the whole canonical body, also behind the limit
};

/// The digest of the first `limit_bytes` (all, when nothing is given) of the canonical body.
BodyDigest digest_body(base::ByteView body, Canonicalization form, base::DigestKind kind,
                       std::optional<std::uint64_t> limit_bytes);

}  // namespace lastgood::mail
