// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// HDF5 files (also netCDF-4 and MATLAB 7.3). Specification: "HDF5 File Format Specification Version 3.0", sections II
// and III.A to III.D.
//
//   file       = [user block of 512, 1024, ... bytes] superblock, then objects anywhere
//   superblock = 89 "HDF" 0D 0A 1A 0A version(1) ...: size of an offset, base, end of file and root group; from version
//   2
//                on with a checksum (Jenkins lookup3) at its end
//   The root group is an object header: "OHDR", or version(1: 1) 0(1) messages(2) ...; its B-tree begins with "TREE".
#include "formats/hdf5/hdf5_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"h5", Promise::firm},  NameClaim{"hdf5", Promise::firm},
                                 NameClaim{"he5", Promise::firm}, NameClaim{"nc4", Promise::loose},
                                 NameClaim{"nc", Promise::loose}, NameClaim{"sofa", Promise::loose},
                                 NameClaim{"mat", Promise::loose}};
constexpr std::string_view k_signature = "\x89HDF\r\n\x1a\n"sv;
constexpr std::uint64_t k_superblock_bytes_max = 128;
constexpr std::uint64_t k_not_there = UINT64_MAX;

std::uint64_t find_superblock(ByteView head) {
  for (std::uint64_t at = 0; at + k_signature.size() <= head.size(); at = at == 0 ? 512 : at * 2) {
    if (head.matches(at, k_signature)) return at;
  }
  return k_not_there;
}

Likeness recognise(const Edges& edges) {
  return find_superblock(edges.head) != k_not_there ? Likeness::strong : Likeness::none;
}

std::uint32_t rotated(std::uint32_t value, unsigned bits) { return (value << bits) | (value >> (32U - bits)); }

/// Jenkins lookup3 ("hashlittle" with initial value 0), as HDF5 uses it.
std::uint32_t lookup3(ByteView bytes) {
  std::uint32_t a = 0xDEADBEEF + static_cast<std::uint32_t>(bytes.size());
  std::uint32_t b = a;
  std::uint32_t c = a;
  std::uint64_t at = 0;
  std::uint64_t left = bytes.size();
  while (left > 12) {
    a += bytes.le32(at);
    b += bytes.le32(at + 4);
    c += bytes.le32(at + 8);
    a -= c;
    a ^= rotated(c, 4);
    c += b;
    b -= a;
    b ^= rotated(a, 6);
    a += c;
    c -= b;
    c ^= rotated(b, 8);
    b += a;
    a -= c;
    a ^= rotated(c, 16);
    c += b;
    b -= a;
    b ^= rotated(a, 19);
    a += c;
    c -= b;
    c ^= rotated(b, 4);
    b += a;
    at += 12;
    left -= 12;
  }
  if (left == 0) return c;
  std::array<std::uint32_t, 3> last{};
  for (std::uint64_t i = 0; i < left; ++i) last[i / 4] += std::uint32_t{bytes.u8(at + i)} << (8 * (i % 4));
  a += last[0];
  b += last[1];
  c += last[2];
  c ^= b;
  c -= rotated(b, 14);
  a ^= c;
  a -= rotated(c, 11);
  b ^= a;
  b -= rotated(a, 25);
  c ^= b;
  c -= rotated(b, 16);
  a ^= c;
  a -= rotated(c, 4);
  b ^= a;
  b -= rotated(a, 14);
  c ^= b;
  c -= rotated(b, 24);
  return c;
}

struct Superblock {
  std::uint64_t bytes = 0;  // 0: its version or sizes do not exist, or its checksum does not fit
  std::uint64_t end = 0;    // of the file, from the base
  std::uint64_t root = 0;   // object header of the root group, from the base
  std::uint64_t tree = k_not_there;
};

std::uint64_t read_offset(ByteView view, std::uint64_t at, std::uint64_t bytes) {
  return bytes == 8 ? view.le64(at) : bytes == 4 ? view.le32(at) : view.le16(at);
}

