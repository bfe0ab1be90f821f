// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/wal_stream.h"

#include <algorithm>

#include <fmt/format.h>

namespace lastgood::engines::postgresql {

using base::ByteView;

namespace {

constexpr std::uint64_t k_short_header_bytes = 24;
constexpr std::uint64_t k_long_header_bytes = 40;
constexpr std::uint16_t k_flag_goes_on = 0x0001;
constexpr std::uint16_t k_flag_long = 0x0002;
constexpr std::uint16_t k_flag_given_up = 0x0008;
constexpr std::uint64_t k_buffer_bytes = 1U << 20;

std::uint64_t header_bytes(ByteView page) {
  return (page.le16(2) & k_flag_long) != 0 ? k_long_header_bytes : k_short_header_bytes;
}

}  // namespace

bool WalStream::fail(WalStop stop, std::string fault) {
  stop_ = stop;
  fault_ = std::move(fault);
  return false;
}

ByteView WalStream::page_of(Lsn lsn) {
  const std::uint64_t segment = lsn / plan_.segment_bytes;
  if (segment != segment_) {
    segment_ = segment;
    source_ = open_segment_(segment);
    buffer_.clear();
  }
  if (!source_) return {};
  const std::uint64_t page_at = lsn % plan_.segment_bytes / plan_.page_bytes * plan_.page_bytes;
  if (page_at < buffer_from_ || page_at + plan_.page_bytes > buffer_from_ + buffer_.size()) {
    buffer_.resize(std::max<std::uint64_t>(k_buffer_bytes, plan_.page_bytes));
    buffer_from_ = page_at;
    const base::Result<std::size_t> got = source_->read(page_at, buffer_);
    is_unreadable_ = !got.ok();
    buffer_.resize(got.ok() ? got.value() : 0);
  }
  return ByteView(std::span<const std::uint8_t>(buffer_)).part(page_at - buffer_from_, plan_.page_bytes);
}

bool WalStream::is_current(ByteView page, Lsn page_lsn) const {
  const std::uint16_t magic = page.le16(0);
  return page.size() == plan_.page_bytes && magic >= 0xD100 && magic <= 0xD17F && page.le64(8) == page_lsn &&
         page.le16(2) <= 0x000F;
}

bool WalStream::is_on_page() {
  const Lsn page_lsn = at_ / plan_.page_bytes * plan_.page_bytes;
  const ByteView page = page_of(at_);
  if (!source_) return fail(WalStop::missing_segment, fmt::format("the segment with {} is not there", format_lsn(at_)));
  if (is_unreadable_) return fail(WalStop::unread, fmt::format("the page of {} cannot be read", format_lsn(at_)));
  if (!is_current(page, page_lsn)) return fail(WalStop::end, "no page of this log follows");
  const bool is_long = (page.le16(2) & k_flag_long) != 0;
  if (is_long && plan_.system_id != 0 && page.le64(24) != plan_.system_id)
    return fail(WalStop::broken, fmt::format("the segment with {} is of another cluster", format_lsn(at_)));
  was_given_up_ = (page.le16(2) & k_flag_given_up) != 0;
  if (at_ == page_lsn) at_ += header_bytes(page);
  return true;
}

bool WalStream::enter(Lsn lsn) {
  at_ = lsn;
  const bool is_page_start = lsn % plan_.page_bytes == 0;
  if (!is_on_page()) return false;
  if (!is_page_start) return true;
  const ByteView page = page_of(lsn);
  if ((page.le16(2) & k_flag_goes_on) == 0) return true;
  // What remains of a record that began before: over it, page by page.
  std::uint64_t rest = page.le32(16);
  while (rest > 0) {
    if (!is_on_page()) return false;
    const std::uint64_t step = std::min(rest, plan_.page_bytes - at_ % plan_.page_bytes);
    at_ += step;
    rest -= step;
  }
  align();
  return true;
}

bool WalStream::read(std::uint64_t length, std::uint64_t rest, std::vector<std::uint8_t>& into) {
  const bool is_inside = rest > 0;
  while (length > 0) {
    const bool is_page_start = at_ % plan_.page_bytes == 0;
    if (!is_on_page()) return false;
    const ByteView page = page_of(at_);
    if (is_page_start && is_inside) {
      if (was_given_up_) return fail(WalStop::end, "the record was given up");
      if ((page.le16(2) & k_flag_goes_on) == 0 || page.le32(16) != rest)
        return fail(WalStop::end, "the next page does not go on with the record");
    }
    const std::uint64_t in_page = at_ % plan_.page_bytes;
    const ByteView piece = page.part(in_page, std::min(length, plan_.page_bytes - in_page));
    into.insert(into.end(), piece.begin(), piece.end());
    at_ += piece.size();
    length -= piece.size();
    rest -= std::min<std::uint64_t>(rest, piece.size());
  }
  return true;
}

bool WalStream::has_pages_behind(Lsn lsn) {
  const Lsn segment_end = (lsn / plan_.segment_bytes + 1) * plan_.segment_bytes;
  for (Lsn page = (lsn / plan_.page_bytes + 1) * plan_.page_bytes; page <= segment_end; page += plan_.page_bytes) {
    if (is_current(page_of(page), page)) return true;
  }
  return false;
}

}  // namespace lastgood::engines::postgresql
