// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Table of MariaDB's Aria engine: index (.MAI) and data (.MAD, row format PAGE). Facts: MariaDB Knowledge Base, "Aria
// Storage Formats", and the layout of real files.
//
//   index = fe fe 09 version(1) options(2) header length(2) state length(2) base length(2) base at(2) ... index
//   length(8,
//           at 89) data length(8, at 97); from the first key page on: pages of 8 KiB
//   data  = page*: LSN(7) type(1) rows(1) free(1) room(2) rows ... row directory (offset(2) length(2))* crc32(4)
//
// The CRC-32 of a page begins with its number; of an index page it covers only the part in use. Data pages of tables
// without transactions carry none that fits: there the row directory counts.
#include "formats/aria/aria_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/checksum.h"
#include "formats/pages/page_survey.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"mai", Promise::firm}, NameClaim{"mad", Promise::loose}};
constexpr std::string_view k_index_magic = "\xfe\xfe\x09"sv;
constexpr std::uint64_t k_page_bytes = 8192;
constexpr std::uint64_t k_sum_at = k_page_bytes - 4;
constexpr std::uint32_t k_no_sum = 0xFFFFFFFE;  // this and the next

bool is_zero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

/// zlib's form begins with the inverse of what the engine begins with.
std::uint32_t page_sum(ByteView bytes, std::uint64_t page_number) {
  return base::crc32(bytes, static_cast<std::uint32_t>(page_number));
}

bool sum_fits(ByteView page, std::uint64_t number) {
  return page.size() == k_page_bytes && page.le32(k_sum_at) == page_sum(page.part(0, k_sum_at), number);
}

/// Page 0 of a data file is a bitmap; that of an empty table is zeros with the mark "no sum".
bool is_first_data_page(ByteView page) {
  if (page.size() < k_page_bytes) return false;
  return page.le32(k_sum_at) >= k_no_sum ? is_zero(page.part(0, k_sum_at)) : sum_fits(page, 0) && !is_zero(page);
}

bool has_data_name(std::string_view name) { return name.ends_with(".MAD") || name.ends_with(".mad"); }

Likeness recognise(const Edges& edges) {
  if (edges.head.matches(0, k_index_magic)) return Likeness::strong;
  return has_data_name(edges.name) && is_first_data_page(edges.head.part(0, k_page_bytes)) ? Likeness::strong
                                                                                           : Likeness::none;
}

PageOpinion judge_index_page(ByteView page, std::uint64_t number) {
  if (page.size() < k_page_bytes) return {.fault = "the content ends inside the page"};
  const std::uint32_t stored = page.le32(k_sum_at);
  if (stored >= k_no_sum) return {};
  if (is_zero(page)) return {.kind = RegionKind::zero, .fault = {}};
  // With transactions LSN(7) and transaction(6) stand before key number(1), flags(1), length in use(2).
  for (const std::uint64_t used_at : {std::uint64_t{15}, std::uint64_t{2}}) {
    const std::uint64_t used = page.be16(used_at);
    if (used <= k_sum_at && page_sum(page.part(0, used), number) == stored)
      return {.kind = RegionKind::verified, .fault = {}};
  }
  return {.fault = "the CRC-32 does not fit"};
}

/// Rows lie inside, whatever the directory's order.
std::string_view find_directory_fault(ByteView page) {
  const std::uint64_t rows = page.u8(8);
  const std::uint64_t directory_at = k_sum_at - 4 * rows;
  for (std::uint64_t i = 0; i < rows; ++i) {
    const std::uint64_t from = page.le16(directory_at + 4 * i);
    const std::uint64_t length = page.le16(directory_at + 4 * i + 2);
    if (from == 0) continue;  // a free entry: its length links to the next
    if (from < 12 || from + length > directory_at) return "a row lies outside the page";
  }
  return {};
}

/// Encrypted by the server: the version of the key stands where rows would begin.
bool is_sealed_page(ByteView page) { return page.le32(12) != 0 && page.le32(12) < 256 && (page.u8(7) & 0x7) <= 3; }

enum class Sums : std::uint8_t { on, off };

PageOpinion judge_data_page(ByteView page, std::uint64_t number, Sums sums) {
  if (page.size() < k_page_bytes) return {.fault = "the content ends inside the page"};
  if (sum_fits(page, number)) return {.kind = RegionKind::verified, .fault = {}};
  if (is_zero(page.part(0, k_sum_at))) return {.kind = RegionKind::zero, .fault = {}};
  if (is_sealed_page(page)) return {.kind = RegionKind::compressed, .fault = {}};
  const std::uint8_t type = page.u8(7) & 0x7;
  if (sums == Sums::on && page.le32(k_sum_at) < k_no_sum) return {.fault = "the CRC-32 does not fit"};
  if (type > 3) return {.fault = "the page type is unknown"};
  if (type == 3) return {.kind = RegionKind::compressed, .fault = {}};
  return {.fault = find_directory_fault(page)};
}