Superblock read_superblock(ByteView view) {
  const std::uint8_t version = view.u8(8);
  const std::uint64_t offset_bytes = view.u8(version < 2 ? 13 : 9);
  if (version > 3 || (offset_bytes != 2 && offset_bytes != 4 && offset_bytes != 8)) return {};
  if (version < 2) {
    // base, free space, end of file, driver; then the root's entry: name, header, cache type(4) 0(4) tree, heap
    const std::uint64_t base_at = version == 0 ? 24 : 28;
    const std::uint64_t root_at = base_at + 4 * offset_bytes;
    Superblock block{.bytes = root_at + 2 * offset_bytes + 24,
                     .end = read_offset(view, base_at + 2 * offset_bytes, offset_bytes),
                     .root = read_offset(view, root_at + offset_bytes, offset_bytes)};
    if (view.le32(root_at + 2 * offset_bytes) == 1)
      block.tree = read_offset(view, root_at + 2 * offset_bytes + 8, offset_bytes);
    return block;
  }
  const std::uint64_t checksum_at = 12 + 4 * offset_bytes;
  if (lookup3(view.part(0, checksum_at)) != view.le32(checksum_at)) return {};
  return {.bytes = checksum_at + 4,
          .end = read_offset(view, 12 + 2 * offset_bytes, offset_bytes),
          .root = read_offset(view, 12 + 3 * offset_bytes, offset_bytes)};
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const std::uint64_t from = find_superblock(input.head());
  if (from == k_not_there) return report;
  report.shape = Shape::whole;
  const std::uint64_t size = input.size_bytes();
  const Superblock block = read_superblock(input.at(from, k_superblock_bytes_max));
  const model::ByteRange range{.from = from, .to = std::min(from + k_superblock_bytes_max, size)};
  if (block.bytes == 0) {
    report.breaks("hdf5.superblock",
                  "the superblock has a version or sizes that do not exist, or its checksum does not fit", range);
    return report;
  }
  // Addresses count from the superblock; its own base field says the same in every file that was not moved.
  if (block.end > size - from || block.root >= size - from) {
    report.breaks("hdf5.end", fmt::format("the file should end at byte {} and ends at {}", from + block.end, size),
                  range);
    return report;
  }
  if (block.end < block.bytes) {
    report.breaks("hdf5.superblock",
                  fmt::format("the file should end at byte {}, inside the superblock", from + block.end), range);
    return report;
  }
  const ByteView root = input.at(from + block.root, 4);
  const bool root_fits = root.matches(0, "OHDR") || (root.u8(0) == 1 && root.u8(1) == 0);
  if (!root_fits) {
    report.breaks("hdf5.root",
                  fmt::format("no object header stands at byte {}, where the root group should be", from + block.root),
                  {.from = from + block.root, .to = std::min(from + block.root + 256, size)});
    return report;
  }
  const bool has_tree = block.tree < size - from;
  if (has_tree && !input.at(from + block.tree, 4).matches(0, "TREE")) {
    report.breaks(
        "hdf5.root",
        fmt::format("no B-tree stands at byte {}, where the root group's members should be", from + block.tree),
        {.from = from + block.tree, .to = std::min(from + block.tree + 256, size)});
    return report;
  }
  report.end_bytes = from + block.end;
  report.region(0, from + block.bytes, RegionKind::structured);
  report.region(from + block.bytes, *report.end_bytes,
                RegionKind::compressed);  // data sets are packed as their owner likes
  report.holds("hdf5.superblock",
               fmt::format("the superblock fits the size, the root group stands at byte {}", from + block.root));
  return report;
}

}  // namespace

const Format k_hdf5_format = {.id = "hdf5",
                              .title = "HDF5 data file",
                              .family = Family::document,
                              .claims = k_claims,
                              .recognise = recognise,
                              .walk = walk};

}  // namespace lastgood::formats
