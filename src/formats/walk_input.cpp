// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/walk_input.h"

#include <algorithm>

namespace lastgood::formats {

namespace {
// A jump reads little, a walk that goes on where it stopped reads ahead.
constexpr std::size_t k_jump_bytes = 4 * 1024;
constexpr std::size_t k_read_ahead_bytes = 256 * 1024;
constexpr std::uint64_t k_hole_bytes_max = 1ULL << 30;
}  // namespace

WalkInput::WalkInput(base::ByteSource& source, WalkBuffers& buffers, std::string_view name, model::Depth depth,
                     WalkLimits limits)
    : source_(source),
      buffers_(buffers),
      name_(name),
      depth_(depth),
      limits_(limits),
      size_bytes_(source.size_bytes()) {
  if (depth == model::Depth::full) digest_.emplace();
  const std::size_t whole_max = depth == model::Depth::quick ? 2 * k_edge_bytes : k_whole_bytes;
  is_whole_ = size_bytes_ <= whole_max;
  const std::size_t head_bytes = is_whole_ ? static_cast<std::size_t>(size_bytes_) : k_edge_bytes;
  if (buffers_.head.size() < head_bytes) buffers_.head.resize(std::max(head_bytes, k_edge_bytes));
  const std::size_t got = fill(0, std::span(buffers_.head).first(head_bytes));
  const base::ByteView first(std::span<const std::uint8_t>(buffers_.head).first(got));
  if (is_whole_) {
    head_whole_ = first;
    head_ = first.part(0, k_edge_bytes);
    tail_ = first.part(first.size() > k_edge_bytes ? first.size() - k_edge_bytes : 0);
    return;
  }
  head_ = first;
  if (buffers_.tail.size() < k_edge_bytes) buffers_.tail.resize(k_edge_bytes);
  const std::size_t got_tail = fill(size_bytes_ - k_edge_bytes, std::span(buffers_.tail).first(k_edge_bytes));
  tail_ = base::ByteView(std::span<const std::uint8_t>(buffers_.tail).first(got_tail));
}

base::ByteView WalkInput::at(std::uint64_t offset, std::size_t length) {
  if (offset >= size_bytes_) return {};
  length = static_cast<std::size_t>(std::min<std::uint64_t>({length, k_window_bytes, size_bytes_ - offset}));
  if (is_whole_) return head_whole_.part(offset, length);
  if (head_.has(offset, length)) return head_.part(offset, length);
  const std::uint64_t tail_from = size_bytes_ - k_edge_bytes;
  if (offset >= tail_from && tail_.has(offset - tail_from, length)) return tail_.part(offset - tail_from, length);

  const bool inside = offset >= window_from_ && offset + length <= window_from_ + window_size_;
  if (!inside) {
    if (bytes_read_ / 2 > limits_.read_bytes_max) {
      stopped_ = true;
      return {};
    }
    const bool goes_on = offset >= window_from_ && offset <= window_from_ + window_size_ && window_size_ > 0;
    const std::size_t wish = std::max(length, goes_on ? k_read_ahead_bytes : k_jump_bytes);
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(wish, size_bytes_ - offset));
    if (buffers_.window.size() < k_window_bytes) buffers_.window.resize(k_window_bytes);
    window_from_ = offset;
    window_size_ = fill(offset, std::span(buffers_.window).first(count));
  }
  const base::ByteView window(std::span<const std::uint8_t>(buffers_.window).first(window_size_));
  return window.part(offset - window_from_, length);
}

bool WalkInput::may_continue(std::uint64_t steps) {
  steps_ += steps;
  if (steps_ > limits_.steps_max || bytes_read_ > limits_.read_bytes_max || read_error_) stopped_ = true;
  return !stopped_;
}

std::size_t WalkInput::fill(std::uint64_t offset, std::span<std::uint8_t> into) {
  if (into.empty()) return 0;
  auto got = source_.read(offset, into);
  if (!got.ok()) {
    if (!read_error_) read_error_ = std::move(got).error();
    return 0;
  }
  bytes_read_ += got.value();
  if (got.value() < into.size()) shrank_ = true;
  if (digest_ && offset <= digested_bytes_ && offset + got.value() > digested_bytes_) {
    digest_->update(base::ByteView(into.first(got.value())).part(digested_bytes_ - offset));
    digested_bytes_ = offset + got.value();
  }
  return got.value();
}

std::vector<std::uint8_t> WalkInput::finish_digest() {
  if (!digest_) return {};
  if (buffers_.window.size() < k_window_bytes) buffers_.window.resize(k_window_bytes);
  while (digested_bytes_ < size_bytes_) {
    if (next_data(digested_bytes_) - digested_bytes_ > k_hole_bytes_max) return {};
    window_from_ = digested_bytes_;
    const auto count =
        static_cast<std::size_t>(std::min<std::uint64_t>(k_read_ahead_bytes, size_bytes_ - window_from_));
    window_size_ = fill(window_from_, std::span(buffers_.window).first(count));
    if (window_size_ == 0) return {};
  }
  const base::Sha256Digest digest = digest_->finish();
  return {digest.begin(), digest.end()};
}

}  // namespace lastgood::formats
