// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/ole2/ole2_streams.h"

#include <fmt/format.h>

#include <algorithm>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

std::uint64_t count_units(std::uint64_t size_bytes, std::uint64_t unit_bytes) {
  return size_bytes / unit_bytes + (size_bytes % unit_bytes != 0 ? 1 : 0);
}

}  // namespace

void Ole2Streams::open_mini(WalkInput& input, const Ole2Entry& root, std::vector<Ole2Flaw>& flaws) {
  if (header_.mini_fat_start > k_ole2_sector_max || root.size_bytes == 0) return;
  Ole2Flaw flaw;
  auto table = sectors_.claim_chain(header_.mini_fat_start, sectors_.count(), RegionKind::structured, flaw);
  if (!table) {
    flaws.push_back({.why = fmt::format("mini allocation table: {}", flaw.why), .range = flaw.range});
    return;
  }
  mini_table_sectors_ = std::move(*table);
  for (const std::uint32_t sector : mini_table_sectors_) {
    if (!input.may_continue()) return;
    const ByteView bytes = input.at(header_.offset_of(sector), static_cast<std::size_t>(header_.sector_bytes()));
    for (std::uint64_t i = 0; i < header_.sector_bytes() / 4; ++i) mini_table_.push_back(bytes.le32(4 * i));
  }
  mini_owned_.assign(mini_table_.size(), false);
  // What the mini stream holds is small and of all kinds: it gets no name.
  auto units = sectors_.claim_chain(root.start, sectors_.count(), RegionKind::random, flaw);
  if (!units) {
    flaws.push_back({.why = fmt::format("mini stream: {}", flaw.why), .range = flaw.range});
    return;
  }
  mini_.emplace(header_, std::move(*units), root.size_bytes, nullptr);
}

model::ByteRange Ole2Streams::mini_table_range(std::uint32_t mini) const {
  const std::uint64_t index = mini / (header_.sector_bytes() / 4);
  if (index >= mini_table_sectors_.size()) return {};
  const std::uint64_t from = header_.offset_of(mini_table_sectors_[static_cast<std::size_t>(index)]);
  return {.from = from, .to = from + header_.sector_bytes()};
}

std::optional<Ole2Stream> Ole2Streams::open(const Ole2Entry& entry, std::vector<Ole2Flaw>& flaws) {
  if (entry.size_bytes == 0) return Ole2Stream(header_, {}, 0, nullptr);
  if (is_mini(entry)) return open_in_mini(entry, flaws);
  const std::uint64_t wanted = count_units(entry.size_bytes, header_.sector_bytes());
  Ole2Flaw flaw;
  auto chain = sectors_.claim_chain(entry.start, sectors_.count(), RegionKind::random, flaw);
  if (chain && chain->size() < wanted) {
    flaw.why = fmt::format("{} sectors where {} bytes need {}", chain->size(), entry.size_bytes, wanted);
    chain.reset();
  }
  if (!chain) {
    flaws.push_back(
        {.why = fmt::format("stream '{}': {}", base::printable(entry.name), flaw.why), .range = flaw.range});
    return std::nullopt;
  }
  return Ole2Stream(header_, std::move(*chain), entry.size_bytes, nullptr);
}

std::optional<Ole2Stream> Ole2Streams::open_in_mini(const Ole2Entry& entry, std::vector<Ole2Flaw>& flaws) {
  const std::uint64_t wanted = count_units(entry.size_bytes, header_.mini_bytes());
  std::vector<std::uint32_t> chain;
  std::uint32_t mini = entry.start;
  std::uint32_t before = entry.start;
  while (chain.size() < wanted) {
    if (mini >= mini_table_.size() || mini_owned_[mini] || !mini_) {
      flaws.push_back({.why = fmt::format("small stream '{}': its chain leads to mini sector {:#x}, which is not there "
                                          "or belongs to another stream",
                                          base::printable(entry.name), mini),
                       .range = mini_table_range(before)});
      return std::nullopt;
    }
    mini_owned_[mini] = true;
    chain.push_back(mini);
    before = mini;
    mini = mini_table_[mini];
  }
  return Ole2Stream(header_, std::move(chain), entry.size_bytes, &*mini_);
}

void Ole2Streams::set_kind(const Ole2Stream& stream, std::uint64_t from, std::uint64_t to, RegionKind kind) {
  const std::uint64_t unit = header_.sector_bytes();
  for (std::uint64_t i = from / unit; i < stream.units().size() && i * unit < to; ++i) {
    sectors_.set_kind(stream.units()[static_cast<std::size_t>(i)], kind);
  }
}

}  // namespace lastgood::formats
