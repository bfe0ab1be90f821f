// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Microsoft SQL Server: data files (.mdf, .ndf), log files (.ldf), backups (.bak). Facts: Microsoft, "Pages and Extents
// Architecture Guide"; the page header as the server's DBCC PAGE prints it; "Microsoft Tape Format", 1.00a.
//
//   data   = page(8192)*; page 0 file header, 1 free space, 2 allocation map, 3 shared allocation map, 9 boot page
//   page   = version 1(1) type(1) ... number(4, at 32) file(2, at 36) LSN(10) ... checksum(4, at 60) records, slots
//   log    = page 0, then log blocks
//   backup = "TAPE" block with a sum over its header, then streams; or "MSSQLBAK" and compressed data
//
// Extents that the allocation map calls free may hold whatever the disk held before. The checksum counts when most
// pages that are well formed carry the right one.
#include "formats/sql_server/sql_server_walker.h"

#include <algorithm>
#include <array>
#include <bit>

#include <fmt/format.h>

#include "formats/pages/page_survey.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"mdf", Promise::loose}, NameClaim{"ndf", Promise::loose},
                                 NameClaim{"ldf", Promise::loose}, NameClaim{"bak", Promise::loose}};
constexpr std::uint64_t k_page_bytes = 8192;
constexpr std::uint64_t k_extent_pages = 8;
constexpr std::uint64_t k_map_every_pages = 511232;
constexpr std::uint8_t k_type_file_header = 15;
constexpr std::uint8_t k_type_free_space = 11;
constexpr std::uint8_t k_type_map = 8;

bool is_page(ByteView page, std::uint64_t number) {
  const std::uint8_t type = page.u8(1);
  return page.u8(0) == 1 && type >= 1 && type <= 20 && page.le32(32) == number && page.le16(30) <= k_page_bytes &&
         page.le16(28) <= k_page_bytes;
}

bool opens_data(ByteView head) { return is_page(head, 0) && head.u8(1) == k_type_file_header && head.size() >= 96; }

/// Sixteen-bit words of a tape block's header add up, by exclusive or, to its last word.
bool is_tape_block(ByteView head) {
  std::uint16_t sum = 0;
  for (std::uint64_t at = 0; at < 50; at += 2) sum = static_cast<std::uint16_t>(sum ^ head.le16(at));
  return head.matches(0, "TAPE") && sum == head.le16(50) && head.size() >= 52;
}

Likeness recognise(const Edges& edges) {
  if (edges.head.matches(0, "MSSQLBAK") || is_tape_block(edges.head)) return Likeness::strong;
  if (!opens_data(edges.head)) return Likeness::none;
  const ByteView second = edges.head.part(k_page_bytes);
  return is_page(second, 1) && second.u8(1) == k_type_free_space ? Likeness::strong : Likeness::weak;
}

/// The sum as others worked it out: each sector's words by exclusive or, turned left by 15 less the sector's number.
std::uint32_t page_sum(ByteView page) {
  constexpr std::uint64_t k_sum_at = 60;
  std::uint32_t sum = 0;
  for (std::uint64_t sector = 0; sector < 16; ++sector) {
    std::uint32_t words = 0;
    for (std::uint64_t at = sector * 512; at < (sector + 1) * 512; at += 4) words ^= at == k_sum_at ? 0 : page.le32(at);
    sum ^= std::rotl(words, static_cast<int>(15 - sector));
  }
  return sum;
}

bool are_sums_on(WalkInput& input, std::uint64_t pages) {
  constexpr std::uint64_t k_asked_max = 16;
  std::uint64_t formed = 0;
  std::uint64_t fitting = 0;
  const std::uint64_t asked = std::min(k_asked_max, pages);
  for (std::uint64_t i = 0; i < asked && input.may_continue(); ++i) {
    const std::uint64_t number = i * pages / asked;
    const ByteView page = input.at(number * k_page_bytes, k_page_bytes);
    if (!is_page(page, number) || page.le32(60) == 0) continue;
    ++formed;
    if (page_sum(page) == page.le32(60)) ++fitting;
  }
  return fitting > 1 && fitting * 2 >= formed;
}

