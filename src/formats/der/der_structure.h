// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// ASN.1 values in DER or BER, walked without knowing the type: shared by der, pkcs12 and pem.
#pragma once

#include <cstdint>
#include <string_view>

#include "formats/walk_input.h"

namespace lastgood::formats {

enum class DerKind : std::uint8_t {
  other,          // some value: a certificate, a plain key, a request
  signed_data,    // PKCS#7 or CMS, signed
  enveloped,      // PKCS#7 or CMS, encrypted for recipients or by a password
  encrypted_key,  // PKCS#8 EncryptedPrivateKeyInfo
  pkcs12,         // PFX
};

struct DerStructure {
  bool fits = false;         // values nest exactly, from the first byte to `end_bytes`
  bool is_cut = false;       // they do up to the content's end, which comes too early
  bool was_stopped = false;  // a limit was reached
  std::uint64_t end_bytes = 0;
  std::uint64_t fault_offset = 0;
  std::uint64_t values = 0;
  DerKind kind = DerKind::other;
};

enum class DerOpening : std::uint8_t {
  none,
  loose,  // a SEQUENCE with a plausible first member, whose length does not fit the content or has one byte only
  exact,  // one whose length of two bytes and more fits the content
};

DerOpening find_der_opening(base::ByteView head, std::uint64_t size_bytes);

/// Walks the value at byte 0. X.690 sections 8.1 and 10.1.
DerStructure walk_der(WalkInput& input);

}  // namespace lastgood::formats
