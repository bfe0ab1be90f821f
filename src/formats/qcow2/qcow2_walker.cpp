// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// QEMU copy-on-write disk, versions 2 and 3. Specification: QEMU documentation, "Qcow2 Image File Format".
//
//   file   = clusters; the first begins with the header
//   header = "QFI\xfb" version(4) backing file(8+4) cluster bits(4) size(8) encryption(4) L1 entries(4) L1 table(8)
//            refcount table(8) its clusters(4) snapshots(4) their table(8) ...   all big-endian
//   L1 entry -> L2 table -> data cluster;  refcount table entry -> refcount block -> one count per cluster
//
// The last cluster whose count is not zero tells where the image ends.
#include "formats/qcow2/qcow2_walker.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::Depth;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"qcow2", Promise::firm}, NameClaim{"qcow", Promise::loose}};
constexpr std::string_view k_magic = "QFI\xfb"sv;
constexpr std::uint64_t k_offset_mask = 0x00FFFFFFFFFFFE00;
constexpr std::uint64_t k_l1_entries_max = 4'000'000;
constexpr std::uint64_t k_compressed_ranges_max = 1'000'000;
constexpr std::uint64_t k_snapshots_max = 65536;

struct Image {
  std::uint32_t version = 0;
  std::uint32_t cluster_bits = 0;
  std::uint32_t encryption = 0;
  std::uint64_t l1_entries = 0;
  std::uint64_t l1_at = 0;
  std::uint64_t refcounts_at = 0;
  std::uint64_t refcounts_clusters = 0;
  std::uint64_t snapshots = 0;
  std::uint64_t snapshots_at = 0;
  std::uint64_t incompatible = 0;
  std::uint32_t refcount_order = 4;
  [[nodiscard]] std::uint64_t cluster_bytes() const { return std::uint64_t{1} << cluster_bits; }
  [[nodiscard]] bool is_dirty() const { return (incompatible & 1) != 0; }
  [[nodiscard]] bool has_external_data() const { return (incompatible & 4) != 0; }
  [[nodiscard]] std::uint64_t l2_entry_bytes() const { return (incompatible & 16) != 0 ? 16 : 8; }
};

Likeness recognise(const Edges& edges) {
  const std::uint32_t version = edges.head.be32(4);
  return edges.head.matches(0, k_magic) && version >= 1 && version <= 3 ? Likeness::strong : Likeness::none;
}

Image parse_header(ByteView head) {
  Image image{.version = head.be32(4),
              .cluster_bits = head.be32(20),
              .encryption = head.be32(32),
              .l1_entries = head.be32(36),
              .l1_at = head.be64(40),
              .refcounts_at = head.be64(48),
              .refcounts_clusters = head.be32(56),
              .snapshots = head.be32(60),
              .snapshots_at = head.be64(64)};
  if (image.version >= 3) {
    image.incompatible = head.be64(72);
    image.refcount_order = head.be32(96);
  }
  return image;
}

std::string_view find_header_fault(const Image& image, ByteView head, std::uint64_t size_bytes) {
  if (image.cluster_bits < 9 || image.cluster_bits > 22) return "clusters of that size do not exist";
  if (image.encryption > 2) return "the encryption method is unknown";
  const std::uint64_t cluster = image.cluster_bytes();
  const auto fits = [&](std::uint64_t at, std::uint64_t length) {
    return at % cluster == 0 && at <= size_bytes && length <= size_bytes - at;
  };
  if (image.l1_entries > k_l1_entries_max || !fits(image.l1_at, 8 * image.l1_entries))
    return "the L1 table lies outside";
  if (image.refcounts_clusters > 65536 || !fits(image.refcounts_at, 8) || image.refcounts_at == 0)
    return "the refcount table lies outside";
  if (image.snapshots > k_snapshots_max || !fits(image.snapshots_at, 0)) return "the snapshot table lies outside";
  if (image.refcount_order > 6 || (image.incompatible & ~std::uint64_t{0x1F}) != 0)
    return "a feature that must be known is unknown";
  if (image.version >= 3 && (head.be32(100) < 104 || head.be32(100) > cluster)) return "the header's length cannot be";
  return {};
}

/// Follows L1 and L2 tables.
class Mapping {
 public:
  Mapping(WalkInput& input, WalkReport& report, const Image& image) : input_(input), report_(report), image_(image) {}

