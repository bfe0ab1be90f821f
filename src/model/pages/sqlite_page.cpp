// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "model/pages/sqlite_page.h"

#include <algorithm>

namespace lastgood::model::pages {

namespace {

using base::ByteView;

constexpr std::uint64_t k_file_header_bytes = 100;
constexpr std::uint8_t k_index_interior = 2;
constexpr std::uint8_t k_table_interior = 5;
constexpr std::uint8_t k_index_leaf = 10;
constexpr std::uint8_t k_table_leaf = 13;

struct Varint {
  std::uint64_t value = 0;
  std::uint64_t length = 0;  // 0: the view ends before the number does
};

/// Section 1.6: big-endian groups of seven bits, the ninth byte gives eight.
Varint read_varint(ByteView bytes, std::uint64_t at) {
  Varint varint;
  for (std::uint64_t i = 0; i < 9; ++i) {
    if (!bytes.has(at + i, 1)) return {};
    const std::uint8_t byte = bytes.u8(at + i);
    if (i == 8) return {.value = varint.value << 8 | byte, .length = 9};
    varint.value = varint.value << 7 | (byte & 0x7FU);
    if (byte < 0x80) return {.value = varint.value, .length = i + 1};
  }
  return {};
}

/// Section 2.1: bytes in the body of a record for one serial type.
std::uint64_t body_bytes(std::uint64_t serial_type) {
  constexpr std::uint8_t k_fixed[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
  return serial_type < 12 ? k_fixed[serial_type] : (serial_type - 12) / 2;
}

/// Section 1.6, "payload that fits on the page".
std::uint64_t local_bytes(const SqliteLayout& layout, std::uint8_t type, std::uint64_t payload_bytes) {
  const std::uint64_t usable = layout.usable_bytes;
  const std::uint64_t local_max = type == k_table_leaf ? usable - 35 : (usable - 12) * 64 / 255 - 23;
  if (payload_bytes <= local_max) return payload_bytes;
  const std::uint64_t local_min = (usable - 12) * 32 / 255 - 23;
  const std::uint64_t wanted = local_min + (payload_bytes - local_min) % (usable - 4);
  return wanted <= local_max ? wanted : local_min;
}

/// The record's header must add up to no more than the payload (section 2.1).
std::string_view find_record_fault(ByteView local, std::uint64_t payload_bytes) {
  const Varint header = read_varint(local, 0);
  if (header.length == 0 || header.value < header.length || header.value > payload_bytes)
    return "the header of a record is longer than the record";
  if (header.value > local.size()) return {};  // goes on in an overflow page
  std::uint64_t at = header.length;
  std::uint64_t total = header.value;
  while (at < header.value) {
    const Varint serial = read_varint(local, at);
    if (serial.length == 0) return "a record's header is cut";
    at += serial.length;
    if (body_bytes(serial.value) > payload_bytes - total) return "the columns of a record are longer than the record";
    total += body_bytes(serial.value);
  }
  return at == header.value ? std::string_view{} : "a column's type crosses the end of its record's header";
}

std::string_view find_cell_fault(const SqliteLayout& layout, std::uint8_t type, ByteView page, std::uint64_t cell_at) {
  std::uint64_t at = cell_at;
  const bool is_interior = type == k_index_interior || type == k_table_interior;
  if (is_interior) {
    if (!layout.is_page(page.be32(at))) return "a cell's left child is no page of the database";
    at += 4;
  }
  std::uint64_t payload_bytes = 0;
  if (type != k_table_interior) {
    const Varint payload = read_varint(page, at);
    if (payload.length == 0 || payload.value > 0x7FFFFFFF) return "a cell's payload is longer than SQLite allows";
    payload_bytes = payload.value;
    at += payload.length;
  }
  if (type == k_table_interior || type == k_table_leaf) {
    const Varint row = read_varint(page, at);
    if (row.length == 0) return "a cell's row number is cut";
    at += row.length;
  }
  if (type == k_table_interior)
    return at <= layout.usable_bytes ? std::string_view{} : "a cell crosses the end of the page";
  const std::uint64_t local = local_bytes(layout, type, payload_bytes);
  const std::uint64_t cell_end = at + local + (local < payload_bytes ? 4 : 0);
  if (cell_end > layout.usable_bytes) return "a cell crosses the end of the page";
  if (local < payload_bytes && !layout.is_page(page.be32(at + local)))
    return "a cell's overflow page is no page of the database";
  return find_record_fault(page.part(at, local), payload_bytes);
}

/// Free blocks are chained in ascending order inside the cell content area.
std::string_view find_free_block_fault(const SqliteLayout& layout, ByteView page, std::uint64_t first,
                                       std::uint64_t content_from) {
  std::uint64_t at = first;
  while (at != 0) {
    const std::uint64_t next = page.be16(at);
    const std::uint64_t length = page.be16(at + 2);
    if (at < content_from || length < 4 || at + length > layout.usable_bytes)
      return "a free block lies outside the cell area";
    if (next != 0 && next < at + length) return "the chain of free blocks goes backwards";
    at = next;
  }
  return {};
}

}  // namespace

bool is_btree_type(std::uint8_t type) {
  return type == k_index_interior || type == k_table_interior || type == k_index_leaf || type == k_table_leaf;
}

bool SqliteLayout::is_pointer_map(std::uint64_t page_number) const {
  if (!has_pointer_map || page_number < 2) return false;
  const std::uint64_t pages_per_map = usable_bytes / 5 + 1;
  std::uint64_t map_page = (page_number - 2) / pages_per_map * pages_per_map + 2;
  if (map_page == lock_page()) ++map_page;
  return page_number == map_page;
}

std::string_view find_btree_fault(const SqliteLayout& layout, std::uint64_t page_number, ByteView page) {
  const std::uint64_t header_at = page_number == 1 ? k_file_header_bytes : 0;
  const std::uint8_t type = page.u8(header_at);
  if (!is_btree_type(type)) return "the type byte is none of 2, 5, 10 and 13";
  const bool is_interior = type == k_index_interior || type == k_table_interior;
  const std::uint64_t pointers_at = header_at + (is_interior ? 12 : 8);
  const std::uint64_t cells = page.be16(header_at + 3);
  const std::uint64_t content_word = page.be16(header_at + 5);
  const std::uint64_t content_from = content_word == 0 ? 65536 : content_word;
  if (content_from > layout.usable_bytes) return "the cell area begins behind the page";
  if (pointers_at + 2 * cells > content_from) return "the cell pointers run into the cell area";
  if (page.u8(header_at + 7) > 60) return "more than 60 fragmented bytes";
  if (is_interior && !layout.is_page(page.be32(header_at + 8))) return "the right child is no page of the database";
  for (std::uint64_t i = 0; i < cells; ++i) {
    const std::uint64_t cell_at = page.be16(pointers_at + 2 * i);
    if (cell_at < content_from || cell_at + 4 > layout.usable_bytes)
      return "a cell pointer points outside the cell area";
    const std::string_view fault = find_cell_fault(layout, type, page, cell_at);
    if (!fault.empty()) return fault;
  }
  return find_free_block_fault(layout, page, page.be16(header_at + 1), content_from);
}

std::string_view find_pointer_map_fault(const SqliteLayout& layout, std::uint64_t page_number, ByteView page) {
  const std::uint64_t entries =
      std::min<std::uint64_t>(layout.usable_bytes / 5, layout.page_count - std::min(page_number, layout.page_count));
  for (std::uint64_t i = 0; i < entries; ++i) {
    const std::uint8_t type = page.u8(5 * i);
    const std::uint32_t parent = page.be32(5 * i + 1);
    if (type > 5) return "a pointer map entry is of no known type";
    if (parent > layout.page_count) return "a pointer map entry names a page behind the end";
  }
  return {};
}

std::string_view find_overflow_fault(const SqliteLayout& layout, ByteView page) {
  return page.be32(0) <= layout.page_count ? std::string_view{}
                                           : "neither a b-tree page nor an overflow page whose next page exists";
}

std::string_view find_trunk_fault(const SqliteLayout& layout, ByteView page) {
  if (page.be32(0) > layout.page_count) return "the next trunk of the free list is behind the end";
  const std::uint64_t leaves = page.be32(4);
  if (leaves > layout.usable_bytes / 4 - 2) return "a trunk of the free list names more pages than fit";
  for (std::uint64_t i = 0; i < leaves; ++i) {
    if (!layout.is_page(page.be32(8 + 4 * i))) return "a trunk of the free list names a page that does not exist";
  }
  return {};
}

}  // namespace lastgood::model::pages
