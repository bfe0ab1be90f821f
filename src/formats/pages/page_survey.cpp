// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/pages/page_survey.h"

#include <algorithm>
#include <optional>
#include <string>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using model::Depth;
using model::RegionKind;

constexpr std::uint64_t k_runs_named_max = 60;
constexpr std::uint64_t k_quick_stretch_bytes = 1024 * 1024;
constexpr std::uint64_t k_quick_samples_max = 512;
constexpr std::uint64_t k_quick_samples_min = 12;
constexpr std::uint64_t k_standard_samples_min = 64;
constexpr std::uint64_t k_standard_stretch_bytes = 256 * 1024;
constexpr std::uint64_t k_standard_samples_max = 4096;

/// Spreads consecutive numbers; splitmix64's finaliser.
std::uint64_t scatter(std::uint64_t value) {
  value = (value + 0x9E3779B97F4A7C15ULL) * 0xBF58476D1CE4E5B9ULL;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBULL;
  return value ^ (value >> 31);
}

/// Which pages are looked at, in ascending order; the first and the last always are.
class PageChoice {
 public:
  PageChoice(const WalkInput& input, const PageLayout& layout) : page_count_(layout.page_count) {
    if (input.depth() == Depth::full || !input.whole().empty()) return;
    const bool is_quick = input.depth() == Depth::quick;
    const std::uint64_t stretch_bytes = is_quick ? k_quick_stretch_bytes : k_standard_stretch_bytes;
    const std::uint64_t samples_max = is_quick ? k_quick_samples_max : k_standard_samples_max;
    const std::uint64_t samples_min = is_quick ? k_quick_samples_min : k_standard_samples_min;
    stride_ = std::min(stretch_bytes / layout.page_bytes, page_count_ / samples_min);
    stride_ = std::max({std::uint64_t{1}, stride_, page_count_ / samples_max + 1});
  }

  [[nodiscard]] bool is_every_page() const { return stride_ == 1; }

  std::optional<std::uint64_t> next() {
    if (next_from_ >= page_count_) return std::nullopt;
    const std::uint64_t from = next_from_;
    next_from_ += stride_;
    if (stride_ == 1 || from == 0) return from;
    if (next_from_ >= page_count_) return page_count_ - 1;
    return from + scatter(from) % stride_;
  }

 private:
  std::uint64_t page_count_;
  std::uint64_t stride_ = 1;
  std::uint64_t next_from_ = 0;
};

class Surveyor {
 public:
  Surveyor(WalkInput& input, WalkReport& report, const PageLayout& layout, const PageCheck& check)
      : input_(input), report_(report), layout_(layout), check_(check) {}

  PageSurvey run() {
    PageChoice choice(input_, layout_);
    survey_.every_page = choice.is_every_page();
    while (const std::optional<std::uint64_t> page = choice.next()) {
      if (!input_.may_continue(1 + layout_.page_bytes / 8192)) {
        survey_.every_page = false;
        break;
      }
      visit(*page);
    }
    if (is_bad_) close_run(last_ + 1);
    name_remaining_runs();
    return survey_;
  }

 private:
  PageOpinion look_at(std::uint64_t page) {
    return check_(page, input_.at(offset_of(page), static_cast<std::size_t>(layout_.page_bytes)));
  }

  [[nodiscard]] std::uint64_t offset_of(std::uint64_t page) const {
    return layout_.from_bytes + page * layout_.page_bytes;
  }

  void visit(std::uint64_t page) {
    const PageOpinion opinion = look_at(page);
    const bool bad = !opinion.fault.empty();
    count(opinion);
    if (bad && !is_bad_) {
      run_from_ = survey_.looked_at == 1 ? page : find_edge(page);
      run_fault_ = opinion.fault;
    }
    if (!bad && is_bad_) close_run(find_edge(page));
    if (!bad) add_region(page, opinion.kind);
    is_bad_ = bad;
    last_ = page;
  }

  void count(const PageOpinion& opinion) {
    ++survey_.looked_at;
    if (!opinion.fault.empty()) {
      ++survey_.bad;
    } else if (opinion.kind == RegionKind::verified) {
      ++survey_.verified;
    } else if (opinion.kind == RegionKind::zero) {
      ++survey_.zero;
    }
  }

  /// First page after `last_` that is as `page` is, under the assumption that there is one change between them.
  std::uint64_t find_edge(std::uint64_t page) {
    std::uint64_t same_as_last = last_;
    std::uint64_t same_as_page = page;
    while (same_as_page - same_as_last > 1 && input_.may_continue()) {
      const std::uint64_t middle = same_as_last + (same_as_page - same_as_last) / 2;
      const bool bad = !look_at(middle).fault.empty();
      (bad == is_bad_ ? same_as_last : same_as_page) = middle;
    }
    return same_as_page;
  }

  void add_region(std::uint64_t page, RegionKind kind) {
    // Between two samples of large values lie more of them: statistics would find nothing there but what is normal.
    const bool joins =
        !is_bad_ && last_kind_ == RegionKind::compressed && kind == RegionKind::compressed && page > last_ + 1;
    if (joins) report_.region(offset_of(last_ + 1), offset_of(page), RegionKind::compressed);
    report_.region(offset_of(page), offset_of(page + 1), kind);
    last_kind_ = kind;
  }

  void close_run(std::uint64_t to) {
    const model::ByteRange range{.from = offset_of(run_from_), .to = offset_of(to)};
    last_kind_ = RegionKind::structured;
    ++runs_;
    if (runs_ > k_runs_named_max) {
      if (runs_ == k_runs_named_max + 1) remaining_.from = range.from;
      remaining_.to = range.to;
      return;
    }
    const std::uint64_t from_number = layout_.first_number + run_from_;
    report_.breaks(layout_.rule,
                   to == run_from_ + 1 ? fmt::format("page {}: {}", from_number, run_fault_)
                                       : fmt::format("pages {} to {}: first, {}", from_number,
                                                     layout_.first_number + to - 1, run_fault_),
                   range);
  }

  void name_remaining_runs() {
    if (runs_ <= k_runs_named_max) return;
    report_.breaks(layout_.rule, fmt::format("{} more runs of pages that do not fit", runs_ - k_runs_named_max),
                   remaining_);
  }

  WalkInput& input_;
  WalkReport& report_;
  const PageLayout& layout_;
  const PageCheck& check_;
  PageSurvey survey_;
  bool is_bad_ = false;
  std::uint64_t last_ = 0;
  RegionKind last_kind_ = RegionKind::structured;
  std::uint64_t run_from_ = 0;
  std::string_view run_fault_;
  std::uint64_t runs_ = 0;
  model::ByteRange remaining_;
};

}  // namespace

PageSurvey survey_pages(WalkInput& input, WalkReport& report, const PageLayout& layout, const PageCheck& check) {
  if (layout.page_count == 0 || layout.page_bytes == 0) return {.every_page = true};
  return Surveyor(input, report, layout, check).run();
}

std::string pages_looked_at(const PageSurvey& survey, const PageLayout& layout) {
  if (survey.looked_at == layout.page_count) return fmt::format("all {} pages", layout.page_count);
  return fmt::format("{} of {} pages", survey.looked_at, layout.page_count);
}

}  // namespace lastgood::formats
