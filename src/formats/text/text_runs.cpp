// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/text/text_runs.h"

#include <algorithm>

namespace lastgood::formats {

namespace {

// Random bytes hold a control or NUL in one of ten; text in whatever encoding holds next to none.
constexpr double k_script_control_share_max = 0.02;

RunKind judge(const ByteHistogram& counts) {
  if (looks_random(counts)) return RunKind::random;
  return control_share(counts) <= k_script_control_share_max ? RunKind::foreign_script : RunKind::other;
}

}  // namespace

void ForeignRuns::append(base::ByteView cell) {
  const std::uint64_t before = current_.length();
  const std::uint64_t after = before + cell.size();
  if (after <= k_short_bytes) {
    std::copy(cell.begin(), cell.end(), short_.begin() + static_cast<std::ptrdiff_t>(before));
  } else {
    if (before <= k_short_bytes) {
      long_counts_.fill(0);
      for (std::size_t i = 0; i < before; ++i) ++long_counts_[short_[i]];
    }
    for (const std::uint8_t byte : cell) ++long_counts_[byte];
  }
  current_.to += cell.size();
}

void ForeignRuns::add_foreign(base::ByteView cell, std::uint64_t offset) {
  if (grey_ && current_.length() != 0 && grey_->offset == current_.to && grey_->offset + grey_->size_bytes == offset) {
    append(base::ByteView(std::span<const std::uint8_t>(grey_->bytes).first(grey_->size_bytes)));
  }
  grey_.reset();
  if (current_.to != offset || current_.length() == 0) {
    close(UINT64_MAX);
    current_ = {.from = offset, .to = offset};
  }
  append(cell);
}

void ForeignRuns::add_grey(base::ByteView cell, std::uint64_t offset) {
  if (current_.length() == 0 || current_.to != offset) return;
  grey_.emplace();
  grey_->size_bytes = std::min(cell.size(), k_cell_bytes);
  std::copy_n(cell.begin(), grey_->size_bytes, grey_->bytes.begin());
  grey_->offset = offset;
}

void ForeignRuns::close(std::uint64_t size_bytes) {
  const std::uint64_t length = current_.length();
  if (length == 0) return;
  const bool at_edge = current_.from == 0 || current_.to == size_bytes;
  RunKind kind = RunKind::pooled;
  if (length > k_short_bytes) {
    kind = judge(long_counts_);
  } else {
    ByteHistogram counts{};
    for (std::size_t i = 0; i < length; ++i) ++counts[short_[i]];
    if (at_edge && looks_random(counts)) kind = RunKind::random;
    if (kind == RunKind::pooled) {
      for (std::size_t i = 0; i < length; ++i) ++pool_[short_[i]];
    }
  }
  if (at_edge && kind == RunKind::random) touches_edge_ = true;
  if (kind == RunKind::random) random_bytes_ += length;
  if (kind == RunKind::random) ++random_runs_;
  if (kind == RunKind::other) other_bytes_ += length;
  if (kind == RunKind::foreign_script) foreign_script_bytes_ += length;
  if (kind == RunKind::pooled) pooled_bytes_ += length;
  if (kind == RunKind::pooled) ++pooled_runs_;
  if (runs_.size() < k_runs_max) runs_.push_back({.range = current_, .kind = kind});
  current_ = {};
}

void ForeignRuns::finish(std::uint64_t size_bytes) {
  close(size_bytes);
  if (pooled_bytes_ != 0) pool_kind_ = judge(pool_);
}

}  // namespace lastgood::formats
