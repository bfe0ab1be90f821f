// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Ansible Vault file. Source: Ansible user guide, "Format of files encrypted with Ansible Vault", versions 1.1 and 1.2.
//
//   file = "$ANSIBLE_VAULT;" version ";" cipher [";" label] LF hex*
//   hex  = hexadecimal digits in lines of 80; together they decode to: hex(salt) LF hex(hmac) LF hex(ciphertext)
#include "formats/ansible_vault/ansible_vault_walker.h"

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::string_view k_magic = "$ANSIBLE_VAULT;";
constexpr std::size_t k_hmac_letters = 64;  // of SHA-256

Likeness recognise(const Edges& edges) { return edges.head.matches(0, k_magic) ? Likeness::strong : Likeness::none; }

int digit(std::uint8_t byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  return -1;
}

/// Takes the outer digits one by one and follows the text they decode to.
class Body {
 public:
  /// False: no such digit may stand here.
  bool take(std::uint8_t byte) {
    const int value = digit(byte);
    if (value < 0) return false;
    high_ = half_ ? high_ : value;
    half_ = !half_;
    return half_ || take_inner(static_cast<std::uint8_t>(high_ * 16 + value));
  }
  [[nodiscard]] bool is_complete() const { return !half_ && part_ == 2 && letters_ > 0 && letters_ % 32 == 0; }

 private:
  bool take_inner(std::uint8_t letter) {
    if (letter == '\n' && part_ < 2) {
      const bool fits = part_ == 0 ? letters_ > 0 && letters_ % 2 == 0 : letters_ == k_hmac_letters;
      ++part_;
      letters_ = 0;
      return fits;
    }
    ++letters_;
    return digit(letter) >= 0;
  }
  int high_ = 0;
  bool half_ = false;
  unsigned part_ = 0;  // salt, hmac, ciphertext
  std::uint64_t letters_ = 0;
};

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (!head.matches(0, k_magic)) return report;
  const std::size_t line_end = head.part(0, 512).find("\n");
  if (line_end == ByteView::npos) {
    report.breaks("ansible-vault.header", "the header line has no end", {.from = 0, .to = head.size()});
    return report;
  }
  std::uint64_t at = line_end + 1;
  report.region(0, at, RegionKind::structured);
  Body body;
  std::uint64_t end = at;
  while (at < input.size_bytes() && input.may_continue(64)) {
    const ByteView piece = input.at(at, 64 * 1024);
    if (piece.empty()) break;
    for (const std::uint8_t byte : piece) {
      ++at;
      if (byte == '\n' || byte == '\r' || byte == ' ') continue;
      if (!body.take(byte)) {
        report.region(line_end + 1, end, RegionKind::compressed);
        report.breaks("ansible-vault.digits", fmt::format("byte {} does not fit the digits of a vault", at - 1),
                      {.from = at - 1, .to = input.size_bytes()});
        return report;
      }
      end = at;
    }
  }
  report.region(line_end + 1, end, RegionKind::compressed);
  if (!input.stopped() && !body.is_complete()) {
    report.breaks("ansible-vault.blocks", "the ciphertext ends within a block",
                  {.from = line_end + 1, .to = input.size_bytes()});
    return report;
  }
  report.shape = Shape::sealed;
  report.reach = input.stopped() ? Reach::opening : Reach::content;
  report.holds("ansible-vault.blocks", fmt::format("salt, digest and ciphertext in {} bytes", end));
  return report;
}

}  // namespace

const Format k_ansible_vault_format = {.id = "ansible-vault",
                                       .title = "Ansible Vault",
                                       .family = Family::owner_encrypted,
                                       .claims = {},
                                       .recognise = recognise,
                                       .walk = walk};

}  // namespace lastgood::formats
