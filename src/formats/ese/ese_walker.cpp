// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Extensible Storage Engine of Windows: Exchange (.edb), Active Directory (ntds.dit), search and mail indexes. Facts:
// libyal, "Extensible Storage Engine (ESE) Database File (EDB) format".
//
//   file   = header(page) copy of the header(page) page*      pages count from 1
//   header = sum(4) ef cd ab 89 version(4) kind(4) ... revision(4, at 232) page size(4, at 236)
//   page   = sum(4) ...: the 32-bit words of the page by exclusive or, begun with a constant, the page's number, or
//   both
//
// Which words and which beginning depends on version and page size. All published ones are tried on pages from all over
// the file; when most fit one of them, every page is held to it. When none does the header alone was seen.
#include "formats/ese/ese_walker.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <span>

#include <fmt/format.h>

#include "formats/pages/page_survey.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"edb", Promise::loose}, NameClaim{"dit", Promise::loose},
                                 NameClaim{"sdb", Promise::loose}};
constexpr std::uint32_t k_magic = 0x89ABCDEF;
constexpr std::uint64_t k_header_pages = 2;

Likeness recognise(const Edges& edges) {
  const std::uint32_t version = edges.head.le32(8);
  return edges.head.le32(4) == k_magic && version >= 0x600 && version <= 0x6FF && edges.head.le32(12) <= 1
             ? Likeness::strong
             : Likeness::none;
}

struct SumForm {
  bool has_word_one = false;  // the second word of the page counts too
  std::uint32_t begin = 0;
  bool has_number = false;  // the page's number is mixed in
};
constexpr std::array<SumForm, 4> k_forms = {SumForm{true, k_magic, false}, SumForm{false, k_magic, true},
                                            SumForm{false, 0, true}, SumForm{false, k_magic, false}};

/// All words behind the first eight bytes, by exclusive or; two words at a time.
std::uint32_t words_sum(ByteView page) {
  std::uint64_t sum = 0;
  const std::span<const std::uint8_t> bytes = page.span();
  for (std::size_t at = 8; at + 8 <= bytes.size(); at += 8) {
    std::uint64_t words = 0;
    std::memcpy(&words, bytes.data() + at, 8);
    sum ^= words;
  }
  return static_cast<std::uint32_t>(sum ^ sum >> 32);
}

bool sum_fits(const SumForm& form, ByteView page, std::uint64_t number, std::uint32_t words) {
  const std::uint32_t mixed = form.begin ^ (form.has_number ? static_cast<std::uint32_t>(number) : 0U) ^
                              (form.has_word_one ? page.le32(4) : 0U);
  return (mixed ^ words) == page.le32(0);
}

/// The form that most of some pages fit; nullptr when none does.
const SumForm* find_form(WalkInput& input, const PageLayout& pages) {
  std::array<std::uint64_t, k_forms.size()> fitting{};
  constexpr std::uint64_t k_asked_max = 32;
  std::uint64_t used = 0;
  const std::uint64_t asked = std::min(k_asked_max, pages.page_count);
  for (std::uint64_t i = 0; i < asked && input.may_continue(); ++i) {
    const std::uint64_t index = i * pages.page_count / asked;
    const ByteView page =
        input.at(pages.from_bytes + index * pages.page_bytes, static_cast<std::size_t>(pages.page_bytes));
    if (page.le64(0) == 0) continue;
    ++used;
    const std::uint32_t words = words_sum(page);
    for (std::size_t form = 0; form < k_forms.size(); ++form) {
      if (sum_fits(k_forms[form], page, index + 1, words)) ++fitting[form];
    }
  }
  for (std::size_t form = 0; form < k_forms.size(); ++form) {
    if (fitting[form] >= 2 && fitting[form] * 2 >= used) return &k_forms[form];
  }
  return nullptr;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (head.le32(4) != k_magic || head.le32(8) < 0x600 || head.le32(8) > 0x6FF || head.le32(12) > 1) return report;
  report.shape = Shape::whole;
  const std::uint64_t page_bytes = head.le32(236) == 0 ? 4096 : head.le32(236);
  if (page_bytes < 2048 || page_bytes > 32768 || !std::has_single_bit(page_bytes) ||
      input.size_bytes() < k_header_pages * page_bytes) {
    report.breaks("ese.header", fmt::format("pages of {} bytes in a content of {}", page_bytes, input.size_bytes()),
                  {.from = 0, .to = std::min<std::uint64_t>(668, input.size_bytes())});
    return report;
  }
  report.region(0, k_header_pages * page_bytes, RegionKind::structured);
  if (input.at(page_bytes, 16).le32(4) != k_magic) {
    report.breaks("ese.copy", "the second page is no copy of the header", {.from = page_bytes, .to = 2 * page_bytes});
  }
  const PageLayout pages{.from_bytes = k_header_pages * page_bytes,
                         .page_bytes = page_bytes,
                         .page_count = input.size_bytes() / page_bytes - k_header_pages,
                         .first_number = 1,
                         .rule = "ese.page"};
  report.end_bytes = (pages.page_count + k_header_pages) * page_bytes;
  const SumForm* const form = find_form(input, pages);
  if (form == nullptr) {
    if (report.shape == Shape::whole)
      report.holds("ese.header", "two copies of the header; the pages' sums are of no known form");
    return report;
  }
  const PageSurvey survey = survey_pages(input, report, pages, [&](std::uint64_t index, ByteView page) -> PageOpinion {
    const bool is_zero =
        page.le64(0) == 0 && std::all_of(page.begin(), page.end(), [](std::uint8_t byte) { return byte == 0; });
    if (is_zero) return {.kind = RegionKind::zero, .fault = {}};
    const bool fits = page.size() == page_bytes && sum_fits(*form, page, index + 1, words_sum(page));
    if (fits) return {.kind = RegionKind::verified, .fault = {}};
    return {.fault = "the sum does not fit"};
  });
  report.reach = survey.every_page ? Reach::content : Reach::frame;
  if (report.shape == Shape::whole) {
    report.holds("ese.pages", fmt::format("{} of {} bytes: {} fit their sum, {} unused", pages_looked_at(survey, pages),
                                          page_bytes, survey.verified, survey.zero));
  }
  return report;
}

}  // namespace

const Format k_ese_format = {.id = "ese",
                             .title = "ESE database",
                             .family = Family::database,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk};

}  // namespace lastgood::formats
