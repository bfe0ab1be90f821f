// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "base/observed_source.h"

#include <algorithm>

namespace lastgood::base {

namespace {
constexpr std::size_t k_end_bytes_max = std::size_t{256} << 10U;
constexpr std::size_t k_step_bytes = std::size_t{256} << 10U;  // what is left is read in steps that stay in the cache
}  // namespace

ObservedSource::ObservedSource(ByteSource& content, ByteObserver& observer, Digest digest, Gaps gaps)
    : content_(content), observer_(observer), gaps_(gaps) {
  if (digest == Digest::made) digest_.emplace();
}

bool ObservedSource::Piece::give(std::uint64_t offset_bytes, std::span<std::uint8_t> into) const {
  if (offset_bytes < from_bytes || !view().has(offset_bytes - from_bytes, into.size())) return false;
  const std::uint8_t* const begin = bytes.get() + (offset_bytes - from_bytes);
  std::copy(begin, begin + into.size(), into.begin());
  return true;
}

Result<std::size_t> ObservedSource::read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) {
  if (into.empty()) return std::size_t{0};
  if (window_.give(offset_bytes, into) || end_.give(offset_bytes, into)) return into.size();
  const std::uint64_t gap = offset_bytes > seen_bytes_ ? offset_bytes - seen_bytes_ : 0;
  if (gaps_ == Gaps::read && gap > 0 && gap < k_gap_bytes_max && into.size() <= k_gap_bytes_max - gap) {
    const auto ahead = read_ahead(static_cast<std::size_t>(gap) + into.size());
    if (ahead.ok() && window_.give(offset_bytes, into)) return into.size();
  }
  return read_content(offset_bytes, into);
}

Result<std::size_t> ObservedSource::read_content(std::uint64_t offset_bytes, std::span<std::uint8_t> into) {
  LG_ASSIGN(const std::size_t got, content_.read(offset_bytes, into));
  bytes_read_ += got;
  const ByteView bytes(std::span<const std::uint8_t>(into.first(got)));
  if (offset_bytes <= seen_bytes_) {
    if (offset_bytes + got > seen_bytes_) see(bytes.part(seen_bytes_ - offset_bytes));
  } else if (offset_bytes + got == size_bytes() && got <= k_end_bytes_max && got > end_.size_bytes) {
    end_ = {
        .bytes = std::make_unique_for_overwrite<std::uint8_t[]>(got), .from_bytes = offset_bytes, .size_bytes = got};
    std::copy_n(into.begin(), got, end_.bytes.get());
  }
  return got;
}

/// `count` bytes behind those seen into the window.
Result<std::size_t> ObservedSource::read_ahead(std::size_t count) {
  if (window_.bytes == nullptr) window_.bytes = std::make_unique_for_overwrite<std::uint8_t[]>(k_gap_bytes_max);
  const std::uint64_t from = seen_bytes_;
  window_.size_bytes = 0;
  LG_ASSIGN(const std::size_t got, read_content(from, std::span(window_.bytes.get(), count)));
  window_.from_bytes = from;
  window_.size_bytes = got;
  return got;
}

void ObservedSource::see(ByteView bytes) {
  if (digest_) digest_->update(bytes);
  observer_.see(bytes);
  seen_bytes_ += bytes.size();
}

std::optional<Sha256Digest> ObservedSource::finish() {
  while (seen_bytes_ < size_bytes()) {
    const bool has_end = end_.size_bytes > 0;
    if (has_end && seen_bytes_ >= end_.from_bytes) {
      see(end_.view().part(seen_bytes_ - end_.from_bytes));
      continue;
    }
    const std::uint64_t to = has_end ? end_.from_bytes : size_bytes();
    const auto got = read_ahead(static_cast<std::size_t>(std::min<std::uint64_t>(k_step_bytes, to - seen_bytes_)));
    if (!got.ok()) observer_.fail(got.error());
    if (!got.ok() || got.value() == 0) return std::nullopt;
  }
  if (!digest_) return std::nullopt;
  return digest_->finish();
}

}  // namespace lastgood::base
