// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// VMware disk. Specification: VMware, "Virtual Disk Format 5.0".
//
//   sparse     = header(512) descriptor, redundant grain directory and tables, grain directory and tables, grains
//   header     = "KDMV" version(4) flags(4) capacity(8) grain size(8) descriptor at(8) its size(8) entries per table(4)
//                redundant directory at(8) directory at(8) overhead(8) open(1) "\n \r\n" compression(2), in sectors
//   stream     = header, descriptor, (grain marker, compressed grain)*, tables, directory, footer marker, footer, end
//   marker descriptor = "# Disk DescriptorFile" and lines of text ESX sparse = "COWD" version(4) flags(4) sectors(4)
//   grain(4) directory at(4) entries(4) ...
//
// A flat extent is the disk's own bytes under the same extension: it is no VMDK by content.
#include "formats/vmdk/vmdk_walker.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "formats/codec/deflate.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::Depth;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"vmdk", Promise::loose}};
constexpr std::string_view k_magic = "KDMV"sv;
constexpr std::string_view k_cowd_magic = "COWD"sv;
constexpr std::string_view k_text_magic = "# Disk DescriptorFile"sv;
constexpr std::uint64_t k_sector_bytes = 512;
constexpr std::uint64_t k_directory_at_end = UINT64_MAX;
constexpr std::uint64_t k_tables_max = 4'000'000;

Likeness recognise(const Edges& edges) {
  const bool is_sparse = edges.head.matches(0, k_magic) && edges.head.le32(4) <= 3;
  const bool is_cowd = edges.head.matches(0, k_cowd_magic) && edges.head.le32(4) == 1;
  return is_sparse || is_cowd || edges.head.matches(0, k_text_magic) ? Likeness::strong : Likeness::none;
}

struct Extent {
  std::uint64_t capacity = 0;  // in sectors, as all below
  std::uint64_t grain = 0;
  std::uint64_t entries_per_table = 0;
  std::uint64_t directory = 0;
  std::uint64_t redundant = 0;
  std::uint64_t overhead = 0;
  std::uint64_t tables = 0;
  bool is_compressed = false;  // each grain stands behind its first sector(8) and its length(4), in zlib's frame
};

Extent parse_header(ByteView head) {
  Extent extent{.capacity = head.le64(12),
                .grain = head.le64(20),
                .entries_per_table = head.le32(44),
                .directory = head.le64(56),
                .redundant = head.le64(48),
                .overhead = head.le64(64)};
  extent.is_compressed = (head.le32(8) & 0x10000) != 0;
  const std::uint64_t sectors_per_table = extent.grain * extent.entries_per_table;
  if (extent.capacity <= (std::uint64_t{1} << 50) && sectors_per_table != 0)
    extent.tables = (extent.capacity + sectors_per_table - 1) / sectors_per_table;
  return extent;
}

bool header_fits(const Extent& extent, ByteView head) {
  return head.matches(73, "\n \r\n"sv) && extent.grain >= 1 && extent.grain <= 65536 &&
         std::has_single_bit(extent.grain) && extent.entries_per_table >= 1 && extent.entries_per_table <= 65536 &&
         extent.tables <= k_tables_max && extent.capacity <= (std::uint64_t{1} << 50);
}

/// Directory -> tables -> grains. Gives the end of the last grain met.
class GrainTables {
 public:
  GrainTables(WalkInput& input, WalkReport& report, const Extent& extent)
      : input_(input), report_(report), extent_(extent), end_bytes_(extent.overhead * k_sector_bytes) {}

  void walk() {
    const std::uint64_t wanted = input_.depth() == Depth::full    ? UINT64_MAX
                                 : input_.depth() == Depth::quick ? 64
                                                                  : 4096;
    const std::uint64_t step = std::max<std::uint64_t>(1, extent_.tables / wanted);
    is_complete_ = step == 1;
    const model::ByteRange directory{
        .from = place(extent_.directory),
        .to = place(extent_.directory) + std::min(4 * extent_.tables, input_.size_bytes() - place(extent_.directory))};
    for (std::uint64_t i = 0; i < extent_.tables; i += step) {
      if (!input_.may_continue(1 + extent_.entries_per_table / 256)) {
        is_complete_ = false;
        return;
      }
      const ByteView entry = input_.at(extent_.directory * k_sector_bytes + 4 * i, 4);
      const std::uint64_t table = entry.le32(0);
      if (table == 0 && entry.size() == 4) continue;
      if (entry.size() < 4 || table * k_sector_bytes >= input_.size_bytes()) {
        report_.breaks("vmdk.directory", fmt::format("entry {} of the grain directory points at sector {}", i, table),
                       directory);
        return;
      }
      tables_before_ = i;
      if (!walk_table(table)) return;
    }
  }

