// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What "openssl enc" writes with a password, raw and as Base64 (-a). Source: openssl-enc(1) and apps/enc.c by
// behaviour.
//
//   file = "Salted__" salt(8) ciphertext      block ciphers in CBC mode: whole blocks of 8 or 16 bytes; stream modes:
//   any With -a the same in Base64, so it begins "U2FsdGVkX1": lines of 64 letters, or one line with -A.
#include "formats/openssl_salted/openssl_salted_walker.h"

#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"enc", Promise::loose}, NameClaim{"aes", Promise::loose},
                                 NameClaim{"aes256", Promise::loose}};
constexpr std::string_view k_magic = "Salted__";
constexpr std::string_view k_base64_magic = "U2FsdGVkX1";
constexpr std::uint64_t k_header_bytes = 16;

Likeness recognise(const Edges& edges) {
  return edges.head.matches(0, k_magic) || edges.head.matches(0, k_base64_magic) ? Likeness::strong : Likeness::none;
}

bool is_base64_letter(std::uint8_t byte) {
  return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '+' ||
         byte == '/';
}

/// Letters, line ends, at most two '=' at the end: the first byte that does not fit, or the size.
std::uint64_t check_base64(WalkInput& input) {
  std::uint64_t at = 0;
  std::uint64_t padding = 0;
  while (at < input.size_bytes() && input.may_continue(64)) {
    const ByteView piece = input.at(at, 64 * 1024);
    if (piece.empty()) break;
    for (const std::uint8_t byte : piece) {
      const bool line_end = byte == '\n' || byte == '\r';
      padding += byte == '=' ? 1U : 0U;
      if (!(line_end || (byte == '=' && padding <= 2) || (padding == 0 && is_base64_letter(byte)))) return at;
      ++at;
    }
  }
  return at;
}

WalkReport walk_base64(WalkInput& input) {
  WalkReport report;
  const std::uint64_t end = check_base64(input);
  report.region(0, end, RegionKind::compressed);
  if (end < input.size_bytes() && !input.stopped()) {
    report.breaks("openssl-salted.base64", fmt::format("byte {} is no Base64", end),
                  {.from = end, .to = input.size_bytes()});
    return report;
  }
  report.shape = Shape::sealed;
  report.reach = input.stopped() ? Reach::opening : Reach::content;
  report.holds("openssl-salted.header", fmt::format("Base64 of salted ciphertext, {} bytes", end));
  return report;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (input.head().matches(0, k_base64_magic)) return walk_base64(input);
  if (!input.head().matches(0, k_magic)) return report;
  if (input.size_bytes() <= k_header_bytes) {
    report.breaks("openssl-salted.cut",
                  fmt::format("{} bytes leave no ciphertext behind the salt", input.size_bytes()));
    return report;
  }
  report.region(0, k_header_bytes, RegionKind::structured);
  report.region(k_header_bytes, input.size_bytes(), RegionKind::compressed);
  const std::uint64_t payload = input.size_bytes() - k_header_bytes;
  report.shape = Shape::sealed;
  report.reach = Reach::frame;
  report.holds("openssl-salted.header", fmt::format("salt and {} bytes of ciphertext", payload),
               {.from = 0, .to = k_header_bytes});
  if (payload % 8 != 0) {
    report.remarks("openssl-salted.blocks",
                   fmt::format("{} bytes of ciphertext are no whole blocks: a stream mode, or bytes follow", payload));
  }
  return report;
}

}  // namespace

const Format k_openssl_salted_format = {.id = "openssl-salted",
                                        .title = "OpenSSL encrypted file",
                                        .family = Family::owner_encrypted,
                                        .claims = k_claims,
                                        .recognise = recognise,
                                        .walk = walk};

}  // namespace lastgood::formats
