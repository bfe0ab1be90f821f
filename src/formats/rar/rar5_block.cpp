// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// RAR 5: "RAR 5.0 archive format" (technote).
//
//   block = crc32(4, from the size on) size type flags [extra size] [data size] fields [extra] data
//   Numbers have seven bits a byte, lowest first, the highest bit says that another byte follows.
#include <fmt/format.h>

#include "base/checksum.h"
#include "formats/rar/rar_blocks.h"

namespace lastgood::formats {

namespace {

using base::ByteView;

enum Type : std::uint8_t { k_file = 2, k_service = 3, k_encryption = 4, k_archive_end = 5 };

constexpr std::uint64_t k_flag_extra = 1;
constexpr std::uint64_t k_flag_data = 2;
constexpr std::uint64_t k_flag_split = 0x18;
constexpr std::uint64_t k_file_flag_time = 2;
constexpr std::uint64_t k_file_flag_crc = 4;
constexpr std::uint64_t k_extra_encryption = 1;
constexpr std::uint64_t k_header_bytes_max = 2 * 1024 * 1024;   // the technote's own limit
constexpr std::uint64_t k_summed_bytes_max = 1024 * 1024 - 16;  // one window

/// Reads forwards through a header; zeros behind its end.
class Fields {
 public:
  explicit Fields(ByteView bytes) : bytes_(bytes) {}
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint8_t byte = bytes_.u8(at_++);
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if ((byte & 0x80U) == 0) break;
    }
    return value;
  }
  std::uint32_t u32() {
    at_ += 4;
    return bytes_.le32(at_ - 4);
  }
  [[nodiscard]] std::uint64_t at() const { return at_; }

 private:
  ByteView bytes_;
  std::uint64_t at_ = 0;
};

bool has_encryption_record(ByteView extra) {
  while (!extra.empty()) {
    Fields fields(extra);
    const std::uint64_t length = fields.number();
    const std::uint64_t from = fields.at();
    if (fields.number() == k_extra_encryption) return true;
    if (length == 0 || length >= extra.size() - std::min<std::uint64_t>(from, extra.size())) return false;
    extra = extra.part(from + length);
  }
  return false;
}

void read_file_fields(Fields& fields, ByteView header, std::uint64_t extra_bytes, std::uint64_t flags,
                      std::uint64_t type, RarBlock& block) {
  if (type == k_file) block.role = RarBlockRole::file;
  const std::uint64_t file_flags = fields.number();
  (void)fields.number();  // unpacked size
  (void)fields.number();  // attributes
  if ((file_flags & k_file_flag_time) != 0) (void)fields.u32();
  const std::uint32_t crc = (file_flags & k_file_flag_crc) != 0 ? fields.u32() : 0;
  const std::uint64_t method = (fields.number() >> 7U) & 7U;
  if (extra_bytes <= header.size()) block.encrypted = has_encryption_record(header.part(header.size() - extra_bytes));
  const bool stored_whole = method == 0 && (flags & k_flag_split) == 0 && (file_flags & k_file_flag_crc) != 0;
  if (stored_whole && !block.encrypted) block.crc32 = crc;
}

}  // namespace

RarBlock read_rar5_block(WalkInput& input, std::uint64_t at) {
  const ByteView fixed = input.at(at, 16);
  const std::uint32_t crc = fixed.le32(0);
  Fields size_field(fixed.part(4));
  const std::uint64_t header_bytes = size_field.number();
  const std::uint64_t size_bytes = size_field.at();
  RarBlock block;
  const std::uint64_t type_peek = fixed.u8(4 + size_bytes);
  block.looks_like_header = header_bytes >= 2 && header_bytes <= k_header_bytes_max && size_bytes <= 3 &&
                            type_peek >= 1 && type_peek <= k_archive_end;
  const std::uint64_t summed_bytes = size_bytes + header_bytes;
  if (header_bytes > k_summed_bytes_max || header_bytes < 2 || size_bytes > 3) {
    block.why = fmt::format("no block header stands at byte {}", at);
    return block;
  }
  const ByteView summed = input.at(at + 4, static_cast<std::size_t>(summed_bytes));
  if (summed.size() < summed_bytes || base::crc32(summed) != crc) {
    block.why = fmt::format("no block header that fits its checksum stands at byte {}", at);
    return block;
  }
  const ByteView header = summed.part(size_bytes);
  Fields fields(header);
  const std::uint64_t type = fields.number();
  const std::uint64_t flags = fields.number();
  const std::uint64_t extra_bytes = (flags & k_flag_extra) != 0 ? fields.number() : 0;
  block.data_bytes = (flags & k_flag_data) != 0 ? fields.number() : 0;
  block.header_to = at + 4 + summed_bytes;
  if (type == k_encryption) block.role = RarBlockRole::encryption;
  if (type == k_archive_end) block.role = RarBlockRole::end;
  if (type == k_file || type == k_service) read_file_fields(fields, header, extra_bytes, flags, type, block);
  return block;
}

}  // namespace lastgood::formats
