// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// AES Crypt. Source: aescrypt.com, "AES Crypt stream format", versions 0 to 3.
//
//   file      = "AES" version(1) reserved(1) extensions iv(16) encrypted iv and key(48) hmac(32) ciphertext ending
//   version 0 : reserved holds size mod 16; no extensions, no second key: iv(16) ciphertext hmac(32)
//   extensions: (length(2, big endian) data)* up to length 0, versions 2 and 3
//   version 3 : iteration count(4) behind the extensions
//   ending    : version 1 and 2: size mod 16(1) hmac(32); version 3: hmac(32)
#include "formats/aescrypt/aescrypt_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"aes", Promise::loose}};
constexpr std::uint8_t k_version_max = 3;
constexpr std::uint64_t k_extensions_max = 4096;

bool begins(ByteView head) {
  const std::uint8_t version = head.u8(3);
  const bool reserved_fits = version == 0 ? head.u8(4) < 16 : head.u8(4) == 0;
  return head.has(0, 5) && head.matches(0, "AES") && version <= k_version_max && reserved_fits;
}

Likeness recognise(const Edges& edges) { return begins(edges.head) ? Likeness::strong : Likeness::none; }

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (!begins(head)) return report;
  const std::uint8_t version = head.u8(3);
  std::uint64_t at = 5;
  if (version >= 2) {
    std::uint64_t length = 0, count = 0;
    do {
      if (!input.may_continue() || ++count > k_extensions_max) break;
      length = input.at(at, 2).be16(0);
      at += 2 + length;
    } while (length != 0 && at < input.size_bytes());
    if (length != 0) {
      report.breaks("aescrypt.extensions",
                    fmt::format("{} extensions lead to byte {} of {}", count, at, input.size_bytes()),
                    {.from = 5, .to = input.size_bytes()});
      return report;
    }
  }
  if (version == 3) at += 4;
  at += version == 0 ? 16U : 96U;
  const std::uint64_t ending = version == 1 || version == 2 ? 33 : 32;
  const std::uint64_t size = input.size_bytes();
  if (at > size || size - at < ending || (size - at - ending) % 16 != 0) {
    report.breaks("aescrypt.length",
                  fmt::format("{} bytes from byte {} on are no whole blocks and an ending of {}",
                              size - std::min(at, size), at, ending),
                  {.from = std::min(at, size), .to = size});
    return report;
  }
  report.shape = Shape::sealed;
  report.reach = Reach::frame;
  report.region(0, 5, RegionKind::structured);
  report.region(5, size, RegionKind::compressed);
  report.holds("aescrypt.blocks",
               fmt::format("version {}, {} blocks of ciphertext", version, (size - at - ending) / 16));
  return report;
}

}  // namespace

const Format k_aescrypt_format = {.id = "aescrypt",
                                  .title = "AES Crypt file",
                                  .family = Family::owner_encrypted,
                                  .claims = k_claims,
                                  .recognise = recognise,
                                  .walk = walk};

}  // namespace lastgood::formats
