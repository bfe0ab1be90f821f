// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// PKCS#12 key store. Specification: RFC 7292, section 4. The structure is that of DER or BER; its keys and certificates
// are encrypted by a password, so it counts as sealed by its owner.
#include "formats/pkcs12/pkcs12_walker.h"

#include <array>

#include "formats/der/der_report.h"

namespace lastgood::formats {

namespace {

constexpr std::array k_claims = {NameClaim{"p12", Promise::firm}, NameClaim{"pfx", Promise::firm}};

/// SEQUENCE, version 3, and a content type of PKCS#7 within the first bytes.
bool opens_pkcs12(base::ByteView head, std::uint64_t size_bytes) {
  using namespace std::string_view_literals;
  const std::size_t identifier = head.part(0, 48).find("\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07"sv);
  return identifier != base::ByteView::npos &&
         head.part(0, identifier).find("\x02\x01\x03\x30"sv) != base::ByteView::npos &&
         find_der_opening(head, size_bytes) != DerOpening::none;
}

Likeness recognise(const Edges& edges) {
  return opens_pkcs12(edges.head, edges.size_bytes) ? Likeness::strong : Likeness::none;
}

WalkReport walk(WalkInput& input) {
  if (!opens_pkcs12(input.head(), input.size_bytes())) return {};
  return tell_der(input);
}

}  // namespace

const Format k_pkcs12_format = {.id = "pkcs12",
                                .title = "PKCS#12 key store",
                                .family = Family::owner_encrypted,
                                .claims = k_claims,
                                .recognise = recognise,
                                .walk = walk};

}  // namespace lastgood::formats
