// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Text encrypted by the editor Vim (:X). Source: Vim's help, section "encryption", and its file magic.
//
//   file = "VimCrypt~" method(2 digits) "!" salt seed ciphertext
//   01 zip: nothing between; 02 and 03 blowfish: salt(8) seed(8); 04 and 05 xchacha20: salt(16) and a stream header(24)
#include "formats/vim_crypt/vim_crypt_walker.h"

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::string_view k_magic = "VimCrypt~0";
constexpr std::uint64_t k_magic_bytes = 12;

Likeness recognise(const Edges& edges) { return edges.head.matches(0, k_magic) ? Likeness::strong : Likeness::none; }

/// Bytes before the ciphertext; 0 for a method nobody knows.
std::uint64_t opening_bytes(std::uint8_t method) {
  switch (method) {
    case '1': return k_magic_bytes;
    case '2':
    case '3': return k_magic_bytes + 16;
    case '4':
    case '5': return k_magic_bytes + 16 + 24;
    default: return 0;
  }
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (!head.matches(0, k_magic)) return report;
  const std::uint64_t opening = opening_bytes(head.u8(10));
  if (opening == 0 || head.u8(11) != '!' || input.size_bytes() < opening) {
    report.breaks("vim-crypt.header", fmt::format("method byte {}, {} bytes in all", head.u8(10), input.size_bytes()),
                  {.from = 0, .to = k_magic_bytes});
    return report;
  }
  report.shape = Shape::sealed;
  report.reach = Reach::opening;
  report.region(0, k_magic_bytes, RegionKind::structured);
  report.region(k_magic_bytes, input.size_bytes(), RegionKind::compressed);
  report.holds("vim-crypt.header",
               fmt::format("method {} and {} bytes of ciphertext", head.u8(10) - '0', input.size_bytes() - opening),
               {.from = 0, .to = k_magic_bytes});
  return report;
}

}  // namespace

const Format k_vim_crypt_format = {.id = "vim-crypt",
                                   .title = "text encrypted by Vim",
                                   .family = Family::owner_encrypted,
                                   .claims = {},
                                   .recognise = recognise,
                                   .walk = walk};

}  // namespace lastgood::formats