  [[nodiscard]] bool is_complete() const { return is_complete_; }
  [[nodiscard]] std::uint64_t grains() const { return grains_; }
  [[nodiscard]] std::uint64_t tables() const { return tables_; }
  [[nodiscard]] std::uint64_t end_bytes() const { return end_bytes_; }

 private:
  [[nodiscard]] std::uint64_t place(std::uint64_t sector) const {
    return std::min(input_.size_bytes(), sector > input_.size_bytes() ? input_.size_bytes() : sector * k_sector_bytes);
  }

  bool walk_table(std::uint64_t table) {
    const std::uint64_t first_sector = tables_before_ * extent_.entries_per_table * extent_.grain;
    ++tables_;
    const std::uint64_t from = table * k_sector_bytes;
    const ByteView entries = input_.at(from, static_cast<std::size_t>(4 * extent_.entries_per_table));
    end_bytes_ = std::max(end_bytes_, from + 4 * extent_.entries_per_table);
    std::vector<std::pair<std::uint64_t, std::uint64_t>> compressed;  // sector of the disk, place in the file
    for (std::uint64_t i = 0; i < extent_.entries_per_table; ++i) {
      const std::uint64_t grain = entries.le32(4 * i);
      if (grain <= 1) continue;  // not there, or all zeros
      ++grains_;
      if (grain * k_sector_bytes >= input_.size_bytes()) {
        report_.breaks("vmdk.table",
                       fmt::format("grain table at byte {}: entry {} points at sector {}", from, i, grain),
                       {.from = from, .to = std::min(input_.size_bytes(), from + 4 * extent_.entries_per_table)});
        return false;
      }
      if (extent_.is_compressed) compressed.emplace_back(first_sector + i * extent_.grain, grain * k_sector_bytes);
      if (!extent_.is_compressed) end_bytes_ = std::max(end_bytes_, (grain + extent_.grain) * k_sector_bytes);
    }
    return walk_compressed(compressed);
  }

  bool walk_compressed(const std::vector<std::pair<std::uint64_t, std::uint64_t>>& grains) {
    const bool decode = input_.depth() == Depth::full || !input_.whole().empty();
    for (const auto& [sector, at] : grains) {
      if (input_.depth() == Depth::quick && at != grains.front().second && at != grains.back().second) continue;
      if (!input_.may_continue()) return true;
      const ByteView marker = input_.at(at, 12);
      const std::uint64_t size = marker.le32(8);
      const std::uint64_t end = at + 12 + size;
      std::string_view fault;
      if (marker.size() < 12 || marker.le64(0) != sector || end > input_.size_bytes()) {
        fault = "does not name its own sector or ends outside";
      } else if (decode) {
        const DecodeEnd how =
            decode_deflate(input_, at + 12, end, DeflateFrame::zlib, extent_.grain * k_sector_bytes + 1).end;
        if (how == DecodeEnd::malformed || how == DecodeEnd::cut) fault = "does not inflate";
      }
      if (!fault.empty()) {
        report_.breaks(
            "vmdk.grain", fmt::format("the grain at byte {} {}", at, fault),
            {.from = at,
             .to = std::clamp(end, at, std::min(input_.size_bytes(), at + 2 * extent_.grain * k_sector_bytes))});
        continue;
      }
      end_bytes_ = std::max(end_bytes_, end);
    }
    return true;
  }

  WalkInput& input_;
  WalkReport& report_;
  const Extent& extent_;
  bool is_complete_ = true;
  std::uint64_t tables_ = 0;
  std::uint64_t tables_before_ = 0;
  std::uint64_t grains_ = 0;
  std::uint64_t end_bytes_;
};