/// Does the allocation map call the page's extent free? False when the map itself does not fit.
bool is_free(WalkInput& input, std::uint64_t number) {
  const std::uint64_t map_number = number < k_map_every_pages ? 2 : number / k_map_every_pages * k_map_every_pages;
  const std::uint64_t bit = number % k_map_every_pages / k_extent_pages;
  const ByteView map = input.at(map_number * k_page_bytes, k_page_bytes);
  if (!is_page(map, map_number) || map.u8(1) != k_type_map) return false;
  const std::uint64_t bits_at =
      std::uint64_t{map.le16(k_page_bytes - 4)} + 4;  // the second slot's record, behind its header
  return bits_at + bit / 8 < k_page_bytes && (map.u8(bits_at + bit / 8) >> (bit % 8) & 1) != 0;
}

void walk_pages(WalkInput& input, WalkReport& report) {
  const PageLayout pages{
      .page_bytes = k_page_bytes, .page_count = input.size_bytes() / k_page_bytes, .rule = "sql-server.page"};
  report.end_bytes = pages.page_count * k_page_bytes;
  const bool sums_on = are_sums_on(input, pages.page_count);
  const PageSurvey survey = survey_pages(input, report, pages, [&](std::uint64_t number, ByteView page) -> PageOpinion {
    const bool is_zero =
        page.le64(0) == 0 && std::all_of(page.begin(), page.end(), [](std::uint8_t byte) { return byte == 0; });
    if (is_zero) return {.kind = RegionKind::zero, .fault = {}};
    const bool fits = page.size() == k_page_bytes && is_page(page, number);
    const bool is_proven = fits && sums_on && page_sum(page) == page.le32(60);
    if (is_proven) return {.kind = RegionKind::verified, .fault = {}};
    const bool is_unproven = sums_on && page.le32(60) != 0;
    if (fits && !is_unproven) return {};
    if (is_free(input, number)) return {.kind = RegionKind::compressed, .fault = {}};
    return {.fault = fits ? "the checksum does not fit" : "the page header is not that of its place"};
  });
  report.reach = survey.every_page && survey.verified + survey.zero == survey.looked_at ? Reach::content : Reach::frame;
  if (report.shape == Shape::whole) {
    report.holds("sql-server.pages", fmt::format("{} carry the number of their place, {} unused, {} proven by checksum",
                                                 pages_looked_at(survey, pages), survey.zero, survey.verified));
  }
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  report.shape = Shape::whole;
  if (head.matches(0, "MSSQLBAK") || is_tape_block(head)) {
    const bool is_compressed = !head.matches(0, "TAPE");
    report.format = is_compressed ? "sql_server_backup_compressed" : "tape_backup";
    report.region(0, std::min<std::uint64_t>(52, input.size_bytes()), RegionKind::structured);
    if (is_compressed) report.region(4096, input.size_bytes(), RegionKind::compressed);
    report.holds("sql-server.backup",
                 is_compressed ? "the magic of a compressed backup" : "the first block's header adds up");
    return report;
  }
  if (!opens_data(head)) return {};
  const ByteView second = input.at(k_page_bytes, k_page_bytes);
  const bool has_log_name = input.name().ends_with(".ldf") || input.name().ends_with(".LDF");
  if (has_log_name && !(is_page(second, 1) && second.u8(1) == k_type_free_space)) {
    report.format = "sql_server_log";
    report.region(0, k_page_bytes, RegionKind::structured);
    report.holds("sql-server.log", "the first page is the file header of a log");
    return report;
  }
  walk_pages(input, report);
  return report;
}

}  // namespace

const Format k_sql_server_format = {.id = "sql_server",
                                    .title = "SQL Server file",
                                    .family = Family::database,
                                    .claims = k_claims,
                                    .recognise = recognise,
                                    .walk = walk};

}  // namespace lastgood::formats
