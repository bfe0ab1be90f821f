// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The pages of one file, from first to last or some of them, and what was wrong with them. Private to engines/.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engines/unit_check.h"

namespace lastgood::engines {

struct PageFile {
  base::ByteSource* source = nullptr;
  std::string_view shown;
  std::uint64_t from_bytes = 0;  // where page 0 begins
  std::uint64_t page_bytes = 0;
  enum class Pages : std::uint8_t { as_deep_as_the_check, all } pages = Pages::as_deep_as_the_check;
};

/// Calls `visit` with the index and bytes of every whole page that is not in a hole, in order; at quick depth, unless
/// all are asked for, of 32 pages from all over the file. Gives the number of pages visited.
std::uint64_t visit_pages(UnitCheck& check, const PageFile& file,
                          const std::function<void(std::uint64_t index, base::ByteView page)>& visit);

/// Faults of the pages of one file, put together so that a file of a million bad pages is a handful of findings.
class PageFaults {
 public:
  explicit PageFaults(std::uint64_t page_bytes, std::uint64_t from_bytes = 0)
      : page_bytes_(page_bytes), from_bytes_(from_bytes) {}
  /// Call in ascending order of `index`.
  void add(std::uint64_t index, std::string_view fault, base::ByteView page);
  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// One finding per run of pages with the same fault, at most eight: `encrypted` where the pages look random.
  void say(UnitCheck& check, std::string_view shown, std::string_view rule) const;

 private:
  struct Run {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::uint64_t random = 0;
    std::string_view fault;
  };
  static constexpr std::size_t k_runs_max = 8;

  std::uint64_t page_bytes_;
  std::uint64_t from_bytes_;
  std::uint64_t count_ = 0;
  std::vector<Run> runs_;
};

}  // namespace lastgood::engines
