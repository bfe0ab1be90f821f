// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/ole2/ole2_sectors.h"

#include <fmt/format.h>

#include <algorithm>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::uint64_t k_difat_in_header = 109;
constexpr std::uint64_t k_difat_offset = 0x4C;

}  // namespace

std::optional<Ole2Header> parse_ole2_header(ByteView head, std::string& why) {
  Ole2Header header{.sector_shift = head.le16(0x1E),
                    .mini_shift = head.le16(0x20),
                    .major_version = head.le16(0x1A),
                    .fat_sectors = head.le32(0x2C),
                    .directory_start = head.le32(0x30),
                    .mini_cutoff_bytes = head.le32(0x38),
                    .mini_fat_start = head.le32(0x3C),
                    .difat_start = head.le32(0x44),
                    .difat_sectors = head.le32(0x48)};
  if (head.le16(0x1C) != 0xFFFE) why = fmt::format("byte order mark is {:#06x}", head.le16(0x1C));
  if (header.sector_shift != 9 && header.sector_shift != 12)
    why = fmt::format("sector size is 2 to the {}", header.sector_shift);
  if (header.mini_shift != 6) why = fmt::format("mini sector size is 2 to the {}", header.mini_shift);
  if (header.mini_cutoff_bytes != 4096) why = fmt::format("mini stream cutoff is {}", header.mini_cutoff_bytes);
  if (!why.empty()) return std::nullopt;
  return header;
}

bool Ole2Sectors::read(WalkInput& input, const Ole2Header& header, std::vector<Ole2Flaw>& flaws) {
  header_ = header;
  fat_sectors_.clear();
  fat_.clear();
  const std::uint64_t size = input.size_bytes();
  const std::uint64_t sector_bytes = header.sector_bytes();
  const std::uint64_t sectors = size > sector_bytes ? (size - sector_bytes + sector_bytes - 1) / sector_bytes : 0;
  if (sectors > k_sectors_max) return false;
  count_ = static_cast<std::uint32_t>(sectors);
  owner_.assign(count_, 0);
  if (!read_difat(input, flaws)) return false;
  fat_.reserve(std::min<std::uint64_t>(fat_sectors_.size() * (sector_bytes / 4), sectors));
  for (const std::uint32_t sector : fat_sectors_) {
    if (!input.may_continue()) return false;
    read_fat_sector(input, sector, flaws);
  }
  return true;
}

bool Ole2Sectors::read_difat(WalkInput& input, std::vector<Ole2Flaw>& flaws) {
  const std::uint64_t per_sector = header_.sector_bytes() / 4;
  const std::uint64_t wanted = std::min<std::uint64_t>(header_.fat_sectors, count_ / per_sector + 1);
  if (wanted < header_.fat_sectors) {
    flaws.push_back({.why = fmt::format("the header counts {} table sectors, {} would do", header_.fat_sectors, wanted),
                     .range = {.from = 0, .to = 512}});
  }
  const auto add = [&](std::uint32_t sector, model::ByteRange range) {
    if (sector >= count_ || !claim(sector, RegionKind::structured)) {
      flaws.push_back(
          {.why = fmt::format("table sector {} is not in the content, or named twice", sector), .range = range});
      return false;
    }
    fat_sectors_.push_back(sector);
    return true;
  };
  for (std::uint64_t i = 0; i < k_difat_in_header && fat_sectors_.size() < wanted; ++i) {
    if (!add(input.head().le32(k_difat_offset + 4 * i), {.from = 0, .to = 512})) return true;
  }
  std::uint32_t sector = header_.difat_start;
  while (fat_sectors_.size() < wanted && input.may_continue()) {
    const model::ByteRange range{.from = header_.offset_of(sector),
                                 .to = header_.offset_of(sector) + header_.sector_bytes()};
    if (sector >= count_ || !claim(sector, RegionKind::structured)) {
      flaws.push_back(
          {.why = fmt::format(
               "the list of table sectors goes on in sector {}, which is not in the content, or named twice", sector),
           .range = {.from = 0, .to = 512}});
      return true;
    }
    std::vector<std::uint32_t> numbers;
    const ByteView bytes = input.at(header_.offset_of(sector), static_cast<std::size_t>(header_.sector_bytes()));
    for (std::uint64_t i = 0; i + 1 < per_sector; ++i) numbers.push_back(bytes.le32(4 * i));
    const std::uint32_t after = bytes.le32(4 * (per_sector - 1));
    for (const std::uint32_t number : numbers) {
      if (fat_sectors_.size() >= wanted) break;
      if (!add(number, range)) return true;
    }
    sector = after;
  }
  return !input.stopped();
}

