// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "model/pages/innodb_page.h"

#include <algorithm>
#include <array>

#include "base/checksum.h"

namespace lastgood::model::pages {

namespace {

using base::ByteView;
using namespace std::string_view_literals;

// Offsets in the page header.
constexpr std::uint64_t k_sum_at = 0;
constexpr std::uint64_t k_number_at = 4;
constexpr std::uint64_t k_lsn_at = 16;
constexpr std::uint64_t k_type_at = 24;
constexpr std::uint64_t k_key_version_at = 26;
constexpr std::uint64_t k_space_at = 34;
constexpr std::uint64_t k_body_at = 38;
constexpr std::uint64_t k_trailer_bytes = 8;

constexpr std::uint32_t k_no_sum = 0xDEADBEEF;
constexpr std::uint16_t k_type_header = 8;
constexpr std::uint16_t k_type_mysql_compressed = 14;
constexpr std::uint16_t k_type_mysql_encrypted_last = 17;
constexpr std::uint16_t k_type_known_max = 29;
constexpr std::uint16_t k_type_sdi = 17853;
constexpr std::uint16_t k_type_rtree = 17854;
constexpr std::uint16_t k_type_index = 17855;
constexpr std::uint16_t k_type_page_compressed = 34354;
constexpr std::uint16_t k_type_page_compressed_encrypted = 37401;
constexpr std::uint16_t k_compressed_bit = 0x8000;  // full_crc32: the other bits count units of 256 bytes

bool is_known_type(std::uint16_t type) {
  return type <= k_type_known_max || (type >= k_type_sdi && type <= k_type_index) || type == k_type_page_compressed ||
         type == k_type_page_compressed_encrypted;
}

/// The sum that MySQL 5.6 and MariaDB 10.1 made the default: two parts, without what changes when a page is flushed.
std::uint32_t split_crc32(ByteView page) {
  return base::crc32c(page.part(k_number_at, k_key_version_at - k_number_at)) ^
         base::crc32c(page.part(k_body_at, page.size() - k_body_at - k_trailer_bytes));
}

std::uint32_t zipped_crc32(ByteView page) {
  return base::crc32c(page.part(k_number_at, k_lsn_at - k_number_at)) ^ base::crc32c(page.part(k_type_at, 2)) ^
         base::crc32c(page.part(k_space_at));
}

/// The sum of the versions before ("innodb").
std::uint32_t fold(ByteView bytes) {
  std::uint32_t sum = 0;
  for (const std::uint8_t byte : bytes) sum = ((((sum ^ byte ^ 1653893711U) << 8U) + sum) ^ 1463735687U) + byte;
  return sum;
}

std::uint32_t old_sum(ByteView page) {
  return fold(page.part(k_number_at, k_key_version_at - k_number_at)) +
         fold(page.part(k_body_at, page.size() - k_body_at - k_trailer_bytes));
}

bool is_index_type(std::uint16_t type) { return type == k_type_index || type == k_type_rtree || type == 18; }

/// Every index page holds its two border records by name, at one of two places.
bool has_border_records(ByteView page) {
  const bool is_compact = page.matches(99, "infimum\0"sv) && page.matches(112, "supremum"sv);
  return is_compact || (page.matches(101, "infimum\0"sv) && page.matches(116, "supremum\0"sv));
}

InnodbPageOpinion judge_full_crc32(ByteView page) {
  const std::uint16_t type = page.be16(k_type_at);
  const std::uint64_t length = (type & k_compressed_bit) != 0 ? std::uint64_t{256} * (type & 0x7FFFU) : page.size();
  if (length > page.size() || length < 256) return {.fault = "the length of a compressed page cannot be"};
  const bool is_sealed = page.be32(k_sum_at) != 0;  // the key's version stands there
  if (base::crc32c(page.part(0, length - 4)) != page.be32(length - 4)) return {.fault = "the CRC-32C does not fit"};
  if ((type & k_compressed_bit) == 0 && !is_known_type(type)) return {.fault = "the page type is unknown"};
  return {.is_sealed = is_sealed, .fault = {}};
}

InnodbPageOpinion judge_zipped(ByteView page) {
  if (!is_known_type(page.be16(k_type_at))) return {.fault = "the page type is unknown"};
  const std::uint32_t stored = page.be32(k_sum_at);
  const std::uint32_t sum = zipped_crc32(page);
  if (stored == sum) return {};
  if (page.be32(k_key_version_at) != 0 && page.be32(k_key_version_at + 4) == sum)
    return {.is_sealed = true, .fault = {}};
  if (stored == k_no_sum ||
      stored == base::adler32(page.part(k_space_at),
                              base::adler32(page.part(k_type_at, 2),
                                            base::adler32(page.part(k_number_at, k_lsn_at - k_number_at), 0)))) {
    return {.kind = stored == k_no_sum ? RegionKind::compressed : RegionKind::verified, .fault = {}};
  }
  return {.fault = "the checksum does not fit"};
}

/// Page compression and encryption of whole pages: what follows the header is not readable here.
InnodbPageOpinion judge_transformed(ByteView page, std::uint16_t type) {
  const bool is_mysql = type <= k_type_mysql_encrypted_last;
  const std::uint64_t length = is_mysql ? page.be16(k_key_version_at + 6) : page.be16(k_body_at);
  const bool is_compressed = type == k_type_mysql_compressed || type == k_type_page_compressed ||
                             type == k_type_page_compressed_encrypted || type == 16;
  if (is_compressed && (length == 0 || length > page.size() - k_body_at))
    return {.fault = "the length of a compressed page cannot be"};
  const bool is_sealed = type != k_type_mysql_compressed && type != k_type_page_compressed;
  return {.kind = RegionKind::compressed, .is_sealed = is_sealed, .fault = {}};
}

InnodbPageOpinion judge_classic(ByteView page) {
  const std::uint16_t type = page.be16(k_type_at);
  if (!is_known_type(type)) return {.fault = "the page type is unknown"};
  const bool is_transformed = (type >= k_type_mysql_compressed && type <= k_type_mysql_encrypted_last) ||
                              type == k_type_page_compressed || type == k_type_page_compressed_encrypted;
  if (is_transformed) return judge_transformed(page, type);
  const std::uint32_t stored = page.be32(k_sum_at);
  const std::uint32_t sum = split_crc32(page);
  const bool key_fits = page.be32(k_key_version_at) != 0 && page.be32(k_key_version_at + 4) == sum;
  if (key_fits && stored != sum) return {.is_sealed = true, .fault = {}};
  if (page.be32(k_lsn_at + 4) != page.be32(page.size() - 4))
    return {.fault = "the LSN at the end of the page is not that at its start"};
  if (stored == k_no_sum) {
    if (is_index_type(type) && !has_border_records(page)) return {.fault = "an index page without its border records"};
    return {.kind = is_index_type(type) ? RegionKind::structured : RegionKind::compressed, .fault = {}};
  }
  if (stored != sum && stored != old_sum(page)) return {.fault = "the checksum does not fit"};
  return {};
}

}  // namespace

std::optional<InnodbLayout> parse_innodb_header(ByteView page) {
  const std::uint32_t flags = page.be32(54);
  const bool opens = page.be32(k_number_at) == 0 && page.be16(k_type_at) == k_type_header &&
                     page.be32(k_space_at) == page.be32(k_body_at) && page.has(0, 128);
  if (!opens) return std::nullopt;
  InnodbLayout layout{.space_id = page.be32(k_space_at), .tablespace_pages = page.be32(46)};
  layout.is_full_crc32 = (flags & 0x10) != 0;
  const std::uint32_t page_shift = layout.is_full_crc32 ? flags & 0xF : flags >> 6 & 0xF;
  const std::uint32_t zip_shift = layout.is_full_crc32 ? 0 : flags >> 1 & 0xF;
  if ((page_shift != 0 && page_shift < 3) || page_shift > 7 || zip_shift > 7) return std::nullopt;
  if (layout.is_full_crc32 && page_shift == 0) return std::nullopt;
  layout.page_bytes = page_shift == 0 ? 16384U : 512U << page_shift;
  if (zip_shift != 0) {
    layout.page_bytes = 512U << zip_shift;
    layout.is_zipped = true;
  }
  return layout;
}

std::string_view find_innodb_owner_fault(const InnodbLayout& layout, std::uint64_t index, ByteView page) {
  if (page.be32(k_number_at) != layout.first_number + index) return "the page number is not that of its place";
  // In the full_crc32 form what is compressed or encrypted begins at byte 26: the tablespace is not readable.
  const bool is_readable =
      !layout.is_full_crc32 || (page.be32(k_sum_at) == 0 && (page.be16(k_type_at) & k_compressed_bit) == 0);
  if (is_readable && page.be32(k_space_at) != layout.space_id) return "the page belongs to another tablespace";
  return {};
}

InnodbPageOpinion judge_innodb_page(const InnodbLayout& layout, ByteView page) {
  if (page.size() < layout.page_bytes) return {.fault = "the content ends inside the page"};
  if (layout.is_full_crc32) return judge_full_crc32(page);
  return layout.is_zipped ? judge_zipped(page) : judge_classic(page);
}

std::optional<InnodbLayout> guess_innodb_layout(ByteView page, std::uint32_t page_bytes, std::uint64_t index) {
  if (page.size() < page_bytes || page.be32(k_number_at) != index || page.be32(k_number_at) == 0) return std::nullopt;
  InnodbLayout layout{.page_bytes = page_bytes, .space_id = page.be32(k_space_at)};
  for (const bool is_full : {false, true}) {
    layout.is_full_crc32 = is_full;
    const InnodbPageOpinion opinion = judge_innodb_page(layout, page.part(0, page_bytes));
    if (opinion.fault.empty() && opinion.kind == RegionKind::verified) return layout;
  }
  return std::nullopt;
}

}  // namespace lastgood::model::pages