void walk_sparse(WalkInput& input, WalkReport& report, const Extent& extent) {
  GrainTables tables(input, report, extent);
  tables.walk();
  report.region(0, k_sector_bytes, RegionKind::structured);
  const bool decoded =
      extent.is_compressed && tables.is_complete() && (input.depth() == Depth::full || !input.whole().empty());
  report.reach = decoded ? Reach::content : Reach::frame;
  if (extent.is_compressed) {
    const std::uint64_t grains_from =
        std::min(input.size_bytes(), std::max<std::uint64_t>(1, extent.overhead) * k_sector_bytes);
    report.region(grains_from, input.size_bytes(),
                  decoded && report.shape != Shape::broken ? RegionKind::verified : RegionKind::compressed);
  }
  if (report.shape == Shape::broken) return;
  report.holds("vmdk.tables",
               fmt::format("{} grain tables name {} grains inside the content", tables.tables(), tables.grains()));
  if (!tables.is_complete()) return;
  if (extent.is_compressed && input.depth() == Depth::quick) return;  // not every grain's length was read
  const std::uint64_t end = (tables.end_bytes() + k_sector_bytes - 1) / k_sector_bytes * k_sector_bytes;
  report.end_bytes = std::min(end, input.size_bytes());
  // Some tools leave the place of a whole grain behind the last compressed one.
  const ByteView room = extent.is_compressed ? input.at(end, static_cast<std::size_t>(std::min<std::uint64_t>(
                                                                 extent.grain * k_sector_bytes, k_window_bytes)))
                                             : ByteView();
  const auto* const stray = std::find_if(room.begin(), room.end(), [](std::uint8_t byte) { return byte != 0; });
  if (!room.empty()) report.end_bytes = end + static_cast<std::uint64_t>(stray - room.begin());
}

/// Markers from the first grain to the end (section "Stream-Optimized Compressed Sparse Extents").
void walk_stream(WalkInput& input, WalkReport& report, const Extent& extent) {
  const bool decode = input.depth() == Depth::full || !input.whole().empty();
  std::uint64_t at = std::max<std::uint64_t>(1, extent.overhead) * k_sector_bytes;
  std::uint64_t grains = 0;
  report.region(0, std::min(at, input.size_bytes()), RegionKind::structured);
  while (input.may_continue()) {
    const ByteView marker = input.at(at, 16);
    const std::uint64_t value = marker.le64(0);
    const std::uint64_t size = marker.le32(8);
    const std::uint32_t type = marker.le32(12);
    const auto bad = [&](std::string_view why, std::uint64_t to) {
      report.breaks("vmdk.marker", fmt::format("marker at byte {} after {} grains: {}", at, grains, why),
                    {.from = std::min(at, input.size_bytes()), .to = std::min(to, input.size_bytes())});
    };
    if (marker.size() < 16) return bad("the content ends", at);
    if (size != 0) {
      const std::uint64_t next = (at + 12 + size + k_sector_bytes - 1) / k_sector_bytes * k_sector_bytes;
      if (value >= extent.capacity || size > 2 * extent.grain * k_sector_bytes + 1024 || next > input.size_bytes())
        return bad("no grain can be so", at + k_sector_bytes);
      const Decoded decoded =
          decode ? decode_deflate(input, at + 12, at + 12 + size, DeflateFrame::zlib, extent.grain * k_sector_bytes + 1)
                 : Decoded{};
      if (decode && (decoded.end == DecodeEnd::malformed || decoded.end == DecodeEnd::cut))
        return bad("the grain does not inflate", next);
      report.region(at, at + 12, RegionKind::structured);
      report.region(at + 12, at + 12 + size,
                    decoded.end == DecodeEnd::complete ? RegionKind::verified : RegionKind::compressed);
      ++grains;
      at = next;
      continue;
    }
    if (type > 3) return bad("the type is unknown", at + k_sector_bytes);
    if (value > input.size_bytes() / k_sector_bytes) return bad("it is longer than the content", at + k_sector_bytes);
    report.region(at, std::min(input.size_bytes(), at + (1 + value) * k_sector_bytes), RegionKind::structured);
    at += (1 + value) * k_sector_bytes;
    if (type != 0) continue;
    report.end_bytes = std::min(at, input.size_bytes());
    report.reach = decode ? Reach::content : Reach::frame;
    report.holds("vmdk.stream", fmt::format("{} grains and their tables follow each other to byte {}", grains, at));
    return;
  }
}

