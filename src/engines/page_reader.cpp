// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/page_reader.h"

#include <algorithm>

#include <fmt/format.h>

namespace lastgood::engines {

using base::ByteView;

namespace {

constexpr std::uint64_t k_read_bytes = 1U << 20;
constexpr std::uint64_t k_quick_pages = 32;

}  // namespace

std::uint64_t visit_pages(UnitCheck& check, const PageFile& file,
                          const std::function<void(std::uint64_t index, ByteView page)>& visit) {
  const std::uint64_t size_bytes = file.source->size_bytes();
  if (file.page_bytes == 0 || size_bytes < file.from_bytes) return 0;
  const std::uint64_t count = (size_bytes - file.from_bytes) / file.page_bytes;
  const bool is_sampled =
      check.depth() == model::Depth::quick && file.pages != PageFile::Pages::all && count > k_quick_pages;
  const std::uint64_t at_once = is_sampled ? 1 : std::max<std::uint64_t>(1, k_read_bytes / file.page_bytes);
  std::vector<std::uint8_t> buffer(static_cast<std::size_t>(std::min(at_once, count) * file.page_bytes));
  std::uint64_t visited = 0;
  for (std::uint64_t step = 0;; ++step) {
    std::uint64_t index = is_sampled ? step * (count - 1) / (k_quick_pages - 1) : step * at_once;
    if (index >= count || (is_sampled && step >= k_quick_pages)) return visited;
    const std::uint64_t offset = file.from_bytes + index * file.page_bytes;
    if (!is_sampled) {
      const std::uint64_t data_at = file.source->next_data(offset);
      const std::uint64_t skipped = data_at > offset ? (data_at - offset) / (at_once * file.page_bytes) : 0;
      if (skipped > 0) {
        step += skipped - 1;
        continue;
      }
    }
    const std::uint64_t wanted = std::min(at_once, count - index);
    const std::size_t got =
        check.read(*file.source, file.shown, offset,
                   std::span<std::uint8_t>(buffer).first(static_cast<std::size_t>(wanted * file.page_bytes)));
    const ByteView bytes(std::span<const std::uint8_t>(buffer.data(), got));
    for (std::uint64_t i = 0; (i + 1) * file.page_bytes <= got; ++i, ++visited)
      visit(index + i, bytes.part(i * file.page_bytes, file.page_bytes));
    if (got < wanted * file.page_bytes) return visited;
  }
}

void PageFaults::add(std::uint64_t index, std::string_view fault, ByteView page) {
  ++count_;
  const std::uint64_t random = looks_random(page) ? 1 : 0;
  if (!runs_.empty() && runs_.back().last + 1 == index && (runs_.back().random > 0) == (random > 0)) {
    runs_.back().last = index;
    runs_.back().random += random;
    return;
  }
  if (runs_.size() >= k_runs_max && random == 0) return;
  if (runs_.size() < 2 * k_runs_max) runs_.push_back({.first = index, .last = index, .random = random, .fault = fault});
}

void PageFaults::say(UnitCheck& check, std::string_view shown, std::string_view rule) const {
  for (const Run& run : runs_) {
    const model::ByteRange range{.from = from_bytes_ + run.first * page_bytes_,
                                 .to = from_bytes_ + (run.last + 1) * page_bytes_};
    std::string sentence = run.first == run.last ? fmt::format("page {}: {}", run.first, run.fault)
                                                 : fmt::format("pages {} to {}: {}", run.first, run.last, run.fault);
    if (run.random > 0) {
      check.encrypted(shown, rule, sentence + ", and its bytes look random", range);
    } else {
      check.damaged(shown, rule, std::move(sentence), range);
    }
  }
}

}  // namespace lastgood::engines