  void walk() {
    const std::vector<std::uint64_t> tables = read_l1();
    const std::uint64_t wanted = input_.depth() == Depth::full ? UINT64_MAX : input_.depth() == Depth::quick ? 16 : 256;
    const std::uint64_t step = std::max<std::uint64_t>(1, tables.size() / wanted);
    is_complete_ = step == 1;
    for (std::uint64_t i = 0; i < tables.size(); i += step) {
      if (!input_.may_continue(1 + image_.cluster_bytes() / 1024)) {
        is_complete_ = false;
        return;
      }
      walk_l2(tables[i]);
    }
  }

  [[nodiscard]] bool is_complete() const { return is_complete_; }
  [[nodiscard]] std::uint64_t tables() const { return tables_; }
  [[nodiscard]] std::uint64_t clusters() const { return clusters_; }
  std::vector<model::ByteRange>& compressed() { return compressed_; }

 private:
  std::vector<std::uint64_t> read_l1() {
    std::vector<std::uint64_t> tables;
    for (std::uint64_t i = 0; i < image_.l1_entries && input_.may_continue(); i += 8192) {
      const std::uint64_t count = std::min<std::uint64_t>(8192, image_.l1_entries - i);
      const ByteView part = input_.at(image_.l1_at + 8 * i, static_cast<std::size_t>(8 * count));
      for (std::uint64_t entry = 0; entry < count; ++entry) {
        const std::uint64_t value = part.be64(8 * entry);
        const std::uint64_t at = value & k_offset_mask;
        if (!is_place(at) || (value & 0x7F000000000001FF) != 0) {
          report_.breaks("qcow2.l1", fmt::format("L1 entry {} points at byte {}", i + entry, at),
                         table_range(image_.l1_at, 8 * image_.l1_entries));
          return tables;
        }
        if (at != 0) tables.push_back(at);
      }
    }
    return tables;
  }

  void walk_l2(std::uint64_t table_at) {
    const std::uint64_t entry_bytes = image_.l2_entry_bytes();
    const std::uint64_t cluster = image_.cluster_bytes();
    ++tables_;
    for (std::uint64_t done = 0; done < cluster;) {
      const ByteView part =
          input_.at(table_at + done, static_cast<std::size_t>(std::min<std::uint64_t>(cluster - done, 65536)));
      if (part.empty()) return;
      for (std::uint64_t at = 0; at < part.size(); at += entry_bytes) {
        if (check_entry(part.be64(at))) continue;
        report_.breaks("qcow2.l2",
                       fmt::format("L2 table at byte {}: entry {} points nowhere", table_at, (done + at) / entry_bytes),
                       table_range(table_at, cluster));
        return;
      }
      done += part.size();
    }
  }

  bool check_entry(std::uint64_t value) {
    if (value == 0) return true;
    ++clusters_;
    if ((value >> 62 & 1) != 0) return check_compressed(value);
    if ((value & 0x3F000000000001FE) != 0) return false;
    return image_.has_external_data() || is_place(value & k_offset_mask);
  }

  bool check_compressed(std::uint64_t value) {
    const std::uint32_t offset_bits = 62 - (image_.cluster_bits - 8);
    const std::uint64_t at = value & ((std::uint64_t{1} << offset_bits) - 1);
    const std::uint64_t sectors = (value & 0x3FFFFFFFFFFFFFFF) >> offset_bits;
    const std::uint64_t end = at - at % 512 + 512 * (sectors + 1);
    if (at >= input_.size_bytes() || end > input_.size_bytes() + image_.cluster_bytes()) return false;
    if (compressed_.size() < k_compressed_ranges_max)
      compressed_.push_back({.from = at, .to = std::min(end, input_.size_bytes())});
    return true;
  }

  /// The file may end inside its last cluster.
  [[nodiscard]] bool is_place(std::uint64_t at) const {
    return at % image_.cluster_bytes() == 0 && at < input_.size_bytes();
  }

  [[nodiscard]] model::ByteRange table_range(std::uint64_t at, std::uint64_t length) const {
    const std::uint64_t from = std::min(at, input_.size_bytes());
    return {.from = from, .to = from + std::min<std::uint64_t>(length, input_.size_bytes() - from)};
  }

  WalkInput& input_;
  WalkReport& report_;
  const Image& image_;
  bool is_complete_ = true;
  std::uint64_t tables_ = 0;
  std::uint64_t clusters_ = 0;
  std::vector<model::ByteRange> compressed_;
};

