// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// rclone "crypt" file. Source: rclone.org/crypt, "File encryption".
//
//   file  = "RCLONE\0\0" nonce(24) block*
//   block = authenticator(16) ciphertext(65536; the last one 1 to 65536)
#include "formats/rclone_crypt/rclone_crypt_walker.h"

#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"bin", Promise::loose}};
constexpr std::string_view k_magic = "RCLONE\0\0"sv;
constexpr std::uint64_t k_header_bytes = 32;
constexpr std::uint64_t k_authenticator_bytes = 16;
constexpr std::uint64_t k_block_bytes = 65536 + k_authenticator_bytes;

Likeness recognise(const Edges& edges) { return edges.head.matches(0, k_magic) ? Likeness::strong : Likeness::none; }

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (!input.head().matches(0, k_magic)) return report;
  const std::uint64_t size = input.size_bytes();
  if (size < k_header_bytes) {
    report.breaks("rclone-crypt.cut", fmt::format("{} bytes, the header has {}", size, k_header_bytes));
    return report;
  }
  report.region(0, k_header_bytes, RegionKind::structured);
  report.region(k_header_bytes, size, RegionKind::compressed);
  const std::uint64_t last = (size - k_header_bytes) % k_block_bytes;
  if (last != 0 && last <= k_authenticator_bytes) {
    report.breaks("rclone-crypt.blocks",
                  fmt::format("the last block has {} bytes, fewer than its authenticator and one byte", last),
                  {.from = size - last, .to = size});
    return report;
  }
  report.shape = Shape::sealed;
  report.reach = Reach::frame;
  report.holds("rclone-crypt.blocks", fmt::format("header, {} full blocks and one of {} bytes",
                                                  (size - k_header_bytes) / k_block_bytes, last));
  return report;
}

}  // namespace

const Format k_rclone_crypt_format = {.id = "rclone-crypt",
                                      .title = "rclone encrypted file",
                                      .family = Family::owner_encrypted,
                                      .claims = k_claims,
                                      .recognise = recognise,
                                      .walk = walk};

}  // namespace lastgood::formats