/// Do most of the first data pages carry a sum that fits?
Sums find_sums(WalkInput& input, std::uint64_t pages) {
  std::uint64_t used = 0;
  std::uint64_t fitting = 0;
  for (std::uint64_t number = 1; number < std::min<std::uint64_t>(pages, 9); ++number) {
    const ByteView page = input.at(number * k_page_bytes, k_page_bytes);
    if (is_zero(page)) continue;
    ++used;
    if (sum_fits(page, number)) ++fitting;
  }
  return fitting * 2 >= used && fitting != 0 ? Sums::on : Sums::off;
}

void survey(WalkInput& input, WalkReport& report, const PageLayout& pages, const PageCheck& judge) {
  const PageSurvey survey = survey_pages(input, report, pages, judge);
  const bool all_proven = survey.verified + survey.zero == survey.looked_at;
  const bool is_frame = !survey.every_page || survey.looked_at == 0;
  report.reach = is_frame ? Reach::frame : all_proven ? Reach::content : Reach::sampled;
  if (report.shape == Shape::whole) {
    report.holds("aria.pages", fmt::format("{}: {} fit their CRC-32, {} unused", pages_looked_at(survey, pages),
                                           survey.verified, survey.zero));
  }
}

void walk_index(WalkInput& input, WalkReport& report) {
  const ByteView head = input.head();
  const std::uint64_t length = head.be64(89);
  const std::uint64_t keys_at = head.be64(std::uint64_t{head.be16(12)} + 16);
  const bool fits = head.be16(6) >= 100 && keys_at != 0 && keys_at % k_page_bytes == 0 &&
                    keys_at <= input.size_bytes() && length >= keys_at && length <= input.size_bytes();
  if (!fits) {
    report.breaks("aria.header",
                  fmt::format("the header says {} bytes with keys from byte {}, the content has {}", length, keys_at,
                              input.size_bytes()),
                  {.from = 0, .to = std::min<std::uint64_t>(512, input.size_bytes())});
    return;
  }
  report.end_bytes = length;
  report.region(0, keys_at, RegionKind::structured);
  constexpr std::uint64_t k_encrypted_at = 91;  // a flag in the base part
  if (head.u8(head.be16(12) + k_encrypted_at) == 1) {
    report.shape = Shape::sealed;
    report.region(keys_at, length, RegionKind::compressed);
    report.holds("aria.encrypted",
                 fmt::format("the header's length {} is the content's; the keys are encrypted by the server", length));
    return;
  }
  const PageLayout pages{.from_bytes = keys_at,
                         .page_bytes = k_page_bytes,
                         .page_count = (length - keys_at) / k_page_bytes,
                         .first_number = keys_at / k_page_bytes,
                         .rule = "aria.index"};
  survey(input, report, pages,
         [&](std::uint64_t index, ByteView page) { return judge_index_page(page, pages.first_number + index); });
}

void walk_data(WalkInput& input, WalkReport& report) {
  report.format = "aria_data";
  const PageLayout pages{
      .page_bytes = k_page_bytes, .page_count = input.size_bytes() / k_page_bytes, .rule = "aria.data"};
  report.end_bytes = pages.page_count * k_page_bytes;
  const Sums sums = find_sums(input, pages.page_count);
  std::uint64_t sealed = 0;
  survey(input, report, pages, [&](std::uint64_t index, ByteView page) {
    const PageOpinion opinion = judge_data_page(page, index, sums);
    if (index != 0 && opinion.fault.empty() && opinion.kind == RegionKind::compressed && is_sealed_page(page)) ++sealed;
    return opinion;
  });
  if (sealed != 0 && report.shape == Shape::whole) {
    report.shape = Shape::sealed;
    report.remarks("aria.encrypted", fmt::format("{} of the pages looked at are encrypted by the server", sealed));
  }
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  const bool is_index = head.matches(0, k_index_magic);
  if (!is_index && !is_first_data_page(head.part(0, k_page_bytes))) return report;
  report.shape = Shape::whole;
  if (is_index) {
    walk_index(input, report);
  } else {
    walk_data(input, report);
  }
  return report;
}

}  // namespace

const Format k_aria_format = {.id = "aria",
                              .title = "Aria table",
                              .family = Family::database,
                              .claims = k_claims,
                              .recognise = recognise,
                              .walk = walk};

}  // namespace lastgood::formats