/// Beyond memory, below `full`: the footer and the end marker in the last two sectors.
void check_stream_end(const WalkInput& input, WalkReport& report) {
  const ByteView tail = input.tail();
  const std::size_t size = tail.size();
  const bool fits = size >= 1536 && tail.matches(size - 1024, k_magic) && tail.le64(size - 512) == 0 &&
                    tail.le64(size - 504) == 0 && tail.le32(size - 1536 + 12) == 3;
  report.reach = Reach::frame;
  report.region(0, k_sector_bytes, RegionKind::structured);
  if (!fits) {
    report.breaks(
        "vmdk.footer", "no footer and end marker in the last sectors",
        {.from = input.size_bytes() - std::min<std::uint64_t>(1536, input.size_bytes()), .to = input.size_bytes()});
    return;
  }
  report.end_bytes = input.size_bytes();
  report.region(k_sector_bytes, input.size_bytes() - 1536, RegionKind::compressed);
  report.holds("vmdk.footer", "header, footer and end marker of a stream of compressed grains");
}

void walk_text(WalkInput& input, WalkReport& report) {
  report.format = "vmdk_descriptor";
  const ByteView text = input.head();
  const auto* const stray = std::find_if(text.begin(), text.end(), [](std::uint8_t byte) {
    return (byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t') || byte == 0x7F;
  });
  const auto end = static_cast<std::uint64_t>(stray - text.begin());
  const bool zeros_follow = std::all_of(stray, text.end(), [](std::uint8_t byte) { return byte == 0; });
  if (!zeros_follow || input.size_bytes() > text.size() || text.part(0, end).find("createType") == ByteView::npos) {
    report.breaks("vmdk.descriptor", fmt::format("the descriptor is text to byte {} only, or names no type", end),
                  {.from = std::min(end, input.size_bytes()), .to = input.size_bytes()});
    return;
  }
  report.reach = Reach::content;
  report.end_bytes = end;
  report.allowed_trailing_bytes = input.size_bytes() - end;
  report.region(0, end, RegionKind::plain);
  report.holds("vmdk.descriptor", fmt::format("{} bytes of text", end));
}

/// The form of old ESX servers: all numbers have 32 bits, tables have 4096 entries.
Extent parse_cowd(ByteView head) {
  Extent extent{.capacity = head.le32(12),
                .grain = head.le32(16),
                .entries_per_table = 4096,
                .directory = head.le32(20),
                .overhead = 4};
  extent.tables = head.le32(24);
  return extent;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  const bool is_text = head.matches(0, k_text_magic);
  const bool is_cowd = head.matches(0, k_cowd_magic) && head.le32(4) == 1;
  if (!is_text && !is_cowd && !(head.matches(0, k_magic) && head.le32(4) <= 3)) return report;
  report.shape = Shape::whole;
  if (is_text) {
    walk_text(input, report);
    return report;
  }
  const Extent extent = is_cowd ? parse_cowd(head) : parse_header(head);
  const bool fits =
      is_cowd ? extent.tables <= k_tables_max && extent.grain != 0 && extent.grain <= 65536 : header_fits(extent, head);
  if (!fits || head.size() < k_sector_bytes) {
    report.breaks("vmdk.header", "the sizes in the header cannot be",
                  {.from = 0, .to = std::min(k_sector_bytes, input.size_bytes())});
    return report;
  }
  if (is_cowd || extent.directory != k_directory_at_end) {
    walk_sparse(input, report, extent);
  } else if (input.depth() == Depth::full || !input.whole().empty()) {
    walk_stream(input, report, extent);
  } else {
    check_stream_end(input, report);
  }
  return report;
}

}  // namespace

const Format k_vmdk_format = {.id = "vmdk",
                              .title = "VMware disk",
                              .family = Family::disk,
                              .claims = k_claims,
                              .recognise = recognise,
                              .walk = walk};

}  // namespace lastgood::formats
