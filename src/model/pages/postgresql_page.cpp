// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "model/pages/postgresql_page.h"

#include <array>
#include <bit>
#include <cstring>
#include <span>

namespace lastgood::model::pages {

namespace {

using base::ByteView;

constexpr std::uint64_t k_header_bytes = 24;
constexpr std::uint64_t k_tuple_header_bytes = 23;
constexpr std::uint16_t k_columns_max = 1600;
constexpr std::uint32_t k_lsn_high_max = 1U << 20;  // 4 PiB of log written

/// What the special area at the end of the page says about the access method.
enum class PageUse : std::uint8_t {
  heap,   // tuples behind line pointers
  index,  // index tuples behind line pointers
  other,  // pages whose middle is laid out in another way, and access methods from elsewhere
};

bool is_identified(std::uint16_t id) { return id >= 0xFF80 && id <= 0xFF8F; }

PageUse use_of_large_special(ByteView page, std::uint64_t special) {
  const std::uint16_t id = page.le16(special + 14);
  const std::uint16_t flags = page.le16(special + 12);
  constexpr std::uint16_t k_hash = 0xFF80;
  constexpr std::uint16_t k_gist = 0xFF81;
  if (id == k_hash) return (flags & 0x000C) == 0 && (flags & 0x0003) != 0 ? PageUse::index : PageUse::other;
  if (id == k_gist) return (flags & 0x0002) == 0 ? PageUse::index : PageUse::other;
  // B-tree: the last word is a vacuum cycle, flags 4 (deleted) and 8 (meta) have other contents.
  return !is_identified(id) && (flags & 0x000C) == 0 ? PageUse::index : PageUse::other;
}

PageUse use_of_small_special(ByteView page, std::uint64_t special) {
  const std::uint16_t id = page.le16(special + 6);
  constexpr std::uint16_t k_sp_gist = 0xFF82;
  constexpr std::uint16_t k_brin_meta = 0xF091;
  constexpr std::uint16_t k_brin_regular = 0xF093;
  if (page.le32(special) == 0x1717) return PageUse::heap;  // a sequence
  if (id == k_sp_gist) return (page.le16(special) & 0x0001) == 0 ? PageUse::index : PageUse::other;
  if (id >= k_brin_meta && id <= k_brin_regular) return id == k_brin_regular ? PageUse::index : PageUse::other;
  // GIN: flags 1 (data), 4 (deleted) and 8 (meta) are pages without line pointers.
  return !is_identified(id) && (id & 0x000D) == 0 && id <= 0x00FF ? PageUse::index : PageUse::other;
}

PageUse use_of(ByteView page, std::uint64_t special, std::uint64_t page_bytes) {
  if (special == page_bytes) return PageUse::heap;
  if (page_bytes - special == 16) return use_of_large_special(page, special);
  if (page_bytes - special == 8) return use_of_small_special(page, special);
  return PageUse::other;
}

/// Special areas of 16 bytes are those of hash, GiST and B-tree indexes; a B-tree's knows nine flags and no cycle above
/// 0xFF7F (src/include/access/nbtree.h).
bool is_special_area_possible(ByteView page, std::uint64_t special, std::uint64_t page_bytes) {
  if (page_bytes - special != 16) return true;
  const std::uint16_t id = page.le16(special + 14);
  return is_identified(id) || (id <= 0xFF7F && (page.le16(special + 12) & 0xFE00) == 0);
}

std::string_view find_tuple_fault(ByteView tuple) {
  if (tuple.size() < k_tuple_header_bytes) return "a tuple is shorter than its header";
  const std::uint8_t data_offset = tuple.u8(22);
  if ((tuple.le16(18) & 0x07FF) > k_columns_max) return "a tuple has more than 1600 columns";
  if (data_offset < k_tuple_header_bytes || data_offset % 4 != 0 || data_offset > tuple.size())
    return "a tuple's data begin outside it";
  return {};
}

std::string_view find_line_pointer_fault(ByteView page, std::uint64_t lower, std::uint64_t upper, std::uint64_t special,
                                         PageUse use) {
  const std::uint64_t count = (lower - k_header_bytes) / 4;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint32_t pointer = page.le32(k_header_bytes + 4 * i);
    const std::uint32_t offset = pointer & 0x7FFF;
    const std::uint32_t state = pointer >> 15 & 3;
    const std::uint32_t length = pointer >> 17;
    const bool is_redirect = state == 2 && use == PageUse::heap;
    if (is_redirect && (length != 0 || offset == 0 || offset > count))
      return "a line pointer redirects to a line that does not exist";
    if (is_redirect || length == 0) continue;
    if (offset < upper || offset + length > special) return "a line pointer points outside the tuple area";
    if (state == 0) return "an unused line pointer has a length";
    if (use != PageUse::heap || state != 1) continue;
    const std::string_view fault = find_tuple_fault(page.part(offset, length));
    if (!fault.empty()) return fault;
  }
  return {};
}

/// "Free Space Map": a binary tree of bytes in which each node is the larger of its two children.
std::string_view find_free_space_fault(ByteView page) {
  const std::uint64_t nodes_at = k_header_bytes + 4;
  const std::uint64_t inner = page.size() / 2 - 1;
  const std::uint64_t nodes = page.size() - nodes_at;
  for (std::uint64_t i = 0; i < inner; ++i) {
    const std::uint8_t left = 2 * i + 1 < nodes ? page.u8(nodes_at + 2 * i + 1) : std::uint8_t{0};
    const std::uint8_t right = 2 * i + 2 < nodes ? page.u8(nodes_at + 2 * i + 2) : std::uint8_t{0};
    // A crash may leave a node above its children's values too high or too low; ciphertext does so nearly everywhere.
    if (page.u8(nodes_at + i) != (left > right ? left : right) && i >= inner / 2)
      return "the free space map's nodes are not the largest of their children";
  }
  return {};
}

/// "Visibility Map": two bits per heap page; frozen (2) is never set without visible (1).
std::string_view find_visibility_fault(ByteView page) {
  for (std::uint64_t i = k_header_bytes; i < page.size(); ++i) {
    const unsigned byte = page.u8(i);
    if ((byte >> 1 & ~byte & 0x55U) != 0) return "the visibility map calls pages frozen that are not visible";
  }
  return {};
}

}  // namespace

