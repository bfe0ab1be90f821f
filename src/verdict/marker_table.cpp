// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "verdict/marker_table.h"

#include <array>

#include <fmt/format.h>

namespace lastgood::verdict {

namespace {

using base::ByteView;
using namespace std::string_view_literals;

/// WannaCry: "WANACRY!", u32 0x100, 256 bytes of RSA, u32 type, u64 original size; then the file, padded to 16.
std::optional<Marker> find_wannacry(ByteView head, ByteView /*tail*/, std::uint64_t size_bytes) {
  constexpr std::uint64_t k_header_bytes = 8 + 4 + 256 + 4 + 8;
  if (!head.matches(0, "WANACRY!") || head.le32(8) != 0x100) return std::nullopt;
  const std::uint64_t original = head.le64(k_header_bytes - 8);
  if (original > size_bytes) return std::nullopt;
  return Marker{.family = "WannaCry",
                .proof = Proof::checked,
                .header_bytes = k_header_bytes,
                .footer_bytes = 0,
                .sentence = fmt::format("header 'WANACRY!' that names an original size of {} bytes", original)};
}

/// Conti and the families from its leaked code, Akira among them: 512 bytes RSA, 12 bytes, mode, percent, u64 original
/// size.
std::optional<Marker> find_conti_footer(ByteView /*head*/, ByteView tail, std::uint64_t size_bytes) {
  constexpr std::uint64_t k_footer_bytes = 534;
  if (size_bytes <= k_footer_bytes || tail.size() < k_footer_bytes) return std::nullopt;
  const ByteView footer = tail.part(tail.size() - k_footer_bytes);
  const std::uint8_t mode = footer.u8(524);
  const std::uint8_t percent = footer.u8(525);
  const bool mode_known = mode <= 2 || (mode >= 0x24 && mode <= 0x26);
  if (!mode_known || percent > 100 || footer.le64(526) != size_bytes - k_footer_bytes) return std::nullopt;
  return Marker{.family = "Conti or Akira",
                .proof = Proof::checked,
                .header_bytes = 0,
                .footer_bytes = k_footer_bytes,
                .sentence = fmt::format("footer of 534 bytes: mode {:#x}, {} percent, and this file's original size {}",
                                        mode, percent, size_bytes - k_footer_bytes)};
}

/// MedusaLocker v3: 1280 + 256 bytes of keys, then u64 size and three u32 in clear.
std::optional<Marker> find_medusalocker_footer(ByteView /*head*/, ByteView tail, std::uint64_t size_bytes) {
  constexpr std::uint64_t k_footer_bytes = 1556;
  constexpr std::uint64_t k_padding_bytes_max = 16;
  if (size_bytes <= k_footer_bytes || tail.size() < k_footer_bytes) return std::nullopt;
  const std::uint64_t original = tail.part(tail.size() - 20).le64(0);
  const std::uint64_t body = size_bytes - k_footer_bytes;
  if (original > body || body - original > k_padding_bytes_max || original == 0) return std::nullopt;
  return Marker{.family = "MedusaLocker",
                .proof = Proof::checked,
                .header_bytes = 0,
                .footer_bytes = k_footer_bytes,
                .sentence = fmt::format("footer of 1556 bytes that names this file's original size {}", original)};
}

struct Constant {
  std::string_view family;
  std::string_view bytes;
  std::uint64_t search_bytes;  // how far from the end it may stand; 0: exactly at the end
  std::uint64_t footer_bytes;  // whole appended length when known; 0: from the constant to the end
  Proof proof;
};
constexpr std::array k_tail_constants = {
    Constant{"Qilin (Agenda)", "-----END CIPHERTEXT BLOCK-----", 64, 512 + 8 + 30, Proof::checked},
    Constant{"CryLock", "{ENCRYPTENDED}", 256, 0, Proof::checked},
    Constant{"CryLock", "{ENCRYPTSTART}", 50'000, 0, Proof::checked},
    Constant{"Babuk (NAS)", "\xAB\xBC\xCD\xDE\xEF\xF0"sv, 0, 38, Proof::shape},
    Constant{"Ryuk", "HERMES", 512, 0, Proof::shape},
    Constant{"INC or Lynx", "INC", 0, 35, Proof::shape},
};

std::optional<Marker> find_constant(ByteView tail) {
  for (const Constant& constant : k_tail_constants) {
    const std::uint64_t reach = constant.search_bytes + constant.bytes.size();
    const ByteView end = tail.part(tail.size() > reach ? tail.size() - reach : 0);
    // Forwards is many times faster than backwards, and says the same where there is none.
    if (end.find(constant.bytes) == ByteView::npos) continue;
    const std::size_t found = end.find_last(constant.bytes);
    const std::uint64_t footer = constant.footer_bytes != 0 ? constant.footer_bytes : end.size() - found;
    return Marker{.family = constant.family,
                  .proof = constant.proof,
                  .header_bytes = 0,
                  .footer_bytes = footer,
                  .sentence = fmt::format("constant of this family {} bytes before the end", end.size() - found)};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Marker> find_marker(ByteView head, ByteView tail, std::uint64_t size_bytes) {
  for (const auto find : {find_wannacry, find_conti_footer, find_medusalocker_footer}) {
    if (auto marker = find(head, tail, size_bytes)) return marker;
  }
  return find_constant(tail);
}

}  // namespace lastgood::verdict
