// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// git-crypt encrypted blob. Source: the project's README and the header it documents.
//
//   file = "\0GITCRYPT\0" nonce(12) ciphertext(size of the plain file, AES-256 in counter mode)
#include "formats/git_crypt/git_crypt_walker.h"

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::string_view k_magic = "\0GITCRYPT\0"sv;
constexpr std::uint64_t k_header_bytes = 22;

Likeness recognise(const Edges& edges) { return edges.head.matches(0, k_magic) ? Likeness::strong : Likeness::none; }

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (!input.head().matches(0, k_magic)) return report;
  if (input.size_bytes() < k_header_bytes) {
    report.breaks("git-crypt.cut", fmt::format("{} bytes, the header has {}", input.size_bytes(), k_header_bytes));
    return report;
  }
  report.shape = Shape::sealed;
  report.reach = Reach::opening;
  report.region(0, k_header_bytes, RegionKind::structured);
  report.region(k_header_bytes, input.size_bytes(), RegionKind::compressed);
  report.holds("git-crypt.header",
               fmt::format("header and {} bytes of ciphertext", input.size_bytes() - k_header_bytes),
               {.from = 0, .to = k_header_bytes});
  return report;
}

}  // namespace

const Format k_git_crypt_format = {.id = "git-crypt",
                                   .title = "git-crypt encrypted file",
                                   .family = Family::owner_encrypted,
                                   .claims = {},
                                   .recognise = recognise,
                                   .walk = walk};

}  // namespace lastgood::formats
