// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/segment_reach.h"

#include <array>
#include <bit>

#include "base/byte_view.h"
#include "engines/postgresql/wal_archive.h"
#include "engines/postgresql/wal_reader.h"

namespace lastgood::engines::postgresql {

std::uint64_t measure_segment_reach(const UnitView& view, const std::string& path, std::string_view name) {
  constexpr std::uint32_t k_page_bytes_min = 1U << 10U;  // configure --with-wal-blocksize
  constexpr std::uint32_t k_page_bytes_max = 1U << 16U;
  const auto segment = view.open(path);
  if (!segment.ok() || look_at_segment(*segment.value(), name) != SegmentStart::segment) return 0;
  std::array<std::uint8_t, 40> head{};
  const auto got = segment.value()->read(0, head);
  if (!got.ok() || got.value() < head.size()) return 0;
  const base::ByteView bytes{std::span<const std::uint8_t>(head)};
  const std::uint32_t segment_bytes = bytes.le32(32);
  const std::uint32_t page_bytes = bytes.le32(36);
  if (!std::has_single_bit(segment_bytes) || !std::has_single_bit(page_bytes) || page_bytes < k_page_bytes_min ||
      page_bytes > k_page_bytes_max)
    return 0;
  const Lsn from = bytes.le64(8);
  const WalSurvey survey = survey_wal({.from = from,
                                       .system_id = bytes.le64(24),
                                       .page_bytes = page_bytes,
                                       .segment_bytes = segment_bytes,
                                       .notes = WalNotes::no_pages},
                                      [&](std::uint64_t number) -> std::unique_ptr<base::ByteSource> {
                                        if (number != from / segment_bytes) return nullptr;
                                        auto opened = view.open(path);
                                        return opened.ok() ? std::move(opened).value() : nullptr;
                                      });
  return survey.end > from ? survey.end - from : 0;
}

}  // namespace lastgood::engines::postgresql
