// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Linux Unified Key Setup. Specification: LUKS1 On-Disk Format 1.2.3; LUKS2 On-Disk Format 1.1.3, sections 2 and 3.
//
//   version 1 = "LUKS" BA BE version(2) cipher(32) mode(32) hash(32) payload sector(4) ... eight key slots of 48 bytes
//   version 2 = binary header(4096) JSON area, and a second copy of both right behind, with "SKUL" for "LUKS";
//               a digest over header and area with its own field zeroed
// All numbers are big endian. The payload behind is ciphertext.
#include "formats/luks/luks_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/checksum.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"luks", Promise::firm}, NameClaim{"img", Promise::loose}};
constexpr std::string_view k_magic = "LUKS\xBA\xBE"sv;
constexpr std::string_view k_second_magic = "SKUL\xBA\xBE"sv;
constexpr std::uint64_t k_header_1_bytes = 592;
constexpr std::uint64_t k_slots_at = 208;
constexpr std::uint64_t k_slot_bytes = 48;
constexpr std::uint32_t k_slot_active = 0x00AC71F3;
constexpr std::uint32_t k_slot_free = 0x0000DEAD;
constexpr std::uint64_t k_sector_bytes = 512;
constexpr std::uint64_t k_binary_bytes = 4096;
constexpr std::uint64_t k_area_bytes_max = 4U << 20U;
constexpr std::uint64_t k_digest_at = 0x1C0;
constexpr std::uint64_t k_digest_field_bytes = 64;

Likeness recognise(const Edges& edges) {
  const std::uint16_t version = edges.head.be16(6);
  return edges.head.matches(0, k_magic) && (version == 1 || version == 2) ? Likeness::strong : Likeness::none;
}

bool is_name(ByteView field) {
  std::size_t length = 0;
  while (length < field.size() && field.u8(length) > ' ' && field.u8(length) < 0x7F) ++length;
  return length > 0 && length < field.size() && field.u8(length) == 0;
}

WalkReport walk_version_1(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  const std::uint64_t payload = std::uint64_t{head.be32(104)} * k_sector_bytes;
  std::uint64_t active = 0;
  bool slots_fit = true;
  for (std::uint64_t slot = 0; slot < 8; ++slot) {
    const std::uint32_t state = head.be32(k_slots_at + slot * k_slot_bytes);
    slots_fit = slots_fit && (state == k_slot_active || state == k_slot_free);
    active += state == k_slot_active ? 1U : 0U;
  }
  if (!head.has(0, k_header_1_bytes) || !is_name(head.part(8, 32)) || !is_name(head.part(40, 32)) || !slots_fit ||
      payload > input.size_bytes()) {
    report.breaks("luks.header",
                  fmt::format("{} active key slots, payload at byte {} of {}", active, payload, input.size_bytes()),
                  {.from = 0, .to = std::min<std::uint64_t>(input.size_bytes(), k_header_1_bytes)});
    return report;
  }
  report.shape = Shape::sealed;
  report.reach = Reach::frame;
  report.region(0, k_header_1_bytes, RegionKind::structured);
  report.region(k_header_1_bytes, input.size_bytes(), RegionKind::compressed);
  report.holds("luks.header", fmt::format("version 1, {} active key slots, payload from byte {} on", active, payload),
               {.from = 0, .to = k_header_1_bytes});
  return report;
}

enum class CopyState : std::uint8_t { absent, malformed, unproven, proven };

/// A binary header with its JSON area at `from`.
CopyState check_copy(WalkInput& input, std::uint64_t from, std::string_view magic) {
  const ByteView fields = input.at(from, k_binary_bytes);
  if (!fields.matches(0, magic)) return CopyState::absent;
  const std::uint64_t bytes = fields.be64(8);
  if (fields.size() < k_binary_bytes || fields.be16(6) != 2 || bytes < 2 * k_binary_bytes || bytes > k_area_bytes_max ||
      fields.be64(0x100) != from || bytes > input.size_bytes() - from)
    return CopyState::malformed;
  if (!fields.matches(0x48, "sha256\0"sv)) return CopyState::unproven;
  std::array<std::uint8_t, 32> stored{};
  std::copy_n(fields.part(k_digest_at).begin(), stored.size(), stored.begin());
  base::Sha256 digest;
  constexpr std::array<std::uint8_t, k_digest_field_bytes> k_zeros{};
  digest.update(fields.part(0, k_digest_at));
  digest.update(ByteView(std::span<const std::uint8_t>(k_zeros)));
  digest.update(fields.part(k_digest_at + k_digest_field_bytes));
  for (std::uint64_t at = k_binary_bytes; at < bytes;) {
    const ByteView piece =
        input.at(from + at, static_cast<std::size_t>(std::min<std::uint64_t>(bytes - at, 64 * 1024)));
    if (piece.empty()) return CopyState::malformed;
    digest.update(piece);
    at += piece.size();
  }
  return digest.finish() == stored ? CopyState::proven : CopyState::malformed;
}

WalkReport walk_version_2(WalkInput& input) {
  WalkReport report;
  const std::uint64_t size = input.size_bytes();
  const std::uint64_t bytes = input.head().be64(8);
  const CopyState first = check_copy(input, 0, k_magic);
  const CopyState second = first == CopyState::malformed && bytes > k_area_bytes_max
                               ? CopyState::absent
                               : check_copy(input, bytes, k_second_magic);
  if (first == CopyState::malformed) {
    report.breaks("luks.header", "the digest does not fit the header and its JSON area",
                  {.from = 0, .to = std::min(size, std::min(bytes, k_area_bytes_max))});
    return report;
  }
  if (second == CopyState::absent || second == CopyState::malformed) {
    report.breaks("luks.second-header", fmt::format("no whole second header at byte {}", bytes),
                  {.from = std::min(bytes, size), .to = std::min(2 * bytes, size)});
    return report;
  }
  report.shape = Shape::sealed;
  report.reach = Reach::frame;
  report.region(
      0, 2 * bytes,
      first == CopyState::proven && second == CopyState::proven ? RegionKind::verified : RegionKind::structured);
  report.region(2 * bytes, size, RegionKind::compressed);
  report.holds("luks.header",
               fmt::format("version 2, two headers of {} bytes, {}", bytes,
                           first == CopyState::proven ? "their digests fit" : "digests not computed"),
               {.from = 0, .to = 2 * bytes});
  return report;
}

WalkReport walk(WalkInput& input) {
  if (!input.head().matches(0, k_magic)) return {};
  const std::uint16_t version = input.head().be16(6);
  if (version == 1) return walk_version_1(input);
  if (version == 2) return walk_version_2(input);
  WalkReport report;
  report.breaks("luks.version", fmt::format("version {}", version), {.from = 0, .to = 8});
  return report;
}

}  // namespace

const Format k_luks_format = {.id = "luks",
                              .title = "LUKS volume",
                              .family = Family::owner_encrypted,
                              .claims = k_claims,
                              .recognise = recognise,
                              .walk = walk};

}  // namespace lastgood::formats