/// Index of the last entry of `entry_bytes` in [from, from + length) that is not zero, plus one.
std::uint64_t count_to_last(WalkInput& input, std::uint64_t from, std::uint64_t length, std::uint64_t entry_bytes) {
  while (length > 0 && input.may_continue()) {
    const std::uint64_t piece_bytes = std::min<std::uint64_t>(length, 65536);
    const ByteView piece = input.at(from + length - piece_bytes, static_cast<std::size_t>(piece_bytes));
    for (std::uint64_t i = piece.size(); i > 0; --i) {
      if (piece.u8(i - 1) != 0) return (length - piece_bytes + i - 1) / entry_bytes + 1;
    }
    length -= piece_bytes;
  }
  return 0;
}

/// Checks the refcount table and gives the end of the last cluster in use; 0 when it cannot be told.
std::uint64_t find_end(WalkInput& input, WalkReport& report, const Image& image) {
  const std::uint64_t cluster = image.cluster_bytes();
  const std::uint64_t table_bytes =
      std::min(image.refcounts_clusters * cluster, input.size_bytes() - image.refcounts_at);
  const model::ByteRange range{.from = image.refcounts_at, .to = image.refcounts_at + table_bytes};
  for (std::uint64_t at = 0; at < table_bytes && input.may_continue(); at += 65536) {
    const ByteView part =
        input.at(image.refcounts_at + at, static_cast<std::size_t>(std::min<std::uint64_t>(65536, table_bytes - at)));
    for (std::uint64_t i = 0; i + 8 <= part.size(); i += 8) {
      const std::uint64_t block_at = part.be64(i);
      if (block_at % cluster == 0 && block_at < input.size_bytes()) continue;
      report.breaks("qcow2.refcounts", fmt::format("refcount table entry {} points at byte {}", (at + i) / 8, block_at),
                    range);
      return 0;
    }
  }
  const std::uint64_t blocks = count_to_last(input, image.refcounts_at, table_bytes, 8);
  if (blocks == 0) return 0;
  const std::uint64_t block_at = input.at(image.refcounts_at + 8 * (blocks - 1), 8).be64(0);
  const std::uint64_t block_bytes = std::min(cluster, input.size_bytes() - std::min(block_at, input.size_bytes()));
  const std::uint64_t counts_per_block = cluster * 8 >> image.refcount_order;
  if (image.refcount_order < 3) return 0;
  const std::uint64_t used =
      count_to_last(input, block_at, block_bytes, std::uint64_t{1} << (image.refcount_order - 3));
  return ((blocks - 1) * counts_per_block + used) * cluster;
}

void name_compressed(WalkReport& report, std::vector<model::ByteRange>& ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const model::ByteRange& a, const model::ByteRange& b) { return a.from < b.from; });
  for (const model::ByteRange& range : ranges) report.region(range.from, range.to, RegionKind::compressed);
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (!head.matches(0, k_magic) || head.be32(4) < 1 || head.be32(4) > 3) return report;
  report.shape = Shape::whole;
  if (head.be32(4) == 1) {
    report.remarks("qcow2.version", "version 1 of the format: its header alone was seen");
    return report;
  }
  const Image image = parse_header(head);
  const std::string_view fault = find_header_fault(image, head, input.size_bytes());
  if (!fault.empty()) {
    report.breaks("qcow2.header", fmt::format("header: {}", fault),
                  {.from = 0, .to = std::min<std::uint64_t>(112, input.size_bytes())});
    return report;
  }
  report.region(0, std::min<std::uint64_t>(104, input.size_bytes()), RegionKind::structured);
  Mapping mapping(input, report, image);
  mapping.walk();
  const std::uint64_t end = find_end(input, report, image);
  report.reach = mapping.is_complete() ? Reach::frame : Reach::sampled;
  if (end != 0 && !image.is_dirty()) {
    if (end > input.size_bytes() && end - input.size_bytes() >= image.cluster_bytes()) {
      report.breaks("qcow2.length",
                    fmt::format("clusters are in use to byte {}, the content has {}", end, input.size_bytes()),
                    {.from = 0, .to = 104});
    }
    report.end_bytes = std::min(end, input.size_bytes());
  }
  if (image.encryption != 0) {
    if (report.shape == Shape::whole) report.shape = Shape::sealed;
    report.region(104, input.size_bytes(), RegionKind::compressed);
  } else {
    name_compressed(report, mapping.compressed());
  }
  if (report.shape != Shape::broken) {
    report.holds("qcow2.mapping",
                 fmt::format("{} L2 tables map {} clusters inside the content", mapping.tables(), mapping.clusters()));
  }
  return report;
}

}  // namespace

const Format k_qcow2_format = {.id = "qcow2",
                               .title = "QEMU disk",
                               .family = Family::disk,
                               .claims = k_claims,
                               .recognise = recognise,
                               .walk = walk};

}  // namespace lastgood::formats
