// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// ext2, ext3, ext4. Specification: Linux kernel documentation, "ext4 Data Structures and Algorithms".
//
//   volume = boot(1024) superblock(1024) ... groups of blocks; behind the superblock one descriptor per group
//   Copies of the superblock begin groups 1 and the powers of 3, 5 and 7.
#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "base/checksum.h"
#include "formats/volumes/volume.h"

namespace lastgood::formats {

namespace {

using base::ByteView;

constexpr std::uint64_t k_super_at = 1024;
constexpr std::uint64_t k_super_bytes = 1024;
constexpr std::uint32_t k_compat_sparse2 = 0x200;
constexpr std::uint32_t k_incompat_journal_device = 0x8;
constexpr std::uint32_t k_incompat_meta_groups = 0x10;
constexpr std::uint32_t k_incompat_64bit = 0x80;
constexpr std::uint32_t k_incompat_seed = 0x2000;
constexpr std::uint32_t k_ro_sparse = 0x1;
constexpr std::uint32_t k_ro_group_sums = 0x10;
constexpr std::uint32_t k_ro_sums = 0x400;

struct Ext {
  std::uint64_t block_bytes = 0;
  std::uint64_t blocks = 0;
  std::uint64_t first_block = 0;
  std::uint64_t blocks_per_group = 0;
  std::uint64_t groups = 0;
  std::uint64_t descriptor_bytes = 32;
  std::uint32_t compat = 0;
  std::uint32_t incompat = 0;
  std::uint32_t ro = 0;
  std::uint32_t seed = 0;  // CRC-32C of the volume's identifier
  std::array<std::uint8_t, 16> id{};
  [[nodiscard]] bool has_sums() const { return (ro & k_ro_sums) != 0; }
};

std::string_view kind_of(const Ext& ext) {
  constexpr std::uint32_t k_incompat_ext4 = 0x40 | 0x80 | 0x200 | 0x8000;  // extents, 64bit, flex_bg, inline data
  if ((ext.incompat & k_incompat_ext4) != 0 || (ext.ro & (k_ro_sums | k_ro_group_sums)) != 0) return "ext4";
  return (ext.compat & 0x4) != 0 ? "ext3" : "ext2";
}

Ext parse_super(ByteView super) {
  Ext ext{.block_bytes = std::uint64_t{1024} << std::min<std::uint32_t>(super.le32(24), 16),
          .blocks = super.le32(4),
          .first_block = super.le32(20),
          .blocks_per_group = super.le32(32),
          .compat = super.le32(92),
          .incompat = super.le32(96),
          .ro = super.le32(100)};
  if ((ext.incompat & k_incompat_64bit) != 0) {
    ext.blocks |= std::uint64_t{super.le32(336)} << 32;
    ext.descriptor_bytes = super.le16(254);
  }
  const ByteView id = super.part(104, 16);
  std::copy(id.begin(), id.end(), ext.id.begin());
  // The kernel keeps its sums without the last inversion.
  ext.seed = (ext.incompat & k_incompat_seed) != 0 ? ~super.le32(624) : base::crc32c(id);
  if (ext.blocks_per_group != 0 && ext.blocks > ext.first_block)
    ext.groups = (ext.blocks - ext.first_block + ext.blocks_per_group - 1) / ext.blocks_per_group;
  return ext;
}

/// Names are text up to their first NUL; what no version has given a meaning yet is zero.
bool has_plain_fields(ByteView super) {
  constexpr std::uint64_t k_name_at = 120;
  constexpr std::uint64_t k_mounted_at = 136;
  constexpr std::uint64_t k_reserved_from = 700;
  constexpr std::uint64_t k_reserved_to = 1020;
  for (const ByteView name : {super.part(k_name_at, 16), super.part(k_mounted_at, 64)}) {
    for (const std::uint8_t byte : name) {
      if (byte == 0) break;
      if (byte < 0x20 || byte == 0x7F) return false;
    }
  }
  const ByteView reserved = super.part(k_reserved_from, k_reserved_to - k_reserved_from);
  return std::all_of(reserved.begin(), reserved.end(), [](std::uint8_t byte) { return byte == 0; });
}

std::string_view find_super_fault(const Ext& ext, ByteView super) {
  if (super.le32(24) > 6) return "blocks of that size do not exist";
  if (ext.blocks_per_group == 0 || ext.blocks_per_group > 8 * ext.block_bytes || ext.groups == 0 ||
      ext.groups > (1U << 28))
    return "the groups cannot be";
  if (ext.first_block > 1 || ext.blocks > (std::uint64_t{1} << 48)) return "the blocks cannot be counted so";
  if (!has_plain_fields(super)) return "a name is no text or reserved bytes are not zero";
  if (ext.descriptor_bytes < 32 || ext.descriptor_bytes > 1024) return "group descriptors of that size do not exist";
  if (ext.has_sums() && super.u8(373) == 1 && ~base::crc32c(super.part(0, 1020)) != super.le32(1020))
    return "the superblock's CRC-32C does not fit";
  return {};
}

/// CRC-16 (polynomial 0xA001), begun with all ones: the sums of groups before CRC-32C came.
std::uint16_t crc16(ByteView bytes, std::uint16_t sum) {
  for (const std::uint8_t byte : bytes) {
    sum = static_cast<std::uint16_t>(sum ^ byte);
    for (int bit = 0; bit < 8; ++bit) sum = static_cast<std::uint16_t>((sum >> 1) ^ ((sum & 1) != 0 ? 0xA001 : 0));
  }
  return sum;
}

std::uint16_t descriptor_sum(const Ext& ext, ByteView descriptor, std::uint32_t group) {
  constexpr std::uint64_t k_sum_at = 30;
  const std::array<std::uint8_t, 4> number = {static_cast<std::uint8_t>(group), static_cast<std::uint8_t>(group >> 8),
                                              static_cast<std::uint8_t>(group >> 16),
                                              static_cast<std::uint8_t>(group >> 24)};
  const ByteView number_view{std::span<const std::uint8_t>(number)};
  if (!ext.has_sums()) {
    std::uint16_t sum = crc16(ByteView(std::span<const std::uint8_t>(ext.id)), 0xFFFF);
    sum = crc16(descriptor.part(0, k_sum_at), crc16(number_view, sum));
    return crc16(descriptor.part(k_sum_at + 2), sum);
  }
  constexpr std::array<std::uint8_t, 2> k_zeros{};
  std::uint32_t sum = base::crc32c(descriptor.part(0, k_sum_at), base::crc32c(number_view, ext.seed));
  sum =
      base::crc32c(descriptor.part(k_sum_at + 2), base::crc32c(ByteView(std::span<const std::uint8_t>(k_zeros)), sum));
  return static_cast<std::uint16_t>(~sum);
}

std::string_view find_descriptor_fault(const Ext& ext, ByteView descriptor, std::uint32_t group) {
  for (const std::uint64_t at : {std::uint64_t{0}, std::uint64_t{4}, std::uint64_t{8}}) {
    std::uint64_t block = descriptor.le32(at);
    if (ext.descriptor_bytes >= 64) block |= std::uint64_t{descriptor.le32(32 + at)} << 32;
    if (block >= ext.blocks) return "a bitmap or an inode table is behind the last block";
  }
  const bool has_sums = ext.has_sums() || (ext.ro & k_ro_group_sums) != 0;
  if (has_sums && descriptor.le16(30) != descriptor_sum(ext, descriptor, group)) return "its checksum does not fit";
  return {};
}

void walk_descriptors(WalkInput& input, WalkReport& report, const VolumePlace& place, const Ext& ext,
                      VolumeFrame& frame) {
  if ((ext.incompat & k_incompat_meta_groups) != 0) return;  // they lie elsewhere
  const std::uint64_t table_at = place.from_bytes + (ext.first_block + 1) * ext.block_bytes;
  const std::uint64_t batch = 65536 / ext.descriptor_bytes;
  const std::uint64_t batches = (ext.groups + batch - 1) / batch;
  const std::uint64_t step = std::max<std::uint64_t>(1, batches / volume_samples_max(input));
  frame.is_every_one = step == 1;
  std::uint64_t named = 0;
  for (std::uint64_t i = 0; i < batches; i += step) {
    const std::uint64_t first = i * batch;
    const std::uint64_t count = std::min(batch, ext.groups - first);
    const std::uint64_t from = table_at + first * ext.descriptor_bytes;
    if (!input.may_continue(1 + count / 16)) return;
    const ByteView table = input.at(from, static_cast<std::size_t>(count * ext.descriptor_bytes));
    for (std::uint64_t group = 0; group < count; ++group) {
      const std::uint64_t at = group * ext.descriptor_bytes;
      const ByteView descriptor = table.part(at, ext.descriptor_bytes);
      const std::string_view fault =
          descriptor.size() < ext.descriptor_bytes
              ? "the content ends"
              : find_descriptor_fault(ext, descriptor, static_cast<std::uint32_t>(first + group));
      if (fault.empty()) {
        ++frame.checked;
      } else if (++named <= 20) {
        report.breaks("ext.groups", fmt::format("descriptor of group {}: {}", first + group, fault),
                      volume_range(input, from + at, ext.descriptor_bytes));
      }
    }
  }
}

bool is_power_of(std::uint64_t value, std::uint64_t base) {
  while (value > 1 && value % base == 0) value /= base;
  return value == 1;
}

bool has_copy(const Ext& ext, std::uint64_t group) {
  if ((ext.ro & k_ro_sparse) == 0) return true;
  return group == 1 || is_power_of(group, 3) || is_power_of(group, 5) || is_power_of(group, 7);
}

void walk_copies(WalkInput& input, WalkReport& report, const VolumePlace& place, const Ext& ext, VolumeFrame& frame) {
  if ((ext.compat & k_compat_sparse2) != 0) return;
  std::uint64_t copies = 0;
  for (std::uint64_t group = 1; group < ext.groups && copies < volume_samples_max(input); ++group) {
    if (!has_copy(ext, group)) continue;
    if (!input.may_continue()) return;
    ++copies;
    const std::uint64_t at = place.from_bytes + (ext.first_block + group * ext.blocks_per_group) * ext.block_bytes;
    const ByteView copy = input.at(at, k_super_bytes);
    const bool fits = copy.le16(56) == 0xEF53 &&
                      std::equal(ext.id.begin(), ext.id.end(), copy.part(104, 16).begin(), copy.part(104, 16).end());
    if (fits) {
      ++frame.checked;
    } else {
      report.breaks("ext.copies", fmt::format("no copy of the superblock begins group {}", group),
                    volume_range(input, at, k_super_bytes));
    }
  }
}

}  // namespace

bool opens_ext(ByteView head) {
  const ByteView super = head.part(k_super_at, k_super_bytes);
  return super.size() == k_super_bytes && super.le16(56) == 0xEF53 && super.le32(24) <= 6 && super.le32(76) <= 1 &&
         super.le32(32) != 0 && super.le32(0) != 0;
}

VolumeFrame walk_ext(WalkInput& input, WalkReport& report, const VolumePlace& place) {
  const ByteView head = input.at(place.from_bytes, k_super_at + k_super_bytes);
  if (!opens_ext(head)) return {};
  const ByteView super = head.part(k_super_at);
  const Ext ext = parse_super(super);
  VolumeFrame frame{.kind = kind_of(ext), .length_bytes = ext.blocks * ext.block_bytes};
  const std::string_view fault = find_super_fault(ext, super);
  if (!fault.empty()) {
    report.breaks("ext.superblock", fmt::format("superblock: {}", fault),
                  volume_range(input, place.from_bytes + k_super_at, k_super_bytes));
    frame.length_bytes = 0;
    return frame;
  }
  if ((ext.incompat & k_incompat_journal_device) != 0) return frame;
  ++frame.checked;
  walk_descriptors(input, report, place, ext, frame);
  walk_copies(input, report, place, ext, frame);
  return frame;
}

}  // namespace lastgood::formats
