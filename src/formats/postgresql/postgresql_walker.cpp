// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A file of a PostgreSQL relation (table, index, sequence, their maps). Facts: PostgreSQL documentation, "Database File
// Layout" and "Database Page Layout".
//
//   file = page*                     named 16384, segment n of it 16384.n, its maps 16384_fsm and 16384_vm
//   page = LSN(8) checksum(2) flags(2) lower(2) upper(2) special(2) size|version(2) prune(4)
//          line pointer(4)* ... free ... tuple* special area
//
// There is no magic: page headers agree with each other or not. A page of zeros is room not yet used. Checksums are on
// or off for a whole cluster; here they count when most pages that are well formed carry the right one.
#include "formats/postgresql/postgresql_walker.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "formats/pages/page_survey.h"
#include "model/pages/postgresql_page.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using namespace model::pages;
using model::RegionKind;

constexpr std::uint32_t k_usual_page_bytes = 8192;
constexpr std::uint64_t k_segment_bytes = 1024 * 1024 * 1024;

struct RelationName {
  bool fits = false;  // named as the server names its files
  RelationFork fork = RelationFork::main;
  std::uint32_t segment = 0;
};

std::size_t digits_at(std::string_view text, std::size_t from) {
  std::size_t count = 0;
  while (from + count < text.size() && text[from + count] >= '0' && text[from + count] <= '9') ++count;
  return count;
}

RelationName parse_name(std::string_view name) {
  RelationName parsed;
  std::size_t at = digits_at(name, 0);
  if (at == 0 || at > 10) return parsed;
  if (name.substr(at).starts_with("_fsm")) {
    parsed.fork = RelationFork::free_space;
    at += 4;
  } else if (name.substr(at).starts_with("_vm")) {
    parsed.fork = RelationFork::visibility;
    at += 3;
  } else if (name.substr(at).starts_with("_init")) {
    at += 5;
  }
  if (name.substr(at).starts_with(".")) {
    const std::size_t digits = digits_at(name, at + 1);
    const char* from = name.data() + at + 1;
    if (digits == 0 || digits > 6 || std::from_chars(from, from + digits, parsed.segment).ec != std::errc())
      return parsed;
    at += 1 + digits;
  }
  parsed.fits = at == name.size();
  return parsed;
}

bool is_zero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

/// Page size by the first page header among the pages in the edges; 0 when there is none.
std::uint32_t find_page_bytes(ByteView head, ByteView tail, std::uint64_t size_bytes) {
  const std::uint32_t first = postgresql_page_bytes(head);
  if (first != 0 || size_bytes < 2 * std::uint64_t{k_usual_page_bytes}) return first;
  for (std::uint64_t at = k_usual_page_bytes; at + k_usual_page_bytes <= head.size(); at += k_usual_page_bytes) {
    if (postgresql_page_bytes(head.part(at)) == k_usual_page_bytes) return k_usual_page_bytes;
  }
  const std::uint64_t tail_from = size_bytes - tail.size();
  std::uint64_t at = (tail_from + k_usual_page_bytes - 1) / k_usual_page_bytes * k_usual_page_bytes - tail_from;
  for (; at + k_usual_page_bytes <= tail.size(); at += k_usual_page_bytes) {
    if (postgresql_page_bytes(tail.part(at)) == k_usual_page_bytes) return k_usual_page_bytes;
  }
  return 0;
}

Likeness recognise(const Edges& edges) {
  if (edges.size_bytes < 1024) return Likeness::none;
  if (find_page_bytes(edges.head, edges.tail, edges.size_bytes) != 0) return Likeness::strong;
  const bool may_be_unused = edges.head.u8(18) == 0 && parse_name(edges.name).fits && is_zero(edges.head.part(0, 256));
  return may_be_unused ? Likeness::weak : Likeness::none;
}

/// Do the well-formed pages carry checksums? Asked of some pages from all over the file.
bool are_sums_on(WalkInput& input, const PageLayout& pages, std::uint32_t first_block) {
  constexpr std::uint64_t k_asked_max = 16;
  std::uint64_t formed = 0;
  std::uint64_t fitting = 0;
  const std::uint64_t asked = std::min(k_asked_max, pages.page_count);
  for (std::uint64_t i = 0; i < asked && input.may_continue(); ++i) {
    const std::uint64_t block = i * pages.page_count / asked;
    const ByteView page = input.at(block * pages.page_bytes, static_cast<std::size_t>(pages.page_bytes));
    if (postgresql_page_bytes(page) != pages.page_bytes || page.size() != pages.page_bytes) continue;
    ++formed;
    const std::uint16_t sum = postgresql_page_sum(page, first_block + static_cast<std::uint32_t>(block));
    if (page.le16(8) == sum) ++fitting;
  }
  return fitting != 0 && fitting * 2 >= formed;
}

void say_whole(WalkReport& report, const PageSurvey& survey, const PageLayout& pages) {
  if (report.shape != Shape::whole) return;
  report.holds(
      "postgresql.pages",
      fmt::format(
          "{} of {} bytes hold headers, line pointers and tuples as they must, {} unused, {} proven by checksum",
          pages_looked_at(survey, pages), pages.page_bytes, survey.zero, survey.verified));
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const RelationName name = parse_name(input.name());
  std::uint32_t page_bytes = find_page_bytes(input.head(), input.tail(), input.size_bytes());
  if (page_bytes == 0 && name.fits && input.size_bytes() >= k_usual_page_bytes && is_zero(input.head()))
    page_bytes = k_usual_page_bytes;
  if (page_bytes == 0) return report;
  const auto block_of = [&](std::uint64_t index) {
    return static_cast<std::uint32_t>(name.segment * (k_segment_bytes / page_bytes) + index);
  };
  report.shape = Shape::whole;
  PageLayout pages{.page_bytes = page_bytes, .page_count = input.size_bytes() / page_bytes, .rule = "postgresql.page"};
  report.end_bytes = pages.page_count * page_bytes;
  if (pages.page_count == 0) {
    report.breaks("postgresql.length", fmt::format("{} bytes are less than a page", input.size_bytes()),
                  {.from = 0, .to = input.size_bytes()});
    return report;
  }
  const bool sums_on = are_sums_on(input, pages, block_of(0));
  pages.first_number = block_of(0);
  const PageSurvey survey = survey_pages(input, report, pages, [&](std::uint64_t index, ByteView page) -> PageOpinion {
    if (page.le16(18) == 0 && is_zero(page) && page.size() == page_bytes)
      return {.kind = RegionKind::zero, .fault = {}};
    const std::string_view fault = find_postgresql_page_fault(page, page_bytes, name.fork);
    if (!fault.empty()) return {.fault = fault};
    if (!sums_on || page.le16(8) == 0) return {};
    if (page.le16(8) != postgresql_page_sum(page, block_of(index))) return {.fault = "the checksum does not fit"};
    return {.kind = RegionKind::verified, .fault = {}};
  });
  const bool all_proven = survey.verified + survey.zero == survey.looked_at;
  report.reach = !survey.every_page ? Reach::frame : all_proven ? Reach::content : Reach::sampled;
  say_whole(report, survey, pages);
  return report;
}

}  // namespace

const Format k_postgresql_format = {.id = "postgresql",
                                    .title = "PostgreSQL table or index file",
                                    .family = Family::database,
                                    .claims = {},
                                    .recognise = recognise,
                                    .walk = walk};

}  // namespace lastgood::formats
