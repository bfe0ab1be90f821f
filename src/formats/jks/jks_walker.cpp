// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Java key stores, JKS and JCEKS. Source: the format as OpenJDK's JavaKeyStore and JceKeyStore document it. Big endian.
//
//   file  = magic(4) version(4; 1 or 2) entries(4) entry* sha1(20)
//   entry = tag(4) alias(length(2) text) time(8) and then
//           1: key(length(4) bytes) certificates(4) certificate*;  2: certificate;  3: a serialised Java object
//   certificate = [type(length(2) text), version 2] length(4) bytes
#include "formats/jks/jks_walker.h"

#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"jks", Promise::loose}, NameClaim{"jceks", Promise::loose},
                                 NameClaim{"keystore", Promise::loose}, NameClaim{"truststore", Promise::loose}};
constexpr std::uint32_t k_jks_magic = 0xFEEDFEED;
constexpr std::uint32_t k_jceks_magic = 0xCECECECE;
constexpr std::uint64_t k_digest_bytes = 20;

bool begins(ByteView head) {
  const std::uint32_t magic = head.be32(0);
  const std::uint32_t version = head.be32(4);
  return head.has(0, 12) && (magic == k_jks_magic || magic == k_jceks_magic) && (version == 1 || version == 2);
}

Likeness recognise(const Edges& edges) { return begins(edges.head) ? Likeness::strong : Likeness::none; }

/// Reads entry after entry; `fits` turns false at the first that does not.
struct Entries {
  WalkInput& input;
  std::uint64_t at = 12;
  std::uint32_t version = 2;
  bool fits = true;
  std::uint64_t private_keys = 0;
  bool has_object = false;

  void skip(std::uint64_t length) {
    fits = fits && at <= input.size_bytes() && length <= input.size_bytes() - at;
    if (fits) at += length;
  }
  void text() { skip(2 + std::uint64_t{input.at(at, 2).be16(0)}); }
  void bytes() { skip(4 + std::uint64_t{input.at(at, 4).be32(0)}); }
  void certificate() {
    if (version == 2) text();
    bytes();
  }
  void entry() {
    const std::uint32_t tag = input.at(at, 4).be32(0);
    skip(4);
    text();
    skip(8);
    if (tag == 1) {
      ++private_keys;
      bytes();
      const std::uint32_t count = input.at(at, 4).be32(0);
      skip(4);
      for (std::uint32_t i = 0; fits && i < count && input.may_continue(); ++i) certificate();
    } else if (tag == 2) {
      certificate();
    } else {
      // A Java object has no length: what follows it cannot be followed.
      has_object = tag == 3 && fits && input.at(at, 2).be16(0) == 0xACED;
      fits = fits && has_object;
    }
  }
};

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (!begins(head)) return report;
  const std::uint32_t count = head.be32(8);
  Entries entries{.input = input, .version = head.be32(4)};
  std::uint32_t read = 0;
  for (; entries.fits && !entries.has_object && read < count && input.may_continue(); ++read) entries.entry();
  const std::uint64_t end = entries.at + k_digest_bytes;
  report.format = head.be32(0) == k_jks_magic ? "jks" : "jceks";
  if (!input.stopped() && (!entries.fits || (!entries.has_object && end > input.size_bytes()))) {
    report.breaks("jks.entries",
                  fmt::format("{} of {} entries lead to byte {} of {}", read, count, entries.at, input.size_bytes()),
                  {.from = entries.at, .to = input.size_bytes()});
    return report;
  }
  const bool sealed = entries.private_keys > 0 || entries.has_object;
  report.shape = sealed ? Shape::sealed : Shape::whole;
  report.region(0, 12, RegionKind::structured);
  report.region(12, input.size_bytes(), RegionKind::compressed);
  if (input.stopped()) return report;
  report.reach = Reach::frame;
  if (!entries.has_object) report.end_bytes = end;
  report.holds("jks.entries",
               fmt::format("{} entries, {} with private keys, and a digest", count, entries.private_keys));
  return report;
}

}  // namespace

const Format k_jks_format = {.id = "jks",
                             .title = "Java key store",
                             .family = Family::owner_encrypted,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk};

}  // namespace lastgood::formats