void Ole2Sectors::read_fat_sector(WalkInput& input, std::uint32_t sector, std::vector<Ole2Flaw>& flaws) {
  const std::uint64_t from = header_.offset_of(sector);
  const ByteView bytes = input.at(from, static_cast<std::size_t>(header_.sector_bytes()));
  std::uint32_t wild = 0;
  for (std::uint64_t i = 0; i < header_.sector_bytes() / 4; ++i) {
    // The last table sector covers more than the content has: what it says there is of no account.
    if (fat_.size() >= count_) break;
    const std::uint32_t value = bytes.has(4 * i, 4) ? bytes.le32(4 * i) : k_ole2_free;
    if (value >= count_ && value < k_ole2_difat_mark) ++wild;
    fat_.push_back(value);
  }
  if (wild != 0) {
    flaws.push_back(
        {.why = fmt::format("{} entries of the allocation table in sector {} point behind the {} sectors there are",
                            wild, sector, count_),
         .range = {.from = from, .to = std::min(from + header_.sector_bytes(), input.size_bytes())}});
  }
}

bool Ole2Sectors::claim(std::uint32_t sector, RegionKind kind) {
  if (owner_[sector] != 0) return false;
  owner_[sector] = static_cast<std::uint8_t>(static_cast<unsigned>(kind) + 1U);
  return true;
}

void Ole2Sectors::set_kind(std::uint32_t sector, RegionKind kind) {
  if (sector < count_) owner_[sector] = static_cast<std::uint8_t>(static_cast<unsigned>(kind) + 1U);
}

model::ByteRange Ole2Sectors::table_range(std::uint32_t sector) const {
  const std::uint64_t index = sector / (header_.sector_bytes() / 4);
  if (index >= fat_sectors_.size()) return {};
  const std::uint64_t from = header_.offset_of(fat_sectors_[static_cast<std::size_t>(index)]);
  return {.from = from, .to = from + header_.sector_bytes()};
}

std::optional<std::vector<std::uint32_t>> Ole2Sectors::claim_chain(std::uint32_t start, std::uint64_t sectors_max,
                                                                   RegionKind kind, Ole2Flaw& flaw) {
  std::vector<std::uint32_t> chain;
  std::uint32_t sector = start;
  std::uint32_t before = start;
  while (sector != k_ole2_end_of_chain && chain.size() < sectors_max) {
    if (sector >= count_) {
      flaw.why = sector == k_ole2_free
                     ? fmt::format("the chain from sector {} runs into a free sector after {}", start, chain.size())
                     : fmt::format("the chain from sector {} leaves the content at {:#x} after {} sectors", start,
                                   sector, chain.size());
      flaw.range = table_range(before);
      return std::nullopt;
    }
    if (!claim(sector, kind)) {
      flaw.why = fmt::format("sector {} belongs to the chain from sector {} and to another one", sector, start);
      flaw.range = table_range(before);
      return std::nullopt;
    }
    chain.push_back(sector);
    before = sector;
    sector = next(sector);
  }
  return chain;
}

std::uint64_t Ole2Sectors::used_to(std::uint64_t size_bytes) const {
  std::uint32_t last = count_;
  while (last > 0 && owner_[last - 1] == 0) --last;
  return std::min(size_bytes, (std::uint64_t{last} + 1) << header_.sector_shift);
}

std::uint64_t Ole2Sectors::lost() const {
  std::uint64_t lost = 0;
  for (std::uint32_t i = 0; i < count_; ++i) {
    if (owner_[i] == 0 && next(i) != k_ole2_free) ++lost;
  }
  return lost;
}

void Ole2Sectors::name_regions(std::uint64_t size_bytes, std::vector<model::Region>& regions) const {
  regions.push_back(
      {.range = {.from = 0, .to = std::min(size_bytes, header_.sector_bytes())}, .kind = RegionKind::structured});
  const std::uint64_t used = used_to(size_bytes);
  for (std::uint32_t i = 0; i < count_; ++i) {
    const std::uint64_t from = header_.offset_of(i);
    if (from >= used) break;
    // What a free sector still holds may be anything that was deleted.
    const RegionKind kind = owner_[i] == 0 ? RegionKind::compressed : static_cast<RegionKind>(owner_[i] - 1U);
    if (kind == RegionKind::random) continue;
    model::Region& last = regions.back();
    if (last.range.to == from && last.kind == kind) {
      last.range.to = std::min(used, from + header_.sector_bytes());
    } else {
      regions.push_back({.range = {.from = from, .to = std::min(used, from + header_.sector_bytes())}, .kind = kind});
    }
  }
}

}  // namespace lastgood::formats
