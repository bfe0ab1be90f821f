// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// ASN.1 DER and BER: certificates, keys, requests, PKCS#7 and CMS. Specification: ITU-T X.690; RFC 5652, 5958, 7292.
//
//   value = tag length contents;  contents of a constructed value are values again and fill it exactly
// The owner encrypted what is enveloped (CMS section 6) or is an EncryptedPrivateKeyInfo.
#include "formats/der/der_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "formats/der/der_report.h"

namespace lastgood::formats {

namespace {

using model::RegionKind;

constexpr std::array k_claims = {
    NameClaim{"der", Promise::firm},  NameClaim{"cer", Promise::loose}, NameClaim{"crt", Promise::loose},
    NameClaim{"crl", Promise::loose}, NameClaim{"p7b", Promise::loose}, NameClaim{"p7c", Promise::loose},
    NameClaim{"p7s", Promise::loose}, NameClaim{"p7m", Promise::loose}, NameClaim{"p8", Promise::loose},
    NameClaim{"csr", Promise::loose}, NameClaim{"key", Promise::loose}};

Likeness recognise(const Edges& edges) {
  switch (find_der_opening(edges.head, edges.size_bytes)) {
    case DerOpening::none: return Likeness::none;
    case DerOpening::loose: return Likeness::weak;
    case DerOpening::exact: return Likeness::strong;
  }
  return Likeness::none;
}

std::string_view title_of(DerKind kind) {
  switch (kind) {
    case DerKind::other: return "ASN.1 values";
    case DerKind::signed_data: return "signed data";
    case DerKind::enveloped: return "enveloped data";
    case DerKind::encrypted_key: return "an encrypted private key";
    case DerKind::pkcs12: return "a PKCS#12 store";
  }
  return "ASN.1 values";
}

WalkReport walk(WalkInput& input) {
  if (find_der_opening(input.head(), input.size_bytes()) == DerOpening::none) return {};
  return tell_der(input);
}

}  // namespace

WalkReport tell_der(WalkInput& input) {
  WalkReport report;
  const DerStructure structure = walk_der(input);
  const bool sealed = structure.kind == DerKind::enveloped || structure.kind == DerKind::encrypted_key ||
                      structure.kind == DerKind::pkcs12;
  report.format = structure.kind == DerKind::pkcs12 ? "pkcs12" : "der";
  if (structure.was_stopped) {
    report.shape = sealed ? Shape::sealed : Shape::whole;
    report.remarks("der.limit", fmt::format("stopped by a limit after {} values", structure.values));
    return report;
  }
  if (!structure.fits) {
    // Digits of a text, most likely.
    if (input.head().u8(1) < 0x80) return {};
    report.breaks(structure.is_cut ? "der.cut" : "der.values",
                  fmt::format("no value fits at byte {}, behind {} values", structure.fault_offset, structure.values),
                  {.from = std::min(structure.fault_offset, input.size_bytes()), .to = input.size_bytes()});
    return report;
  }
  report.shape = sealed ? Shape::sealed : Shape::whole;
  report.reach = Reach::frame;
  report.end_bytes = structure.end_bytes;
  // Keys, signatures and ciphertext are random by nature, and most of what such files hold.
  report.region(0, structure.end_bytes,
                sealed || structure.end_bytes < 16 * 1024 ? RegionKind::compressed : RegionKind::structured);
  report.holds("der.values", fmt::format("{}: {} values nest to byte {}", title_of(structure.kind), structure.values,
                                         structure.end_bytes));
  return report;
}

const Format k_der_format = {.id = "der",
                             .title = "ASN.1 structure (certificate, key, CMS)",
                             .family = Family::other,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk};

}  // namespace lastgood::formats