std::uint32_t postgresql_page_bytes(ByteView page) {
  const std::uint32_t page_bytes = page.le16(18) & 0xFF00U;
  const std::uint32_t version = page.le16(18) & 0x00FFU;
  const std::uint32_t lower = page.le16(12);
  const std::uint32_t upper = page.le16(14);
  const std::uint32_t special = page.le16(16);
  if (page_bytes < 1024 || page_bytes > 32768 || !std::has_single_bit(page_bytes) || version < 3 || version > 4)
    return 0;
  if (lower < k_header_bytes || lower > upper || upper > special || special > page_bytes || special % 8 != 0) return 0;
  if (page.le16(10) > 7 || page.le32(0) > k_lsn_high_max) return 0;
  return page_bytes;
}

std::string_view find_postgresql_page_fault(ByteView page, std::uint32_t page_bytes, RelationFork fork) {
  if (page.size() < page_bytes) return "the content ends inside the page";
  if (postgresql_page_bytes(page) != page_bytes) return "the page header's bounds, flags, version or LSN cannot be";
  if (fork == RelationFork::free_space) return find_free_space_fault(page);
  if (fork == RelationFork::visibility) return find_visibility_fault(page);
  const std::uint64_t special = page.le16(16);
  const PageUse use = use_of(page, special, page_bytes);
  if (!is_special_area_possible(page, special, page_bytes)) return "the special area is no known index's";
  if (use == PageUse::other) return {};
  return find_line_pointer_fault(page, page.le16(12), page.le16(14), special, use);
}

namespace {

constexpr std::size_t k_lanes = 32;
using Lanes = std::array<std::uint32_t, k_lanes>;

/// One FNV step of all lanes, with the bits that a multiplication never brings down mixed in by a shift.
inline void mix_row(Lanes& sums, const Lanes& words) {
  constexpr std::uint32_t k_prime = 16777619;
  for (std::size_t lane = 0; lane < k_lanes; ++lane) {
    const std::uint32_t mixed = sums[lane] ^ words[lane];
    sums[lane] = mixed * k_prime ^ mixed >> 17;
  }
}

/// The loop over a page, once for each instruction set: the 32 sums do not depend on each other and are kept in
/// registers of any width.
inline std::uint32_t fold_page(std::span<const std::uint8_t> bytes) {
  Lanes sums = {0x5B1F36E9, 0xB8525960, 0x02AB50AA, 0x1DE66D2A, 0x79FF467A, 0x9BB9F8A3, 0x217E7CD2, 0x83E13D2C,
                0xF8D4474F, 0xE39EB970, 0x42C6AE16, 0x993216FA, 0x7B093B5D, 0x98DAFF3C, 0xF718902A, 0x0B1C9CDB,
                0xE58F764B, 0x187636BC, 0x5D7B3BB1, 0xE73DE7DE, 0x92BEC979, 0xCCA6C0B2, 0x304A0979, 0x85AA43D4,
                0x783125BB, 0x6CA8EAA2, 0xE407EAC6, 0x4B5CFC3E, 0x9FBF8C76, 0x15CA20BE, 0xF2CA9FD3, 0x959BD756};
  for (std::size_t row = 0; row + 4 * k_lanes <= bytes.size(); row += 4 * k_lanes) {
    Lanes words{};
    std::memcpy(words.data(), bytes.data() + row, 4 * k_lanes);
    if (row == 0) words[2] &= 0xFFFF0000U;  // the checksum's own place counts as zero
    mix_row(sums, words);
  }
  mix_row(sums, {});
  mix_row(sums, {});
  std::uint32_t folded = 0;
  for (const std::uint32_t sum : sums) folded ^= sum;
  return folded;
}

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
__attribute__((target("avx2"), optimize("O3"), flatten)) std::uint32_t fold_page_wide(
    std::span<const std::uint8_t> bytes) {
  return fold_page(bytes);
}
#endif

std::uint32_t fold_page_fast(std::span<const std::uint8_t> bytes) {
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
  static const bool has_avx2 = __builtin_cpu_supports("avx2") != 0;
  if (has_avx2) return fold_page_wide(bytes);
#endif
  return fold_page(bytes);
}

}  // namespace

std::uint16_t postgresql_page_sum(ByteView page, std::uint32_t block_number) {
  return static_cast<std::uint16_t>((fold_page_fast(page.span()) ^ block_number) % 65535 + 1);
}

}  // namespace lastgood::model::pages
